import type { Effect, EffectKind } from '../../src/action/effect.ts';

/** Counts for what reaches an unknown number of people: a group, an application, a policy, consent for everybody. */
export const WHOLE_TENANT = 1_000_000;

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
