/** A worker in a process of its own: `node worker-process.ts '{"url":…,"prefix":…,…}'`. Says `ready`; SIGTERM drains it. */
import { setTimeout as pause } from 'node:timers/promises';
import { Registry } from '../../src/connector/registry.ts';
import { startEnrichmentWorker } from '../../src/enrich/bullmq/start-enrichment-worker.ts';
import { type Clock, systemClock } from '../../src/lib/clock.ts';
import { directoryConnector, SYSTEM } from './directory-connector.ts';
import { openSite } from './queue-site.ts';

export interface WorkerSettings {
  readonly url: string;
  readonly prefix: string;
  readonly lockMs: number;
  readonly concurrency: number;
  /** How long a look-up takes, or the address that is asked, by a POST of the person's id. */
  readonly directory: number | string;
  /** Milliseconds that this machine's clock is ahead of the others'. */
  readonly aheadMs?: number | undefined;
}

const given: WorkerSettings = JSON.parse(process.argv[2] ?? '');
const { url, prefix, lockMs, concurrency, directory, aheadMs = 0 } = given;
const clock: Clock = { ...systemClock, now: () => Date.now() + aheadMs };

async function ask(person: string): Promise<string> {
  if (typeof directory === 'string') return (await fetch(directory, { method: 'POST', body: person })).text();
  await pause(directory);
  return `of ${person}`;
}

const registry = await Registry.connect([{ system: SYSTEM, connector: directoryConnector(ask), settings: {} }], {
  clock,
  baseDirectory: '.',
  log: () => undefined,
});
const { log, workflows } = await openSite({ url, prefix }, clock);
const worker = startEnrichmentWorker({
  redis: { url, prefix },
  lookups: registry.lookups(),
  workflows,
  clock,
  chance: Math.random,
  concurrency,
  perSecond: () => 1_000_000,
  lockMs,
  alarm: (message, error) => console.error(`${message}: ${error.code}: ${error.message}`),
});
process.once('SIGTERM', async () => {
  await worker.close();
  await log.close();
  process.exit(0);
});
console.log('ready');
