import type { Effect, EffectKind } from '../../src/action/effect.ts';

/** Counts for what reaches all traffic of an API: nobody can say how many callers that is. */
export const ALL_TRAFFIC = 1_000_000;

interface Change {
  readonly reversible?: Effect['reversible'];
  readonly external?: boolean;
  readonly privileged?: boolean;
  readonly count?: number;
}

/** What a change of the gateway does: privileged, and for good, unless it says otherwise. */
export function change(
  kind: EffectKind,
  { reversible = 'no', external = false, privileged = true, count = 1 }: Change = {},
): Effect {
  return { kind, reversible, external, privileged, count };
}
