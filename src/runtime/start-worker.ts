import type { AddressInfo } from 'node:net';
import type { StreamId, WorkflowLog } from '../action/log-port.ts';
import { Registry } from '../connector/registry.ts';
import { type OpenQueues, openQueues } from '../enrich/bullmq/open-queue.ts';
import { type EnrichmentWorker, startEnrichmentWorker } from '../enrich/bullmq/start-enrichment-worker.ts';
import { workerMetrics } from '../enrich/bullmq/worker-metrics.ts';
import { authenticate } from '../gate/callers.ts';
import type { Interlock } from '../gate/interlock.ts';
import type { LedgerDrain } from '../ledger/postgres/ledger-drain.ts';
import { type Clock, systemClock } from '../lib/clock.ts';
import { asInterlockError, InterlockError } from '../lib/errors.ts';
import { randomIds } from '../lib/ids.ts';
import { createWorkerSurface } from '../surface/http/create-worker-surface.ts';
import { Signals } from '../workflow/signals/signals.ts';
import { Workflows } from '../workflow/workflows.ts';
import type { Config } from './config.ts';
import { ledgerDrainFrom } from './drain-ledger.ts';
import { letSleep } from './let-sleep.ts';
import { createLogger, type Logger } from './logger.ts';
import { openRedisLog } from './open-redis-log.ts';
import { redisAddress } from './redis-address.ts';
import { configuredConnectors, connectorEnvironment, operatorsOf } from './start-gateway.ts';
import { startTelemetry } from './telemetry.ts';

export interface WorkerOptions {
  readonly config: Config;
  /** Where `env:` references are looked up. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly logger?: Logger | undefined;
}

export interface RunningWorker {
  /** `http://host:port`, where it says how it is. */
  readonly url: string;
  /** Takes no more jobs, lets those that run end, and ends. */
  close(): Promise<void>;
}

/**
 * A process beside the gateways: it looks up facts, and drains the log into the ledger where the configuration names one.
 * As many as one likes share the work. Throws CONFIG_INVALID where the configuration names no Redis, and what connecting
 * throws.
 */
export async function startWorker({
  config,
  environment,
  logger = createLogger('info'),
}: WorkerOptions): Promise<RunningWorker> {
  const { redis, baseDirectory, enrich } = config;
  if (redis === undefined)
    throw new InterlockError('CONFIG_INVALID', 'a worker shares its work with gateways over Redis: set redis.url');
  const address = redisAddress(redis, { environment, baseDirectory });
  const clock = systemClock;
  const place = { ...address, prefix: redis.prefix };
  const { boardTenant } = config.worker;
  const parts: Started = {};
  const telemetry = config.telemetry === undefined ? undefined : await startTelemetry(config.telemetry);
  const close = async (): Promise<void> => {
    await parts.board?.close();
    await parts.health?.close();
    await parts.sleep?.close();
    await parts.lookups?.close();
    await parts.drain?.close();
    await parts.log?.close();
    await parts.registry?.close();
    await telemetry?.close();
  };
  try {
    const instances = await configuredConnectors({ config, environment });
    const registry = await Registry.connect(instances, connectorEnvironment(config, clock, logger));
    parts.registry = registry;
    const { log, archive } = await openRedisLog(config, environment);
    parts.log = log;
    const signals = new Signals(log, (tenant) => workflows.underway(tenant));
    const workflows: Workflows = new Workflows({ log, clock, ids: randomIds(), follower: signals });
    const alarm = (message: string, error: InterlockError): void =>
      logger.error({ code: error.code, detail: error.message }, message);
    parts.lookups = startEnrichmentWorker({
      lookups: registry.lookups(),
      workflows,
      clock,
      redis: place,
      concurrency: enrich.concurrency,
      chance: Math.random,
      alarm,
    });
    if (config.ledger !== undefined && log.shared !== undefined) {
      const { shared } = log;
      const onLost = (stream: StreamId, why: string): Promise<void> => shared.lose(stream, why);
      parts.drain = await ledgerDrainFrom({ source: shared.source, log, onLost }, { config, environment, logger });
      parts.drain.start();
    }
    if (archive !== undefined && log.shared !== undefined) {
      const { shared } = log;
      const before = (): number => clock.now() - redis.dormantAfterMs;
      parts.sleep = everyNowAndThen(clock, SLEEP_EVERY_MS, () => letSleep(shared, { archive, before: before() }));
    }
    parts.health = everyNowAndThen(
      clock,
      HEALTH_EVERY_MS,
      healthIn(logger, () => ready({ ...parts, log })),
    );
    if (boardTenant !== undefined) parts.board = await openQueues(place, Object.keys(config.connectors), clock);
    const operators = operatorsOf({ config });
    const http = await createWorkerSurface({
      authenticate: (bearer) => authenticate(bearer, { workflows, operators }),
      ready: () => ready({ ...parts, log }),
      metrics: () => metricsOf(parts),
      board: parts.board && boardTenant ? { tenant: boardTenant, queues: parts.board.queues } : undefined,
      logger,
    });
    const { host } = config.listen;
    await http.listen({ host, port: config.worker.port }).catch((cause: NodeJS.ErrnoException) => {
      throw new InterlockError('ADDRESS_UNAVAILABLE', `${host}:${config.worker.port} cannot be listened on`, { cause });
    });
    const { port } = http.server.address() as AddressInfo; // it listens on TCP, so this is its address
    return {
      url: `http://${host.includes(':') ? `[${host}]` : host}:${port}`,
      close: async () => {
        await http.close();
        await close();
      },
    };
  } catch (thrown) {
    await close();
    throw thrown;
  }
}

