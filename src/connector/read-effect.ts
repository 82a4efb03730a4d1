import type { Effect } from '../action/effect.ts';
import type { ReadOperation } from './contract.ts';

/** What an operation that only reads does to the world. */
export function readEffectOf({ external = false }: Pick<ReadOperation, 'external'>): Effect {
  return { kind: 'read', reversible: 'operation', external, privileged: false, count: 1 };
}
