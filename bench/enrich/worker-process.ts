/** A worker in a process of its own: `node worker-process.ts '{"url":…,"prefix":…,…}'`. Says `ready`; SIGTERM drains it. */
import { Registry } from '../../src/connector/registry.ts';
import { startEnrichmentWorker } from '../../src/enrich/bullmq/start-enrichment-worker.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { directoryConnector, SYSTEM } from './directory-connector.ts';
import { openSite } from './queue-site.ts';

export interface WorkerSettings {
  readonly url: string;
  readonly prefix: string;
  readonly lockMs: number;
  readonly fetchMs: number;
  readonly concurrency: number;
}

const given: WorkerSettings = JSON.parse(process.argv[2] ?? '');
const { url, prefix, lockMs, fetchMs, concurrency } = given;
const registry = await Registry.connect([{ system: SYSTEM, connector: directoryConnector(fetchMs), settings: {} }], {
  clock: systemClock,
  baseDirectory: '.',
  log: () => undefined,
});
const { log, workflows } = await openSite({ url, prefix });
const worker = startEnrichmentWorker({
  redis: { url, prefix },
  lookups: registry.lookups(),
  workflows,
  clock: systemClock,
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
