import { setTimeout as pause } from 'node:timers/promises';
import { BullQueue } from '../../src/enrich/bullmq/bull-queue.ts';
import { connectHasty } from '../../src/enrich/bullmq/connect.ts';
import { openQueue } from '../../src/enrich/bullmq/open-queue.ts';
import { whenReady } from '../../src/enrich/bullmq/when-ready.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { FACT, PERSON, SYSTEM } from './directory-connector.ts';
import { openSite, openWorkflows, TENANT, workflowName } from './queue-site.ts';
import { WorkerFleet } from './worker-fleet.ts';

export interface KillRun {
  readonly url: string;
  readonly prefix: string;
  readonly jobs: number;
  readonly killEveryMs: number;
  readonly onProgress?: ((text: string) => void) | undefined;
}

export interface KillRunResult {
  readonly kills: number;
  readonly seconds: number;
  /** Workflows by how many times the fact is in their log. */
  readonly once: number;
  readonly twice: number;
  readonly lost: number;
  readonly dead: number;
}

/** Each lives for some seconds, one of them to start. */
const WORKERS = 4;
const LOCK_MS = 1_000;
const FETCH_MS = 20;
const CONCURRENCY = 8;
const LOOK_MS = 100;
const UNFINISHED = ['waiting', 'active', 'delayed'] as const;

/** One look-up for each of so many workflows, while a worker process is killed by the clock; then what the log says. */
export async function runWithKills({ url, prefix, jobs, killEveryMs, onProgress }: KillRun): Promise<KillRunResult> {
  const redis = { url, prefix };
  const site = await openSite(redis);
  const alarm = (message: string): void => onProgress?.(message);
  const queue = new BullQueue({ redis, systemOf: () => SYSTEM, clock: systemClock, alarm });
  const settings = { url, prefix, lockMs: LOCK_MS, directory: FETCH_MS, concurrency: CONCURRENCY };
  const fleet = await WorkerFleet.start(WORKERS, settings);
  const connection = connectHasty(redis);
  await whenReady(connection, systemClock);
  const inRedis = openQueue(connection, redis, SYSTEM);
  let killing = Promise.resolve();
  let isKilling = false;
  try {
    await openWorkflows(site, jobs);
    const start = performance.now();
    for (let n = 0; n < jobs; n++)
      queue.add({
        stream: { tenant: TENANT, workflow: workflowName(n) },
        fact: FACT,
        subject: { type: PERSON, id: `person-${n}` },
        anew: false,
      });
    let nextKill = start + killEveryMs;
    for (
      let left = jobs;
      left > 0 || queue.counts.waiting > 0;
      left = await inRedis.getJobCountByTypes(...UNFINISHED)
    ) {
      // Where the machine is busy, the one before is not up yet: without a pause none would ever come to work.
      if (performance.now() >= nextKill && !isKilling) {
        nextKill = performance.now() + killEveryMs;
        isKilling = true;
        killing = fleet.killOldest().finally(() => {
          isKilling = false;
        });
        killing.catch(() => undefined);
        onProgress?.(`${left} left after ${fleet.kills} kills`);
      }
      await pause(LOOK_MS);
    }
    const seconds = (performance.now() - start) / 1_000;
    await killing;
    const dead = await inRedis.getFailedCount();
    return { kills: fleet.kills, seconds, dead, ...(await countFacts(site, jobs)) };
  } finally {
    await fleet.stop();
    await inRedis.close();
    connection.disconnect();
    await queue.close();
    await site.log.close();
  }
}

async function countFacts({ log }: Awaited<ReturnType<typeof openSite>>, jobs: number) {
  const count = { once: 0, twice: 0, lost: 0 };
  for (let n = 0; n < jobs; n++) {
    const events = await log.read({ tenant: TENANT, workflow: workflowName(n) });
    const facts = events.filter(({ type }) => type === 'fact.observed').length;
    if (facts === 0) count.lost += 1;
    else if (facts === 1) count.once += 1;
    else count.twice += 1;
  }
  return count;
}
