import { isDeepStrictEqual } from 'node:util';
import type { Transcript } from './transcript.ts';

/** Where two modes differ: `…, agent 1, call 3: events[0].payload.decision: "allow", "deny"`. */
export interface Comparison {
  readonly actions: number;
  readonly different: number;
  /** Workflows, and those whose whole log is the same to the byte, hashes included. */
  readonly streams: number;
  readonly sameStreams: number;
  readonly differences: readonly string[];
}

/** Of one action or stream, so many differences are told. */
const TOLD = 3;

export function compare(base: Transcript, other: Transcript): Comparison {
  const actions = pairs(base.actions, other.actions);
  const streams = pairs(base.streams, other.streams);
  const acts = pairs(base.acts, other.acts);
  const different = actions.filter(isDifferent);
  const unlike = [...different, ...streams.filter(isDifferent), ...acts.filter(isDifferent)];
  return {
    actions: actions.length,
    different: different.length,
    streams: streams.length,
    sameStreams: streams.filter((pair) => !isDifferent(pair)).length,
    differences: unlike.flatMap(([path, one, two]) =>
      [...differencesIn(one, two, '')].slice(0, TOLD).map((each) => `${path}: ${each}`),
    ),
  };
}

type Pair = readonly [path: string, one: unknown, two: unknown];

function pairs(one: ReadonlyMap<string, unknown>, two: ReadonlyMap<string, unknown>): readonly Pair[] {
  return [...new Set([...one.keys(), ...two.keys()])].map((path) => [path, one.get(path), two.get(path)]);
}

function isDifferent([, one, two]: Pair): boolean {
  return !isDeepStrictEqual(one, two);
}

function* differencesIn(one: unknown, two: unknown, path: string): Generator<string> {
  if (isDeepStrictEqual(one, two)) return;
  if (typeof one !== 'object' || typeof two !== 'object' || one === null || two === null) {
    yield `${path.replace(/^\./, '')}: ${shown(one)}, ${shown(two)}`;
    return;
  }
  const [left, right] = [new Map(Object.entries(one)), new Map(Object.entries(two))];
  for (const key of new Set([...left.keys(), ...right.keys()]))
    yield* differencesIn(left.get(key), right.get(key), Array.isArray(one) ? `${path}[${key}]` : `${path}.${key}`);
}

const SHOWN = 120;

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
}
