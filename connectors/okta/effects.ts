import type { Effect, EffectKind } from '../../src/action/effect.ts';

/**
 * Counts for what reaches an unknown number of people: a group, an application, a policy. The input does not say how
 * many, so no budget that is meant for single accounts can hold one.
 */
export const WHOLE_ORG = 1_000_000;

/** The most members that a group with admin roles may have [doc: error codes, E0000193]. */
export const ADMIN_GROUP = 5_000;

interface Change {
  readonly reversible: Effect['reversible'];
  readonly external?: boolean;
  readonly privileged?: boolean;
  readonly count?: number;
}

/** An effect on the directory: privileged and inside the organisation unless it says otherwise. */
export function change(
  kind: EffectKind,
  { reversible, external = false, privileged = true, count = 1 }: Change,
): Effect {
  return { kind, reversible, external, privileged, count };
}
