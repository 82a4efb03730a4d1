import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hasRedis, startRedis } from '../test/support/redis-server.ts';
import type { BenchOptions } from './bench-options.ts';
import { bareJobs } from './enrich/bare-jobs.ts';
import { Reader, startFactGateway } from './enrich/fact-gateway.ts';
import { runWithKills } from './enrich/kill-run.ts';
import { WorkerFleet } from './enrich/worker-fleet.ts';
import { type Row, ratioOf, summarise } from './row.ts';

/** Reads of each contender in a turn, turns, and look-ups of the run in which workers are killed. */
const FULL = { reads: 100, turns: 5, jobs: 10_000 };
const QUICK = { reads: 3, turns: 1, jobs: 100 };
const KILL_EVERY_MS = 1_000;
const EMBEDDED = 'fact seen, in process';
const OVER_REDIS = 'fact seen, over Redis by a worker elsewhere';
const BARE = 'one bare job of BullMQ';

/** From an action that has to wait for a fact until it was decided with it; and what killed workers lose and repeat. */
export async function* benchEnrich(options: BenchOptions = {}): AsyncGenerator<Row> {
  const { directory = tmpdir(), quick = false, onNote } = options;
  if (!hasRedis) {
    onNote?.('without redis-server: install it, or name yours in REDIS_SERVER_PATH');
    return;
  }
  const size = quick ? QUICK : FULL;
  const folder = mkdtempSync(join(directory, 'interlock-bench-'));
  try {
    yield* timeToFact(folder, size);
    yield* killedWorkers(size.jobs, options);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function* timeToFact(folder: string, { reads, turns }: typeof FULL): AsyncGenerator<Row> {
  const server = await startRedis();
  const redis = { url: server.url, prefix: 'il' };
  const fleet = await WorkerFleet.start(1, { ...redis, lockMs: 30_000, concurrency: 4, directory: 0 });
  const here = await startFactGateway(folder);
  const there = await startFactGateway(folder, { log: redis, queue: redis });
  const bare = bareJobs(redis);
  try {
    const readers = { [EMBEDDED]: await Reader.open(here), [OVER_REDIS]: await Reader.open(there) };
    const asks = new Map(Object.entries(readers).map(([name, reader]) => [name, () => reader.read()]));
    asks.set(BARE, () => bare.time());
    const times = new Map([...asks.keys()].map((name) => [name, [] as number[]]));
    // The first turn warms all up and does not count.
    for (let turn = 0; turn <= turns; turn++)
      for (const [name, ask] of asks)
        for (let n = 0; n < reads; n++) {
          const ms = await ask();
          if (turn > 0) times.get(name)?.push(ms);
        }
    const measured = (name: string) => summarise('ms', times.get(name) ?? []);
    const floor = measured(BARE);
    const whole = measured(OVER_REDIS);
    yield { bench: 'enrich', case: EMBEDDED, ...measured(EMBEDDED) };
    yield { bench: 'enrich', case: OVER_REDIS, ...whole, peer: BARE, ratio: ratioOf(whole, floor) };
    yield { bench: 'enrich', case: BARE, ...floor };
  } finally {
    await bare.close();
    await fleet.stop();
    await here.close();
    await there.close();
    await server.stop();
  }
}

async function* killedWorkers(jobs: number, { onNote, onProgress }: BenchOptions): AsyncGenerator<Row> {
  const server = await startRedis();
  try {
    const run = { url: server.url, prefix: 'il', jobs, killEveryMs: KILL_EVERY_MS, onProgress };
    const { kills, seconds, once, twice, lost, dead } = await runWithKills(run);
    const came = `${once} facts once in the log, ${twice} twice, ${lost} lost, ${dead} look-ups given up`;
    onNote?.(`${jobs} look-ups in ${seconds.toFixed(0)} s, ${kills} workers killed: ${came}`);
    if (once !== jobs) throw new Error(`Not each fact is in the log once: ${came}`);
    const rate = Number((jobs / seconds).toPrecision(3));
    const name = 'look-ups with a worker killed every second';
    yield { bench: 'enrich', case: name, unit: 'per second', median: rate, p99: rate, n: 1 };
  } finally {
    await server.stop();
  }
}
