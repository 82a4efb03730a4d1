import type { Effect, EffectKind } from '../../src/action/effect.ts';

/** Counts for all that hangs on something: how much that is the input does not say. */
export const ALL_OF_IT = 1_000_000;

interface Change {
  readonly reversible?: Effect['reversible'];
  readonly external?: boolean;
  readonly privileged?: boolean;
  readonly count?: number;
}

export function change(
  kind: EffectKind,
  { reversible = 'no', external = false, privileged = false, count = 1 }: Change = {},
): Effect {
  return { kind, reversible, external, privileged, count };
}

export const rights = (more: Change = {}): Effect => change('privilege', { privileged: true, ...more });

/** Mails go to watchers, who may be customers. */
export const told = (): Effect => change('communicate', { external: true });
