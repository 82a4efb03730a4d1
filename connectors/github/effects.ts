import type { Effect, EffectKind } from '../../src/action/effect.ts';

interface Change {
  readonly reversible?: Effect['reversible'];
  readonly external?: boolean;
  readonly privileged?: boolean;
}

/** What a call does: whether a repository is public the input does not say, so what it writes counts as seen outside. */
export function change(
  kind: EffectKind,
  { reversible = 'no', external = true, privileged = false }: Change = {},
): Effect {
  return { kind, reversible, external, privileged, count: 1 };
}

export const rights = (reversible: Effect['reversible'] = 'no', external = true): Effect =>
  change('privilege', { reversible, external, privileged: true });
