import { onTestFinished } from 'vitest';
import salesforce from '../../../connectors/salesforce/index.ts';
import {
  type SalesforceSimulation,
  simulateOrg,
} from '../../../connectors/salesforce/simulator/simulate-salesforce.ts';
import type { ExecutionResult, ProbeResult, Simulator } from '../../../src/connector/contract.ts';
import { Registry } from '../../../src/connector/registry.ts';
import { type Clock, systemClock } from '../../../src/lib/clock.ts';
import type { JsonObject } from '../../../src/lib/json.ts';

/** The connector bound to a simulated org. */
export interface OrgWorld {
  readonly simulator: Simulator;
  readonly registry: Registry;
  run(operation: string, input: JsonObject, actionId?: string): Promise<ExecutionResult>;
  probe(operation: string, input: JsonObject, more?: Asking): Promise<ProbeResult>;
  effects(): readonly string[];
}

interface Asking {
  readonly actionId?: string;
  readonly handle?: JsonObject;
}

/** Time runs, but back-offs are over at once; deadlines, which are longer, keep their length. */
const hastyClock: Clock = {
  now: systemClock.now,
  after: (delayMs, callback) => systemClock.after(delayMs >= 3_000 ? delayMs : 0, callback),
};

export async function openOrg(
  options: Partial<SalesforceSimulation> & { readonly settings?: JsonObject } = {},
): Promise<OrgWorld> {
  const simulator = await simulateOrg({ port: 0, ...options });
  onTestFinished(() => simulator.close());
  return connectTo(simulator, { ...simulator.settings, ...options.settings });
}

/** `settings` without the fields that are null. */
export async function connectTo(simulator: Simulator, settings: JsonObject): Promise<OrgWorld> {
  const given = Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== null));
  const environment = { clock: hastyClock, baseDirectory: '.', log: () => undefined };
  const instance = { system: 'salesforce', connector: salesforce, settings: given };
  const registry = await Registry.connect([instance], environment);
  onTestFinished(() => registry.close());
  const prepare = (name: string, actionId: string) => {
    const { definition, context } = registry.operation(name);
    return { definition, context: context(actionId, AbortSignal.timeout(20_000)) };
  };
  return {
    simulator,
    registry,
    async run(name, input, actionId = 'act-1') {
      const { definition, context } = prepare(name, actionId);
      const result = await definition.execute(definition.input.parse(input), context);
      return 'result' in result ? { ...result, result: definition.output.parse(result.result) } : result;
    },
    async probe(name, input, { actionId = 'act-1', handle } = {}) {
      const { definition, context } = prepare(name, actionId);
      if (definition.kind === 'read' || definition.probe === undefined) throw new Error(`${name} has no probe`);
      return definition.probe(definition.input.parse(input), { ...context, handle });
    },
    effects: () => simulator.audit().map(({ effect }) => effect),
  };
}
