import type { FactSubject, FactValue } from '../../action/fact.ts';
import type { Clock } from '../../lib/clock.ts';
import { isJsonObject, type Json, type JsonObject } from '../../lib/json.ts';
import type { AnyConnector, AnyOperation, ExecutionResult, ProbeResult, Simulator } from '../contract.ts';
import { Registry } from '../registry.ts';
import type { ConformanceCall } from './fixtures.ts';
import { createSkippingClock } from './skipping-clock.ts';
import { openWire, type Wire } from './wire.ts';

/** A connector bound to a fresh simulated system of its own, with everything between them in sight. */
export interface World {
  readonly registry: Registry;
  readonly wire: Wire;
  /** Every wait of the connector that was skipped, in milliseconds. */
  readonly waitsMs: readonly number[];
  /** What the connector was given. */
  readonly settings: JsonObject;
  /** What the connector logged, as JSON. */
  readonly logged: readonly string[];
  /** What the audit of the simulated system shows, in order. */
  effects(): readonly string[];
  operation(name: string): AnyOperation;
  run(call: ConformanceCall, options?: CallOptions): Promise<ExecutionResult>;
  /** Undefined where the operation has no read-back. */
  probe(call: ConformanceCall, options?: CallOptions): Promise<ProbeResult | undefined>;
  /** Undefined where the connector has no such enricher, or the system knows nothing of the subject. */
  lookUp(enricher: string, subject: FactSubject): Promise<FactValue | undefined>;
  close(): Promise<void>;
}

export interface CallOptions {
  readonly actionId?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly handle?: JsonObject | undefined;
}

const ACTION = 'il-conformance-action-1';
/** Longer than any call of a simulated system; a connector that hangs fails its check. */
const PATIENCE_MS = 20_000;

export interface WorldOptions {
  readonly baseDirectory: string;
  /** Default: one that skips every wait. */
  readonly clock?: Clock | undefined;
}

/** Starts the simulated system and connects to it through the wire. The connector has a `simulate`. */
export async function openWorld(connector: AnyConnector, options: WorldOptions): Promise<World> {
  const { baseDirectory } = options;
  const skipping = createSkippingClock();
  const clock = options.clock ?? skipping;
  const logged: string[] = [];
  const simulator = await connector.simulate?.({ port: 0, seed: 1, clock });
  if (simulator === undefined) throw new TypeError('the connector has no simulated system');
  const open = simulator.openWire ?? openWire;
  const wire = await open({ upstream: simulator.origin, countEffects: () => simulator.audit().length });
  const settings = throughWire(simulator, wire);
  const log = (...entry: unknown[]): void => void logged.push(JSON.stringify(entry));
  const { system } = connector;
  const close = async (): Promise<void> => {
    await wire.close();
    await simulator.close();
  };
  try {
    const registry = await Registry.connect([{ system, connector, settings }], { clock, baseDirectory, log });
    return {
      ...callsOf(registry),
      registry,
      wire,
      waitsMs: skipping.waitsMs,
      settings,
      logged,
      effects: () => simulator.audit().map(({ effect }) => effect),
      close: () => registry.close().finally(close),
    };
  } catch (thrown) {
    await close();
    throw thrown;
  }
}

function callsOf(registry: Registry): Pick<World, 'operation' | 'run' | 'probe' | 'lookUp'> {
  const prepare = (call: ConformanceCall, { actionId = ACTION, signal }: CallOptions) => {
    const { definition, context } = registry.operation(call.operation);
    const patience = AbortSignal.timeout(PATIENCE_MS);
    const until = signal === undefined ? patience : AbortSignal.any([signal, patience]);
    return { definition, input: definition.input.parse(call.input), context: context(actionId, until) };
  };
  return {
    async lookUp(name, subject) {
      const lookup = [...registry.lookups().values()].find(({ enricher }) => enricher.name === name);
      return lookup?.enricher.fetch(subject, lookup.context(AbortSignal.timeout(PATIENCE_MS)));
    },
    operation: (name) => registry.operation(name).definition,
    async run(call, options = {}) {
      const { definition, input, context } = prepare(call, options);
      return definition.execute(input, context);
    },
    async probe(call, options = {}) {
      const { definition, input, context } = prepare(call, options);
      if (definition.kind === 'read') return undefined;
      return definition.probe?.(input, { ...context, handle: options.handle });
    },
  };
}

function throughWire(simulator: Simulator, wire: Wire): JsonObject {
  const renamed = (value: Json): Json => {
    if (typeof value === 'string') return value.replaceAll(simulator.origin, wire.origin);
    if (Array.isArray(value)) return value.map(renamed);
    if (!isJsonObject(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, renamed(inner)]));
  };
  return Object.fromEntries(Object.entries(simulator.settings).map(([name, value]) => [name, renamed(value)]));
}
