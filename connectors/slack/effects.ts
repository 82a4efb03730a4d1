import type { Effect, EffectKind } from '../../src/action/effect.ts';

/** Counts for a call to everybody: how many that are the input does not say. */
export const EVERYBODY = 1_000_000;

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

/** `@channel`, `@here` and `@everyone`, as Slack writes them and as people do, and mentions of whole groups. */
const CALLS_ALL = /<!(?:channel|here|everyone|subteam)|(?:^|[^\w])@(?:channel|here|everyone)\b/i;

/**
 * What is said in a channel. Whether another company shares the channel the input does not say, so it counts as seen
 * outside; so does a link, which Slack's servers open to show a preview.
 */
export function saying(text: string): Effect {
  return change('communicate', { external: true, count: CALLS_ALL.test(text) ? EVERYBODY : 1 });
}
