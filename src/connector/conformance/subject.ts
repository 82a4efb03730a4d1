import { type Clock, systemClock } from '../../lib/clock.ts';
import type { JsonObject } from '../../lib/json.ts';
import type {
  AnyConnector,
  AnyOperation,
  ConnectedSystem,
  Enricher,
  ExecutionResult,
  HttpClientOptions,
} from '../contract.ts';
import { Registry } from '../registry.ts';
import type { ConformanceFixtures, ConformanceSample } from './fixtures.ts';
import type { WireCall } from './wire.ts';
import { wordsOf } from './words-of.ts';
import { openWorld, type World } from './world.ts';

/** One sample as it went on a freshly simulated system that nothing disturbed. */
export interface Trace {
  readonly sample: ConformanceSample;
  readonly definition: AnyOperation;
  readonly result: ExecutionResult;
  /** Those of the sample itself, without what came before it. */
  readonly calls: readonly WireCall[];
  readonly effects: readonly string[];
  /** The number of the first of `calls` that had an effect. */
  readonly effectAt: number | undefined;
  readonly settings: World['settings'];
}

/** What the checks are run on: a connector, its fixtures, and simulated systems of their own. */
export interface Subject {
  readonly connector: AnyConnector;
  readonly fixtures: ConformanceFixtures;
  readonly baseDirectory: string;
  readonly lastDescriptor: JsonObject | undefined;
  /** As declared, without any call. */
  readonly operations: readonly AnyOperation[];
  readonly labels: readonly string[];
  readonly enrichers: readonly Enricher[];
  /** How it reads refusals; undefined where it does not speak through the shared client. */
  readonly failureOf: HttpClientOptions['failureOf'] | undefined;
  /** Runs `work` on a fresh simulated system. */
  world<T>(work: (world: World) => Promise<T>, clock?: Clock): Promise<T>;
  /** Samples that take part in this check. */
  samples(check: string): readonly ConformanceSample[];
  samplesWithout(check: string): readonly { readonly operation: string; readonly reason: string }[];
  /** Each sample is run once, whoever asks first. Throws what the connector throws. */
  trace(sample: ConformanceSample): Promise<Trace>;
}

export interface SubjectOptions {
  readonly connector: AnyConnector;
  readonly fixtures: ConformanceFixtures;
  /** Where relative paths in settings start; default: the working directory. */
  readonly baseDirectory?: string | undefined;
  /** What the connector last said of itself, as `descriptor.json` keeps it. */
  readonly lastDescriptor?: JsonObject | undefined;
}

/** Connects the connector once for what it declares. Throws CONNECTOR_INVALID. */
export async function openSubject(options: SubjectOptions): Promise<Subject> {
  const { connector, fixtures, baseDirectory = '.', lastDescriptor } = options;
  const declared = await declarationOf({ connector, fixtures, baseDirectory });
  const world: Subject['world'] = async (work, clock) => {
    const opened = await openWorld(connector, { baseDirectory, clock });
    try {
      return await work(opened);
    } finally {
      await opened.close();
    }
  };
  const traces = new Map<ConformanceSample, Promise<Trace>>();
  return {
    connector,
    fixtures,
    baseDirectory,
    lastDescriptor,
    ...declared,
    world,
    samples: (check) => fixtures.samples.filter(({ bypass }) => bypass?.[check] === undefined),
    samplesWithout: (check) =>
      fixtures.samples.flatMap(({ operation, bypass }) => {
        const reason = bypass?.[check];
        return reason === undefined ? [] : [{ operation, reason }];
      }),
    trace(sample) {
      const known = traces.get(sample) ?? world((opened) => traceOf(sample, opened));
      traces.set(sample, known);
      return known;
    },
  };
}

type Declaration = Pick<Subject, 'operations' | 'labels' | 'enrichers' | 'failureOf'>;

async function declarationOf({
  connector,
  fixtures,
  baseDirectory,
}: SubjectOptions & { readonly baseDirectory: string }): Promise<Declaration> {
  let connected: ConnectedSystem | undefined;
  const watched: AnyConnector = {
    ...connector,
    async connect(settings, environment) {
      connected = await connector.connect(settings, environment);
      return connected;
    },
  };
  const read = (registry: Registry): Declaration => ({
    operations: [...registry.all()].map(({ definition }) => definition),
    labels: registry.catalog.labels,
    enrichers: connected?.enrichers ?? [],
    failureOf: connected?.http?.failureOf,
  });
  if (connector.simulate !== undefined) {
    const world = await openWorld(watched, { baseDirectory });
    return Promise.resolve(read(world.registry)).finally(() => world.close());
  }
  const instance = { system: connector.system, connector: watched, settings: fixtures.settings ?? {} };
  const registry = await Registry.connect([instance], { clock: systemClock, baseDirectory, log: () => undefined });
  return Promise.resolve(read(registry)).finally(() => registry.close());
}

/** Runs what must come before a sample. Throws an error that says what did not succeed. */
export async function prepare({ after = [], operation }: ConformanceSample, world: World): Promise<void> {
  for (const [index, call] of after.entries()) {
    const result = await world.run(call, { actionId: `il-conformance-before-${index}` });
    if (result.status !== 'succeeded' && result.status !== 'accepted')
      throw new Error(`${operation}: ${call.operation} before it did not succeed: ${JSON.stringify(result)}`);
  }
}

async function traceOf(sample: ConformanceSample, world: World): Promise<Trace> {
  await prepare(sample, world);
  const callsBefore = world.wire.calls.length;
  const effectsBefore = world.effects().length;
  const result = await world.run(sample).catch((thrown: unknown) => {
    throw new Error(`${sample.operation}: ${wordsOf(thrown)}`, { cause: thrown });
  });
  const calls = world.wire.calls.slice(callsBefore);
  const effectAt = calls.findIndex(({ effects }) => effects > 0);
  return {
    sample,
    definition: world.operation(sample.operation),
    result,
    calls,
    effects: world.effects().slice(effectsBefore),
    effectAt: effectAt < 0 ? undefined : effectAt,
    settings: world.settings,
  };
}
