import type { Effect, EffectKind } from '../../src/action/effect.ts';

/** Counts for what reaches everything that is watched: a connector, a control, a rule. */
export const ALL_WATCHED = 1_000_000;

export function change(kind: EffectKind, more: Partial<Effect> = {}): Effect {
  return { kind, reversible: 'no', external: false, privileged: false, count: 1, ...more };
}
