import scim from '../../../connectors/scim/index.ts';
import { createScimSimulator, type ScimSimulatorOptions } from '../../../connectors/scim/simulator/simulate-scim.ts';
import type { AnyOperation, ExecutionResult, ProbeResult, Simulator } from '../../../src/connector/contract.ts';
import type { HttpCall } from '../../../src/connector/http/http-client.ts';
import { Registry } from '../../../src/connector/registry.ts';
import { type Clock, systemClock } from '../../../src/lib/clock.ts';
import type { JsonObject } from '../../../src/lib/json.ts';

/** The connector bound to a simulated service, and every call that it made. */
export interface ScimWorld {
  readonly simulator: Simulator;
  readonly calls: HttpCall[];
  operation(name: string): AnyOperation;
  /** Parses the input, executes, and parses the result as the gate does. */
  run(name: string, input: JsonObject): Promise<ExecutionResult>;
  probe(name: string, input: JsonObject): Promise<ProbeResult>;
  effects(): readonly string[];
  close(): Promise<void>;
}

interface WorldOptions extends Partial<ScimSimulatorOptions> {
  readonly dialect?: JsonObject;
  /** Beside the address, instead of the simulated token. */
  readonly settings?: JsonObject;
  /** The connector's own. */
  readonly connectorClock?: Clock;
}

/** Time runs, but back-offs are over at once; deadlines, which are longer, keep their length. */
const hastyClock: Clock = {
  now: systemClock.now,
  after: (delayMs, callback) => systemClock.after(delayMs >= 3_000 ? delayMs : 0, callback),
};

export async function openWorld({
  dialect = {},
  settings,
  connectorClock,
  ...options
}: WorldOptions = {}): Promise<ScimWorld> {
  const simulator = await createScimSimulator({ port: 0, ...options });
  const { baseUrl, ...own } = simulator.settings;
  const registry = await Registry.connect(
    [{ system: 'scim', connector: scim, settings: { baseUrl: baseUrl ?? null, ...(settings ?? own), dialect } }],
    { clock: connectorClock ?? hastyClock, baseDirectory: '.', log: () => undefined },
  );
  const calls: HttpCall[] = [];
  const contextOf = (name: string) => {
    const context = registry.operation(name).context('act_test', AbortSignal.timeout(20_000));
    const send: typeof context.http.send = (call, sending) => {
      calls.push(call);
      return context.http.send(call, sending);
    };
    return { ...context, http: { send } };
  };
  const operation = (name: string) => registry.operation(name).definition;
  return {
    simulator,
    calls,
    operation,
    async run(name, input) {
      const { execute, input: schema, output } = operation(name);
      const result = await execute(schema.parse(input), contextOf(name));
      return result.status === 'succeeded' ? { ...result, result: output.parse(result.result) } : result;
    },
    async probe(name, input) {
      const definition = operation(name);
      if (definition.kind === 'read' || definition.probe === undefined) throw new Error(`${name} has no probe`);
      return definition.probe(definition.input.parse(input), contextOf(name));
    },
    effects: () => simulator.audit().map(({ effect, target }) => `${effect} ${target}`),
    async close() {
      await registry.close();
      await simulator.close();
    },
  };
}