interface Started {
  registry?: Registry;
  log?: WorkflowLog;
  lookups?: EnrichmentWorker;
  drain?: LedgerDrain;
  board?: OpenQueues;
  sleep?: Repeated;
  health?: Repeated;
}

interface Repeated {
  close(): Promise<void>;
}

/** Milliseconds between two looks at what may leave Redis, and at whether this process can work. */
const SLEEP_EVERY_MS = 60_000;
const HEALTH_EVERY_MS = 5_000;

/** Looks whether the process can work, and logs when that changes. */
function healthIn(logger: Logger, look: () => Promise<void>): () => Promise<void> {
  let isWell = true;
  return async () => {
    const wrong = await look().then(() => undefined, asInterlockError);
    if (wrong !== undefined && isWell)
      logger.error({ code: wrong.code, detail: wrong.message }, 'the worker cannot work');
    if (wrong === undefined && !isWell) logger.info('the worker works again');
    isWell = wrong === undefined;
  };
}

/** What fails is tried again at the next look. */
function everyNowAndThen(clock: Clock, everyMs: number, work: () => Promise<unknown>): Repeated {
  let current: Promise<unknown> = Promise.resolve();
  let isClosed = false;
  const look = (): void => {
    current = work()
      .catch(() => undefined)
      .then(() => {
        if (!isClosed) cancel = clock.after(everyMs, look);
      });
  };
  let cancel = clock.after(everyMs, look);
  return {
    close: async () => {
      isClosed = true;
      cancel();
      await current;
    },
  };
}

interface Working {
  readonly log: WorkflowLog;
  readonly lookups?: EnrichmentWorker;
  readonly drain?: LedgerDrain;
}

async function ready({ log, lookups, drain }: Working): Promise<void> {
  const wrong = (await log.failure?.()) ?? lookups?.failure ?? drain?.failure();
  if (wrong !== undefined) throw wrong;
}

/** Of what this process does, and of the queues as it last saw them. */
function metricsOf({ lookups, drain }: Partial<Working>): ReturnType<Interlock['metrics']> {
  const ledger = drain?.status();
  return [
    ...(lookups === undefined ? [] : workerMetrics(lookups)),
    ...(ledger === undefined
      ? []
      : ([
          {
            name: 'interlock_ledger_events_total',
            help: 'Events that this process has put into the ledger.',
            type: 'counter',
            samples: [{ labels: {}, value: ledger.events }],
          },
          {
            name: 'interlock_ledger_refusals_total',
            help: 'Places where a workflow does not continue what the ledger has of it; each deserves a look.',
            type: 'counter',
            samples: [{ labels: {}, value: ledger.refusals }],
          },
          {
            name: 'interlock_ledger_lag_seconds',
            help: 'How long ago the ledger had everything that the log had; 0 where it has it now.',
            type: 'gauge',
            samples: [{ labels: {}, value: ledger.lagMs / 1_000 }],
          },
        ] as const)),
  ];
}
