import okta from '../../../connectors/okta/index.ts';
import { createOktaSimulator, type OktaSimulatorOptions } from '../../../connectors/okta/simulator/simulate-okta.ts';
import type {
  AnyConnector,
  AnyOperation,
  ExecutionContext,
  ExecutionResult,
  ProbeResult,
  Simulator,
} from '../../../src/connector/contract.ts';
import type { HttpCall } from '../../../src/connector/http/http-client.ts';
import { Registry } from '../../../src/connector/registry.ts';
import { type Clock, systemClock } from '../../../src/lib/clock.ts';
import type { InterlockError } from '../../../src/lib/errors.ts';
import type { JsonObject } from '../../../src/lib/json.ts';

/** The connector bound to a simulated org, and every call that it made. */
export interface OktaWorld {
  readonly simulator: Simulator;
  readonly calls: HttpCall[];
  operation(name: string): AnyOperation;
  /** Parses the input, executes, and parses the result as the gate does. */
  run(name: string, input: JsonObject): Promise<ExecutionResult>;
  probe(name: string, input: JsonObject): Promise<ProbeResult>;
  /** What the operator's check says is wrong. */
  check(): Promise<InterlockError | undefined>;
  effects(): readonly string[];
  close(): Promise<void>;
}

/** Time runs, but back-offs are over at once; deadlines, which are longer, keep their length. */
export const hastyClock: Clock = {
  now: systemClock.now,
  after(delayMs, callback) {
    return systemClock.after(delayMs >= 3_000 ? delayMs : 0, callback);
  },
};

export async function openWorld(
  options: Partial<OktaSimulatorOptions> & { readonly settings?: (origin: string) => JsonObject } = {},
): Promise<OktaWorld> {
  const simulator = await createOktaSimulator({ port: 0, ...options });
  return connectTo(simulator, options.settings?.(simulator.origin) ?? simulator.settings);
}

export async function connectTo(simulator: Simulator, settings: JsonObject): Promise<OktaWorld> {
  const environment = { clock: hastyClock, baseDirectory: '.', log: () => undefined };
  const connector: AnyConnector = okta;
  const registry = await Registry.connect([{ system: 'okta', connector, settings }], environment);
  const calls: HttpCall[] = [];
  const contextOf = (name: string): ExecutionContext => {
    const context = registry.operation(name).context('act_test', AbortSignal.timeout(20_000));
    const send: ExecutionContext['http']['send'] = (call, sending) => {
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
    check: async () => (await registry.check()).get('okta'),
    effects: () => simulator.audit().map(({ effect, target }) => `${effect} ${target}`),
    async close() {
      await registry.close();
      await simulator.close();
    },
  };
}
