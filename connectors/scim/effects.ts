import type { Effect, EffectKind } from '../../src/action/effect.ts';

interface Change {
  readonly reversible: Effect['reversible'];
  readonly privileged?: boolean;
  readonly external?: boolean;
  readonly count?: number;
}

/** An effect on the directory: privileged and inside the organisation unless it says otherwise. */
export function change(
  kind: EffectKind,
  { reversible, privileged = true, external = false, count = 1 }: Change,
): Effect {
  return { kind, reversible, external, privileged, count };
}
