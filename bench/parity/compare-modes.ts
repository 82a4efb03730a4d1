import type { Suite } from '../agentdojo/replay-runs.ts';
import { type Comparison, compare } from './compare.ts';
import { BASE, type Fleet, MODES, type Mode, openFleet } from './fleet.ts';
import { Performance } from './perform.ts';
import type { Scenario } from './scenario.ts';
import type { Transcript } from './transcript.ts';

export interface Comparing {
  readonly suite: Suite;
  readonly scenarios: readonly Scenario[];
  readonly redisUrl: string;
  /** Between a gateway and its log; tests break it here. */
  readonly logFor?: Parameters<typeof openFleet>[0]['logFor'];
}

export interface Compared {
  /** What each other mode made of the scenarios beside the first. */
  readonly comparisons: ReadonlyMap<Mode, Comparison>;
  readonly base: Transcript;
}

let fleets = 0;

/** Plays the same scenarios in every mode, each on an empty log, and compares all that comes of them. */
export async function compareModes(comparing: Comparing): Promise<Compared> {
  const base = await playIn(BASE, comparing);
  const comparisons = new Map<Mode, Comparison>();
  for (const mode of Object.keys(MODES) as Mode[]) // they are its keys
    if (mode !== BASE) comparisons.set(mode, compare(base, await playIn(mode, comparing)));
  return { comparisons, base };
}

async function playIn(mode: Mode, { suite, scenarios, redisUrl, logFor }: Comparing): Promise<Transcript> {
  const redis = { url: redisUrl, prefix: `parity${++fleets}` };
  const fleet: Fleet = await openFleet({ suite, mode, redis, logFor });
  try {
    const performance = new Performance(fleet);
    for (const scenario of scenarios) await performance.play(scenario);
    return await performance.end();
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`${mode}: ${why} The gateways said: ${fleet.alarms.join(' ') || 'nothing'}`, { cause });
  } finally {
    await fleet.close();
  }
}
