import crowdstrike from '../../../connectors/crowdstrike/index.ts';
import { simulateCrowdstrike } from '../../../connectors/crowdstrike/simulator/simulate-crowdstrike.ts';
import type { ExecutionContext, ExecutionResult, ProbeResult, Simulator } from '../../../src/connector/contract.ts';
import type { HttpCall } from '../../../src/connector/http/http-client.ts';
import { Registry } from '../../../src/connector/registry.ts';
import { systemClock } from '../../../src/lib/clock.ts';
import type { Json, JsonObject } from '../../../src/lib/json.ts';

/** The connector bound to a simulated tenant, and every call that it made. */
export interface FalconWorld {
  readonly simulator: Simulator;
  readonly calls: HttpCall[];
  run(name: string, input: JsonObject): Promise<ExecutionResult>;
  probe(name: string, input: JsonObject): Promise<ProbeResult>;
  undo(name: string, input: JsonObject, result: Json): unknown;
  close(): Promise<void>;
}

export async function openWorld(): Promise<FalconWorld> {
  const simulator = await simulateCrowdstrike({ port: 0 });
  const environment = { clock: systemClock, baseDirectory: '.', log: () => undefined };
  const instance = { system: 'crowdstrike', connector: crowdstrike, settings: simulator.settings };
  const registry = await Registry.connect([instance], environment);
  const calls: HttpCall[] = [];
  return {
    simulator,
    calls,
    run(name, input) {
      const { definition, context } = registry.operation(`crowdstrike.${name}`);
      const bound = context('act_test', AbortSignal.timeout(20_000));
      const send: ExecutionContext['http']['send'] = (call, options) => {
        calls.push(call);
        return bound.http.send(call, options);
      };
      return definition.execute(definition.input.parse(input), { ...bound, http: { send } });
    },
    async probe(name, input) {
      const { definition, context } = registry.operation(`crowdstrike.${name}`);
      if (definition.kind === 'read' || definition.probe === undefined) throw new Error(`${name} has no probe`);
      return definition.probe(definition.input.parse(input), context('act_test', AbortSignal.timeout(20_000)));
    },
    undo(name, input, result) {
      const { definition } = registry.operation(`crowdstrike.${name}`);
      if (definition.kind === 'read' || typeof definition.undo !== 'function') throw new Error(`${name} has no undo`);
      return definition.undo(definition.input.parse(input), result);
    },
    async close() {
      await registry.close();
      await simulator.close();
    },
  };
}
