import crowdstrike from '../../../connectors/crowdstrike/index.ts';
import { simulateCrowdstrike } from '../../../connectors/crowdstrike/simulator/simulate-crowdstrike.ts';
import type { ExecutionContext, ExecutionResult, Simulator } from '../../../src/connector/contract.ts';
import type { HttpCall } from '../../../src/connector/http/http-client.ts';
import { Registry } from '../../../src/connector/registry.ts';
import { systemClock } from '../../../src/lib/clock.ts';
import type { JsonObject } from '../../../src/lib/json.ts';

/** The connector bound to a simulated tenant, and every call that it made. */
export interface FalconWorld {
  readonly simulator: Simulator;
  readonly calls: HttpCall[];
  run(name: string, input: JsonObject): Promise<ExecutionResult>;
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
    async close() {
      await registry.close();
      await simulator.close();
    },
  };
}
