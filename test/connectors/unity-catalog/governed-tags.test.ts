import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import unityCatalog from '../../../connectors/unity-catalog/index.ts';
import { simulateUnityCatalog } from '../../../connectors/unity-catalog/simulator/simulate-unity-catalog.ts';
import type { JsonObject } from '../../../src/lib/json.ts';
import { parseConfig } from '../../../src/runtime/config.ts';
import { createLogger } from '../../../src/runtime/logger.ts';
import { startGateway } from '../../../src/runtime/start-gateway.ts';
import { rememberedPolicies } from '../../support/remembered-policies.ts';
import { newDirectory, OPENER, PERMIT_ALL } from '../../support/test-gateway.ts';

const POLICIES = `
@id("tagged") @title("A table is touched once its tags are known.") @unless("fact(unityCatalogTags, wait: 5s)")
forbid(principal, action, resource is UnityCatalog::Table);
@id("kept") @title("Tables with personal data are not deleted by agents.")
forbid(principal, action == Action::"unity-catalog.table.delete", resource in Label::"pii");
@id("inside") @title("What personal data says does not leave us.")
forbid(principal in Label::"pii", action, resource) when { context.effect.external };`;

async function governed() {
  const simulator = await simulateUnityCatalog({ port: 0 });
  const baseDirectory = newDirectory();
  writeFileSync(join(baseDirectory, 'p.cedar'), `${PERMIT_ALL}\n${POLICIES}`);
  const config = parseConfig({ data: 'data', policies: ['p.cedar'] }, { file: 'test', baseDirectory });
  const { interlock } = await startGateway({
    config,
    connectors: [{ system: 'unity-catalog', connector: unityCatalog, settings: simulator.settings }],
    logger: createLogger('silent'),
    policySets: rememberedPolicies,
  });
  onTestFinished(async () => {
    await interlock.close();
    await simulator.close();
  });
  const { id } = await interlock.open(OPENER, { onBehalfOf: { id: 'ada' } });
  const { token } = await interlock.openSession(OPENER, id, { agent: 'analyst' });
  const caller = await interlock.authenticate(token);
  const run = async (operation: string, input: JsonObject) => {
    const answer = await interlock.run(caller, { operation: `unity-catalog.${operation}`, input });
    return answer.decision === 'defer' ? interlock.action(caller, answer.id, 5_000) : answer;
  };
  return { run, effects: () => simulator.audit().map(({ effect }) => effect) };
}

const FORWARD = { connection_name: 'partner', method: 'POST', path: '/reports', json: { text: 'hello' } };

test('a table whose tags say `pii` is not deleted; one without is', async () => {
  const { run, effects } = await governed();
  expect(await run('table.delete', { name: 'main.sales.customers' })).toMatchObject({
    decision: 'deny',
    reasons: [{ policy: 'kept' }],
  });
  expect(effects()).toEqual([]);
  expect(await run('table.delete', { name: 'main.sales.orders' })).toMatchObject({ decision: 'allow' });
  expect(effects()).toEqual(['tables.delete']);
});

test('who has read it sends nothing to a service outside; who has read another table does', async () => {
  const { run, effects } = await governed();
  expect(await run('table.get', { name: 'main.sales.orders' })).toMatchObject({ decision: 'allow' });
  expect(await run('connection.call', FORWARD)).toMatchObject({ decision: 'allow' });
  expect(await run('table.get', { name: 'main.sales.customers' })).toMatchObject({ decision: 'allow' });
  expect(await run('connection.call', FORWARD)).toMatchObject({ decision: 'deny', reasons: [{ policy: 'inside' }] });
  expect(effects()).toEqual(['connection.call']);
});

test('a table that nobody knows has no tags, so nothing is done with it', async () => {
  const { run, effects } = await governed();
  const answer = await run('table.delete', { name: 'main.sales.nothing' });
  expect(answer).toMatchObject({ decision: 'deny', code: 'FACT_MISSING' });
  expect(effects()).toEqual([]);
}, 15_000);
