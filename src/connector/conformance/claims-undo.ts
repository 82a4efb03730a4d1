import type { Effect } from '../../action/effect.ts';
import type { WriteOperation } from '../contract.ts';

/** Whether it says that an operation takes this back. What only reads leaves nothing, and a batch is taken back part by part. */
export function claimsUndo({ batch }: WriteOperation, { kind, reversible }: Effect): boolean {
  return batch === undefined && kind !== 'read' && reversible === 'operation';
}
