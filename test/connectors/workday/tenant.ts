import { onTestFinished } from 'vitest';
import workday from '../../../connectors/workday/index.ts';
import { SIMULATED_CLIENTS } from '../../../connectors/workday/simulator/token-endpoint.ts';
import type { ExecutionContext, ExecutionResult, ProbeResult, Simulator } from '../../../src/connector/contract.ts';
import { Registry } from '../../../src/connector/registry.ts';
import type { Clock } from '../../../src/lib/clock.ts';
import { isJsonObject, type JsonObject } from '../../../src/lib/json.ts';

/** A clock that stands until it is moved; timers run in real time, twenty times faster, so that back-offs are short. */
export function movableClock(startsAt = Date.parse('2026-04-01T09:00:00Z')): Clock & { moveTo(day: string): void } {
  let now = startsAt;
  return {
    now: () => now,
    after(delayMs, callback) {
      const timer = setTimeout(callback, delayMs / 20);
      timer.unref();
      return () => clearTimeout(timer);
    },
    moveTo: (day) => {
      now = Date.parse(`${day}T09:00:00Z`);
    },
  };
}

export interface Caller {
  run(operation: string, input: JsonObject, actionId?: string): Promise<ExecutionResult>;
  probe(
    operation: string,
    input: JsonObject,
    options?: { readonly actionId?: string; readonly handle?: JsonObject },
  ): Promise<ProbeResult>;
  readonly registry: Registry;
}

export interface SimulatedTenant {
  readonly simulator: Simulator;
  readonly clock: ReturnType<typeof movableClock>;
  readonly maker: Caller;
  /** The API client that may answer what the maker has started. */
  readonly checker: Caller;
  /** The effects so far. */
  effects(): readonly string[];
}

export type WrapHttp = (http: ExecutionContext['http']) => ExecutionContext['http'];

/** A simulated tenant for this test, and two API clients of it connected as a gateway connects them. */
export async function simulatedTenant(wrap: WrapHttp = (http) => http): Promise<SimulatedTenant> {
  const clock = movableClock();
  const simulator = await start(clock);
  const { origin, tenant } = simulator.settings;
  return {
    simulator,
    clock,
    maker: await caller(simulator.settings, clock, wrap),
    checker: await caller({ origin: origin ?? '', tenant: tenant ?? '', ...SIMULATED_CLIENTS.checker }, clock, wrap),
    effects: () => simulator.audit().map(({ effect }) => effect),
  };
}

async function start(clock: Clock): Promise<Simulator> {
  if (workday.simulate === undefined) throw new Error('the connector has no simulator');
  const simulator = await workday.simulate({ port: 0, clock });
  onTestFinished(() => simulator.close());
  return simulator;
}

export async function caller(settings: JsonObject, clock: Clock, wrap: WrapHttp = (http) => http): Promise<Caller> {
  const registry = await Registry.connect([{ system: 'workday', connector: workday, settings }], {
    clock,
    baseDirectory: '.',
    log: () => undefined,
  });
  onTestFinished(() => registry.close());
  const prepare = (name: string, input: JsonObject, actionId: string) => {
    const operation = registry.operation(name);
    const context = operation.context(actionId, AbortSignal.timeout(10_000));
    return {
      definition: operation.definition,
      context: { ...context, http: wrap(context.http) },
      input: operation.definition.input.parse(input),
    };
  };
  return {
    registry,
    async run(name, input, actionId = 'act-1') {
      const { definition, context, input: parsed } = prepare(name, input, actionId);
      const result = await definition.execute(parsed, context);
      return 'result' in result ? { ...result, result: definition.output.parse(result.result) } : result;
    },
    async probe(name, input, { actionId = 'act-1', handle } = {}) {
      const { definition, context, input: parsed } = prepare(name, input, actionId);
      if (definition.kind === 'read' || definition.probe === undefined) throw new Error(`${name} has no probe`);
      return definition.probe(parsed, { ...context, handle });
    },
  };
}

/** The handle of an accepted result; fails the test for any other. */
export function handleOf(result: ExecutionResult): JsonObject {
  if (result.status !== 'accepted') throw new Error(`expected accepted, got ${JSON.stringify(result)}`);
  return result.handle;
}

/** The result of a success; fails the test for anything else. */
export function resultOf(result: ExecutionResult): JsonObject {
  if (result.status !== 'succeeded' && result.status !== 'accepted')
    throw new Error(`expected a success, got ${JSON.stringify(result)}`);
  if (!isJsonObject(result.result)) throw new Error('expected an object');
  return result.result;
}
