import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { ids } from '../../../connectors/workday/inputs.ts';
import type { JsonObject } from '../../../src/lib/json.ts';
import { parseConfig } from '../../../src/runtime/config.ts';
import { createLogger } from '../../../src/runtime/logger.ts';
import { startGateway } from '../../../src/runtime/start-gateway.ts';
import { startSimulators } from '../../../src/runtime/start-simulators.ts';
import { rememberedPolicies } from '../../support/remembered-policies.ts';
import { newDirectory, OPENER, PERMIT_ALL } from '../../support/test-gateway.ts';

const NOBODY_IS_PASSED_BY = `@id("asked") @title("Whoever should approve it is asked.")
forbid(principal, action == Action::"workday.worker.terminate", resource) when { context.input.approvalsSkipped };`;

async function governed() {
  const baseDirectory = newDirectory();
  writeFileSync(join(baseDirectory, 'p.cedar'), `${PERMIT_ALL}\n${NOBODY_IS_PASSED_BY}`);
  const connectors = { workday: { use: 'workday', simulate: true } };
  const config = parseConfig({ data: 'data', policies: ['p.cedar'], connectors }, { file: 'test', baseDirectory });
  const simulated = await startSimulators(config);
  const { interlock } = await startGateway({
    config,
    connectors: simulated.map(({ instance }) => instance),
    logger: createLogger('silent'),
    policySets: rememberedPolicies,
  });
  onTestFinished(async () => {
    await interlock.close();
    await Promise.all(simulated.map(({ simulator }) => simulator.close()));
  });
  const { id: workflow } = await interlock.open(OPENER, { onBehalfOf: { id: 'ada' } });
  const { token } = await interlock.openSession(OPENER, workflow, { agent: 'helper' });
  const caller = await interlock.authenticate(token);
  return {
    terminate: (more: JsonObject) =>
      interlock.run(caller, {
        operation: 'workday.worker.terminate',
        input: { workerId: ids.luis, endDate: '2026-05-31', reasonId: ids.any, ...more },
      }),
    effects: () => simulated.flatMap(({ simulator }) => simulator.audit().map(({ effect }) => effect)),
  };
}

test('a termination that passes its approvers by is denied, however it does so; one that asks them is not', async () => {
  const { terminate, effects } = await governed();
  const ways = [
    { businessProcess: { autoComplete: true } },
    { businessProcess: { runNow: true } },
    { skipSteps: ['review-payroll-interface'] },
  ];
  for (const way of ways)
    expect(await terminate(way)).toMatchObject({ decision: 'deny', reasons: [{ policy: 'asked' }] });
  expect(effects()).toEqual([]);
  expect(await terminate({})).toMatchObject({ decision: 'allow', outcome: { status: 'accepted' } });
  expect(effects()).toEqual(['worker.terminate']);
});
