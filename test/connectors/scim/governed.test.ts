import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import scim from '../../../connectors/scim/index.ts';
import { SEED } from '../../../connectors/scim/simulator/seed.ts';
import { simulateScim } from '../../../connectors/scim/simulator/simulate-scim.ts';
import type { JsonObject } from '../../../src/lib/json.ts';
import { parseConfig } from '../../../src/runtime/config.ts';
import { createLogger } from '../../../src/runtime/logger.ts';
import { startGateway } from '../../../src/runtime/start-gateway.ts';
import { rememberedPolicies } from '../../support/remembered-policies.ts';
import { newDirectory, OPENER, PERMIT_ALL } from '../../support/test-gateway.ts';

const { users, groups } = SEED;
const PATCH = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';

const POLICIES = `@id("finance") @title("Nobody is put into Finance.")
forbid(principal, action == Action::"scim.group.add-members", resource)
when { context.input.groupId == "${groups.finance}" };`;

async function governed() {
  const simulator = await simulateScim({ port: 0 });
  const baseDirectory = newDirectory();
  writeFileSync(join(baseDirectory, 'p.cedar'), `${PERMIT_ALL}\n${POLICIES}`);
  const config = parseConfig({ data: 'data', policies: ['p.cedar'] }, { file: 'test', baseDirectory });
  const { interlock } = await startGateway({
    config,
    connectors: [{ system: 'scim', connector: scim, settings: simulator.settings }],
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
    run: (operation: string, input: JsonObject) => interlock.run(caller, { operation, input }),
    effects: () => simulator.audit().map(({ effect }) => effect),
  };
}

const deactivate = {
  method: 'PATCH',
  path: `/Users/${users.alan}`,
  data: { schemas: [PATCH], Operations: [{ op: 'Replace', path: 'active', value: 'False' }] },
};
const enter = (group: string) => ({
  method: 'PATCH',
  path: `/Groups/${group}`,
  data: { schemas: [PATCH], Operations: [{ op: 'ADD', path: 'members', value: [{ value: users.barbara }] }] },
});

test('a bulk request with one forbidden operation is denied whole, however it is spelt; one without is sent', async () => {
  const { run, effects } = await governed();
  expect(await run('scim.bulk.execute', { operations: [deactivate, enter(groups.finance)] })).toMatchObject({
    decision: 'deny',
    reasons: [{ policy: 'finance', part: 2 }],
  });
  expect(effects()).toEqual([]);
  expect(await run('scim.bulk.execute', { operations: [deactivate, enter(groups.engineering)] })).toMatchObject({
    decision: 'allow',
    outcome: { status: 'succeeded' },
    parts: [{ operation: 'scim.user.deactivate' }, { operation: 'scim.group.add-members' }],
  });
  expect(effects()).toEqual(['user.deactivate', 'group.add-members']);
});
