import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import salesforce from '../../../connectors/salesforce/index.ts';
import { simulateOrg } from '../../../connectors/salesforce/simulator/simulate-salesforce.ts';
import type { Simulator } from '../../../src/connector/contract.ts';
import type { Answer } from '../../../src/gate/answers.ts';
import type { Interlock } from '../../../src/gate/interlock.ts';
import type { JsonObject } from '../../../src/lib/json.ts';
import { parseConfig } from '../../../src/runtime/config.ts';
import { createLogger } from '../../../src/runtime/logger.ts';
import { startGateway } from '../../../src/runtime/start-gateway.ts';
import { rememberedPolicies } from '../../support/remembered-policies.ts';
import { newDirectory, OPENER, PERMIT_ALL } from '../../support/test-gateway.ts';

export interface GovernedOrg {
  readonly interlock: Interlock;
  readonly workflow: string;
  readonly simulator: Simulator;
  /** What one agent of one workflow does. */
  run(operation: string, input: JsonObject): Promise<Answer>;
  effects(): readonly string[];
}

/** A whole gateway over a simulated org: everything is permitted but what these policies forbid. */
export async function governed(policies: string): Promise<GovernedOrg> {
  const simulator = await simulateOrg({ port: 0 });
  const directory = newDirectory();
  writeFileSync(join(directory, 'policies.cedar'), `${PERMIT_ALL}\n${policies}`);
  const config = parseConfig(
    { data: 'data', policies: ['policies.cedar'] },
    { file: 'test', baseDirectory: directory },
  );
  const { interlock } = await startGateway({
    config,
    connectors: [{ system: 'salesforce', connector: salesforce, settings: simulator.settings }],
    logger: createLogger('silent'),
    policySets: rememberedPolicies,
  });
  onTestFinished(async () => {
    await interlock.close();
    await simulator.close();
  });
  const { id: workflow } = await interlock.open(OPENER, { onBehalfOf: { id: 'ada' } });
  const { token } = await interlock.openSession(OPENER, workflow, { agent: 'helper' });
  const caller = await interlock.authenticate(token);
  return {
    interlock,
    workflow,
    simulator,
    run: (operation, input) => interlock.run(caller, { operation, input }),
    effects: () => simulator.audit().map(({ effect }) => effect),
  };
}
