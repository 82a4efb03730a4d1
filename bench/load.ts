import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hasRedis } from '../test/support/redis-server.ts';
import type { BenchOptions } from './bench-options.ts';
import { COLD_POLICIES } from './cold/cold-options.ts';
import { type Offer, type Offered, offer } from './load/offer.ts';
import { openEmbedded, openRedis, type Site } from './load/sites.ts';
import { type Row, ratioOf, summarise } from './row.ts';

interface Plan {
  readonly rates: readonly number[];
  readonly forMs: number;
  readonly rounds: number;
  readonly workflows: readonly number[];
}

const FULL: Plan = { rates: [100, 300, 1_000, 2_000], forMs: 1_500, rounds: 2, workflows: [1, 10, 1_000] };
const QUICK: Plan = { rates: [200], forMs: 50, rounds: 1, workflows: [1, 10] };

/** A Redis holds all in memory; a thousand workflows of 500 events are for the embedded log only. */
const MOST_IN_REDIS = 10;

/**
 * Decisions that come by the clock over few and many workflows, with a thousand policies, each durable before its
 * answer; beside the bare appends of the same row by the same clock, taking turns.
 */
export async function* benchLoad({
  directory = tmpdir(),
  quick = false,
  onProgress,
  onNote,
}: BenchOptions): AsyncGenerator<Row> {
  const plan = quick ? QUICK : FULL;
  const inRedis = { ...plan, workflows: plan.workflows.filter((count) => count <= MOST_IN_REDIS) };
  const modes = [
    { mode: 'embedded', open: openEmbedded, plan },
    ...(hasRedis ? [{ mode: 'Redis, appendfsync always', open: openRedis, plan: inRedis }] : []),
  ];
  onNote?.(`${COLD_POLICIES} policies are in force; over Redis at most ${MOST_IN_REDIS} workflows`);
  if (!hasRedis) onNote?.('without redis-server: install it, or name yours in REDIS_SERVER_PATH');
  for (const { mode, open, plan } of modes) {
    const folder = mkdtempSync(join(directory, 'interlock-bench-'));
    const site = await open(folder);
    try {
      const cells = plan.workflows.flatMap((workflows) => plan.rates.map((perSecond) => ({ workflows, perSecond })));
      for (const { workflows, perSecond } of cells) {
        onProgress?.(`${mode}, ${perSecond} a second over ${workflows} workflows`);
        const cell = { workflows, offered: { perSecond, forMs: plan.forMs } };
        const name = `${mode}, ${perSecond} a second over ${workflows} workflows`;
        yield* rowsOf(name, site.peer, await measure(site, cell, quick ? 1 : plan.rounds + 1));
      }
    } finally {
      await site.close();
      rmSync(folder, { recursive: true, force: true });
    }
  }
}

interface Measured {
  readonly ours: readonly Offered[];
  readonly floor: readonly Offered[];
}

/** The first of several rounds warms up and does not count. */
async function measure(
  { target, bare }: Site,
  { workflows, offered }: { readonly workflows: number; readonly offered: Offer },
  rounds: number,
): Promise<Measured> {
  const [ours, floor]: [Offered[], Offered[]] = [[], []];
  for (let round = 0; round < rounds; round++) {
    const turn = await target.open(workflows);
    const own = await offer(offered, turn.decide);
    const its = await offer(offered, (index) => bare(index % workflows));
    await turn.settle();
    if (round === 0 && rounds > 1) continue;
    ours.push(own);
    floor.push(its);
  }
  return { ours, floor };
}

function* rowsOf(name: string, bare: string, { ours, floor }: Measured): Generator<Row> {
  const [own, its] = [latencyOf(ours), latencyOf(floor)];
  const [ownName, peer] = [`decide, ${name}`, `${bare}, ${name}`];
  yield { bench: 'load', case: ownName, ...own, peer, ratio: ratioOf(own, its) };
  yield { bench: 'load', case: peer, ...its };
  yield single(`${ownName}: p99 ÷ that of the bare append`, 'times', own.p99 / its.p99);
  yield single(`${ownName}: p99.9`, 'ms', thousandth(ours));
  yield single(`${peer}: p99.9`, 'ms', thousandth(floor));
  yield { bench: 'load', case: `${ownName}: ${achieved(ours)}`, ...rateOf(ours) };
  yield { bench: 'load', case: `${peer}: ${achieved(floor)}`, ...rateOf(floor) };
  yield {
    bench: 'load',
    case: `${ownName}: begun late`,
    ...summarise(
      'ms',
      ours.flatMap(({ lateMs }) => lateMs),
    ),
  };
}

function latencyOf(offered: readonly Offered[]) {
  return summarise(
    'ms',
    offered.flatMap(({ latenciesMs }) => latenciesMs),
  );
}

function rateOf(offered: readonly Offered[]) {
  return summarise(
    'per second',
    offered.map((each) => each.achieved),
  );
}

function achieved(offered: readonly Offered[]): string {
  return offered.some(({ saturated }) => saturated) ? 'saturated at' : 'achieved';
}

function thousandth(offered: readonly Offered[]): number {
  const sorted = offered.flatMap(({ latenciesMs }) => latenciesMs).toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length * 0.999)] ?? Number.NaN;
}

function single(name: string, unit: Row['unit'], exact: number): Row {
  const value = Number(exact.toPrecision(3));
  return { bench: 'load', case: name, unit, median: value, p99: value, n: 1 };
}
