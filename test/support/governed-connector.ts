import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { AnyConnector, Simulator } from '../../src/connector/contract.ts';
import type { Answer } from '../../src/gate/answers.ts';
import type { JsonObject } from '../../src/lib/json.ts';
import { parseConfig } from '../../src/runtime/config.ts';
import { createLogger } from '../../src/runtime/logger.ts';
import { startGateway } from '../../src/runtime/start-gateway.ts';
import { rememberedPolicies } from './remembered-policies.ts';
import { newDirectory, OPENER, PERMIT_ALL } from './test-gateway.ts';

export interface GovernedConnector {
  readonly simulator: Simulator;
  /** What one agent of one workflow does. */
  run(operation: string, input: JsonObject): Promise<Answer>;
  /** What has become of an action that it began. */
  action(id: string, waitMs?: number): Promise<Answer>;
  effects(): readonly string[];
}

/** A whole gateway over a connector's simulated system: everything is permitted but what these policies forbid. */
export async function governConnector(connector: AnyConnector, policies: string): Promise<GovernedConnector> {
  const simulator = await connector.simulate?.({ port: 0 });
  if (simulator === undefined) throw new Error('the connector has no simulated system');
  // After the gateway: what is registered last is done first.
  onTestFinished(() => simulator.close());
  const directory = newDirectory();
  writeFileSync(join(directory, 'policies.cedar'), `${PERMIT_ALL}\n${policies}`);
  const given = { data: 'data', policies: ['policies.cedar'] };
  const { interlock } = await startGateway({
    config: parseConfig(given, { file: 'test', baseDirectory: directory }),
    connectors: [{ system: connector.system, connector, settings: simulator.settings }],
    logger: createLogger('silent'),
    policySets: rememberedPolicies,
  });
  onTestFinished(() => interlock.close());
  const { id } = await interlock.open(OPENER, { onBehalfOf: { id: 'ada' } });
  const { token } = await interlock.openSession(OPENER, id, { agent: 'helper' });
  const caller = await interlock.authenticate(token);
  return {
    simulator,
    run: (operation, input) => interlock.run(caller, { operation, input }),
    action: (id, waitMs) => interlock.action(caller, id, waitMs),
    effects: () => simulator.audit().map(({ effect }) => effect),
  };
}
