import { onTestFinished } from 'vitest';
import servicenow from '../../../connectors/servicenow/index.ts';
import { simulateServiceNow } from '../../../connectors/servicenow/simulator/simulate.ts';
import type {
  AnyOperation,
  ExecutionContext,
  ExecutionResult,
  ProbeResult,
  Simulator,
} from '../../../src/connector/contract.ts';
import type { HttpCall } from '../../../src/connector/http/http-client.ts';
import { Registry } from '../../../src/connector/registry.ts';
import { type Clock, systemClock } from '../../../src/lib/clock.ts';
import { isJsonObject, type JsonObject } from '../../../src/lib/json.ts';

/** Time stands still; back-offs are over at once, and deadlines, which are longer, keep their length. */
export const standingClock: Clock = {
  now: () => Date.parse('2026-04-01T09:59:00Z'),
  after: (delayMs, callback) => systemClock.after(delayMs >= 2_000 ? delayMs : 0, callback),
};

export interface Caller {
  readonly registry: Registry;
  /** Every call that the connector made, in order. */
  readonly calls: readonly HttpCall[];
  operation(name: string): AnyOperation;
  /** Parses the input, executes, and parses the result as the gate does. */
  run(name: string, input: JsonObject, actionId?: string): Promise<ExecutionResult>;
  probe(name: string, input: JsonObject, actionId?: string): Promise<ProbeResult>;
}

export interface Instance extends Caller {
  readonly simulator: Simulator;
  /** The effects so far, by the simulator's own audit log. */
  effects(): readonly string[];
}

/** A simulated instance of its own for one test, and the connector bound to it. */
export async function openInstance(): Promise<Instance> {
  const simulator = await simulateServiceNow({ port: 0, clock: standingClock });
  onTestFinished(() => simulator.close());
  const caller = await connectTo(simulator.settings);
  return { ...caller, simulator, effects: () => simulator.audit().map(({ effect }) => effect) };
}

export async function connectTo(settings: JsonObject): Promise<Caller> {
  const environment = { clock: standingClock, baseDirectory: '.', log: () => undefined };
  const registry = await Registry.connect([{ system: 'servicenow', connector: servicenow, settings }], environment);
  onTestFinished(() => registry.close());
  const calls: HttpCall[] = [];
  const prepare = (name: string, input: JsonObject, actionId: string) => {
    const { definition, context: contextOf } = registry.operation(name);
    const { http, ...context } = contextOf(actionId, AbortSignal.timeout(20_000));
    const recording: ExecutionContext['http'] = {
      send(call, options) {
        calls.push(call);
        return http.send(call, options);
      },
    };
    return { definition, input: definition.input.parse(input), context: { ...context, http: recording } };
  };
  return {
    registry,
    calls,
    operation: (name) => registry.operation(name).definition,
    async run(name, input, actionId = 'act-1') {
      const prepared = prepare(name, input, actionId);
      const result = await prepared.definition.execute(prepared.input, prepared.context);
      if (result.status !== 'succeeded') return result;
      return { ...result, result: prepared.definition.output.parse(result.result) };
    },
    async probe(name, input, actionId = 'act-1') {
      const { definition, input: parsed, context } = prepare(name, input, actionId);
      if (definition.kind === 'read' || definition.probe === undefined) throw new Error(`${name} has no probe`);
      return definition.probe(parsed, context);
    },
  };
}

/** The result of a success; fails the test for anything else. */
export function resultOf(result: ExecutionResult | ProbeResult): JsonObject {
  if (result.status !== 'succeeded' && result.status !== 'applied') throw new Error(JSON.stringify(result));
  if (!isJsonObject(result.result)) throw new Error('expected an object');
  return result.result;
}

/** Opens an incident and answers its sys_id. */
export async function createIncident(caller: Caller, fields: JsonObject = {}, actionId = 'setup'): Promise<string> {
  const result = await caller.run('servicenow.incident.create', { short_description: 'A', ...fields }, actionId);
  return String(resultOf(result)['sys_id']);
}
