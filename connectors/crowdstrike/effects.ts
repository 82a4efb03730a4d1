import type { Effect, EffectKind } from '../../src/action/effect.ts';

/** For what reaches an unknown number of hosts: a policy, an indicator, a filter. No budget for single hosts holds one. */
export const FLEET = 1_000_000;

/** An effect on the defence of the organisation: privileged and inside it. */
export function change(
  kind: EffectKind,
  reversible: Effect['reversible'],
  more: Partial<Pick<Effect, 'external' | 'privileged' | 'count'>> = {},
): Effect {
  return { kind, reversible, external: false, privileged: true, count: 1, ...more };
}
