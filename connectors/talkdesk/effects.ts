import type { Effect, EffectKind } from '../../src/action/effect.ts';

/** Counts for a dialler at work: how many people it calls the input does not say. */
export const EVERYBODY_LISTED = 1_000_000;

export function change(kind: EffectKind, more: Partial<Effect> = {}): Effect {
  return { kind, reversible: 'no', external: false, privileged: false, count: 1, ...more };
}
