import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import fixtures from '../../../connectors/unity-catalog/conformance.ts';
import unityCatalog from '../../../connectors/unity-catalog/index.ts';
import { SEED } from '../../../connectors/unity-catalog/simulator/seed.ts';
import type { Simulator } from '../../../src/connector/contract.ts';
import type { HttpCall } from '../../../src/connector/http/http-client.ts';
import { Registry } from '../../../src/connector/registry.ts';
import { systemClock } from '../../../src/lib/clock.ts';
import type { Json, JsonObject } from '../../../src/lib/json.ts';
import { governConnector } from '../../support/governed-connector.ts';
import { schemaDifferences } from '../../support/schema-differences.ts';

const SPEC = join(import.meta.dirname, '../../../../shared/specs/databricks/unitycatalog-all.yaml');

let simulator: Simulator;
let registry: Registry;
const calls: HttpCall[] = [];

beforeEach(async () => {
  simulator = (await unityCatalog.simulate?.({ port: 0 })) as Simulator; // it has one
  const environment = { clock: systemClock, baseDirectory: '.', log: () => undefined };
  const configured = [{ system: 'unity-catalog', connector: unityCatalog, settings: simulator.settings }];
  registry = await Registry.connect(configured, environment);
  calls.length = 0;
});
afterEach(async () => {
  await registry.close();
  await simulator.close();
});

function bound(name: string, actionId = 'il-00112233445566778899aabbccddeeff') {
  const { definition, context } = registry.operation(`unity-catalog.${name}`);
  const given = context(actionId, AbortSignal.timeout(10_000));
  const send: typeof given.http.send = (call, options) => {
    calls.push(call);
    return given.http.send(call, options);
  };
  return { definition, context: { ...given, http: { send } } };
}
async function run(name: string, input: JsonObject, actionId?: string) {
  const { definition, context } = bound(name, actionId);
  return definition.execute(definition.input.parse(input), context);
}
const effects = () => simulator.audit().map(({ effect, target }) => `${effect} ${target}`);

const ORDERS = { securable_type: 'table', full_name: 'main.sales.orders' };

test('what goes to the catalog is described by the vendor: method, path, query and body', async () => {
  if (!existsSync(SPEC)) {
    console.log('without the published description of Unity Catalog: nothing to compare with');
    return;
  }
  const description = parse(readFileSync(SPEC, 'utf8'), { maxAliasCount: -1 });
  const { paths } = description;
  const judged = fixtures.samples.filter(({ operation }) => Object.hasOwn(fixtures.judgedBy, operation));
  for (const { operation, input } of judged) await run(operation.replace('unity-catalog.', ''), input);
  expect(calls.length).toBeGreaterThanOrEqual(judged.length);
  for (const { method, path, query, body } of calls) {
    const below = path.replace('/api/2.1/unity-catalog', '');
    const found = Object.keys(paths).find((each) =>
      new RegExp(`^${each.replaceAll(/\{[^}]+\}/g, '[^/]+')}$`).test(below),
    );
    const described = paths[found ?? '']?.[method.toLowerCase()];
    expect(described, `${method} ${below}`).toBeDefined();
    const parameters = (described.parameters ?? []).map(
      (one: { name?: string; $ref?: string }) => one.name ?? one.$ref,
    );
    for (const name of Object.keys(query ?? {}).filter((each) => query?.[each] !== undefined))
      expect(parameters, `${method} ${below} ?${name}`).toContain(name);
    const schema = described.requestBody?.content['application/json']?.schema;
    if (body !== undefined) expect(schemaDifferences(description, schema, body), `${method} ${below}`).toEqual([]);
    else expect(described.requestBody?.required, `${method} ${below}`).not.toBe(true);
  }
});

describe('a lost answer', () => {
  test('of a run is settled by its token: it is asked for again, and launched once', async () => {
    simulator.fail({ when: 'after', answer: 'reset', call: 'POST /api/2.2/jobs/run-now' });
    const result = await run('job.run', { job_id: SEED.jobId });
    expect(result).toMatchObject({ status: 'accepted', handle: { run_id: 7_000 } });
    expect(calls).toHaveLength(1);
    expect(effects()).toEqual(['job.run 11']);
    expect(await run('job.run', { job_id: SEED.jobId }, 'il-another')).toMatchObject({ handle: { run_id: 7_001 } });
  });

  test.each<[string, string, JsonObject]>([
    ['POST', 'table-credential.vend', { table_id: SEED.tableId, operation: 'READ' }],
    ['DELETE', 'table.delete', { name: 'main.sales.orders' }],
    ['POST', 'connection.call', { connection_name: 'crm', method: 'GET', path: '/a' }],
  ])('of %s (%s) is unknown, and nothing is sent a second time', async (method, operation, input) => {
    simulator.fail({ when: 'after', answer: 'reset', call: `${method} /api/2.` });
    expect(await run(operation, input)).toMatchObject({ status: 'unknown' });
    expect(effects()).toHaveLength(1);
  });

  test('of a deletion is settled by looking: gone, or still there', async () => {
    const { definition, context } = bound('table.delete');
    const input = { name: 'main.sales.orders' };
    if (definition.kind !== 'write' || definition.probe === undefined) throw new Error('it has a probe');
    expect(await definition.probe(input, context)).toEqual({ status: 'not-applied' });
    simulator.fail({ when: 'after', answer: 'reset', call: 'DELETE' });
    await run('table.delete', input);
    expect(await definition.probe(input, context)).toMatchObject({ status: 'applied' });
  });
});

test('the run of a job is followed to its end', async () => {
  const { definition, context } = bound('job.run');
  const launched = await definition.execute({ job_id: SEED.jobId }, context);
  if (launched.status !== 'accepted' || definition.kind !== 'write' || definition.probe === undefined)
    throw new Error();
  const asked = { ...context, handle: launched.handle };
  expect(await definition.probe({ job_id: SEED.jobId }, asked)).toEqual({ status: 'running' });
  expect(await definition.probe({ job_id: SEED.jobId }, asked)).toMatchObject({ status: 'applied' });
});

describe('undo', () => {
  const grant = (add: readonly string[], remove: readonly string[]) => ({
    ...ORDERS,
    changes: [{ principal: 'analysts', add, remove }],
  });
  test.each([
    [
      'what was held before stays',
      grant(['SELECT', 'MODIFY'], []),
      [{ principal: 'analysts', add: [], remove: ['MODIFY'] }],
    ],
    [
      'what was not held before is not added',
      grant([], ['SELECT', 'MODIFY']),
      [{ principal: 'analysts', add: ['SELECT'], remove: [] }],
    ],
    ['what changed nothing is not undone', grant(['SELECT'], []), undefined],
  ])('of a grant is exact: %s', async (_, input, back) => {
    const { definition } = bound('permission.change');
    const done = await run('permission.change', input);
    if (done.status !== 'succeeded' || definition.kind !== 'write' || typeof definition.undo !== 'function')
      throw new Error();
    // Results are JSON.
    const undo = definition.undo(definition.input.parse(input), done.result as Json);
    expect(undo?.input['changes']).toEqual(back);
  });
});

describe('what an agent cannot do', () => {
  test.each<[string, JsonObject]>([
    ['table.get', { name: 'main.sales' }],
    ['table.get', { name: 'main.sales.orders/../x' }],
    ['catalog.delete', { name: 'main', cascade: true }],
    ['table.delete', { name: 'main.sales.orders', force: true }],
    ['connection.call', { connection_name: 'crm', method: 'GET', path: '//evil.example/a' }],
    ['connection.call', { connection_name: 'crm', method: 'GET', path: '/a/../b' }],
    ['connection.call', { connection_name: 'crm', method: 'GET', path: '/a%2e%2e/b' }],
    ['connection.call', { connection_name: 'crm', method: 'GET', path: '/a', headers: { authorization: 'x' } }],
    ['path-credential.vend', { url: 'https://evil.example/a', operation: 'PATH_READ' }],
    ['permission.change', { ...ORDERS, changes: [] }],
    ['permission.change', { ...ORDERS, changes: [{ principal: 'a', add: ['SELECT'], remove: ['SELECT'] }] }],
    [
      'workspace-permission.grant',
      { ...SEED.object, access_control_list: [{ user_name: 'a', group_name: 'b', permission_level: 'CAN_VIEW' }] },
    ],
  ])('call %s with %j', (operation, input) => {
    expect(bound(operation).definition.input.safeParse(input).success).toBe(false);
  });

  test('change a gateway that holds what is not known here', async () => {
    const before = { name: SEED.endpoint, future_guardrail: true };
    expect(bound('ai-gateway.configure').definition.input.safeParse(before).success).toBe(false);
  });
});

test('a name goes into the path as one segment, whatever stands in it', async () => {
  await run('catalog.get', { name: 'a?b#c%2e' });
  expect(calls[0]?.path).toBe('/api/2.1/unity-catalog/catalogs/a%3Fb%23c%252e');
});

describe('through the gate', () => {
  const POLICIES = `@id("no-grants") @title("Agents hand out nothing.")
forbid(principal, action in Action::"unity-catalog", resource) when { context.effect.kind == "privilege" };
@id("no-force") @title("Nothing goes with what is below it.")
forbid(principal, action == Action::"unity-catalog.catalog.delete", resource) when { context.effect.count > 1 };`;

  test.each<[string, JsonObject, string]>([
    ['permission.change', { ...ORDERS, changes: [{ principal: 'helper', add: ['SELECT'] }] }, 'no-grants'],
    ['share-permission.change', { name: 'partners', changes: [{ principal: 'x', add: ['SELECT'] }] }, 'no-grants'],
    ['table-credential.vend', { table_id: SEED.tableId, operation: 'READ' }, 'no-grants'],
    ['workspace-permission.replace', { ...SEED.object, access_control_list: [] }, 'no-grants'],
    ['ai-gateway.configure', { name: SEED.endpoint }, 'no-grants'],
    ['catalog.delete', { name: 'main', force: true }, 'no-force'],
  ])('%s is denied, and nothing is sent', async (operation, input, policy) => {
    const { run: ask, effects: done } = await governConnector(unityCatalog, POLICIES);
    expect(await ask(`unity-catalog.${operation}`, input)).toMatchObject({ decision: 'deny', reasons: [{ policy }] });
    expect(done()).toEqual([]);
    expect(await ask('unity-catalog.catalog.delete', { name: 'scratch' })).toMatchObject({ decision: 'allow' });
    expect(done()).toEqual(['catalogs.delete']);
  });

  test('what a vended credential exposes to is told: the workflow has read a secret', async () => {
    const { run: ask } = await governConnector(
      unityCatalog,
      '@id("after-secret") @title("Nothing leaves after a secret.")\nforbid(principal, action == Action::"unity-catalog.connection.call", resource) when { principal in Label::"secret" };',
    );
    const call = { connection_name: 'crm', method: 'GET', path: '/a' };
    expect(await ask('unity-catalog.connection.call', call)).toMatchObject({ decision: 'allow' });
    await ask('unity-catalog.table-credential.vend', { table_id: SEED.tableId, operation: 'READ' });
    expect(await ask('unity-catalog.connection.call', call)).toMatchObject({ decision: 'deny' });
  });
});

test('what a service outside is told goes as the texts that the vendor’s clients send', async () => {
  const input = { connection_name: 'crm', method: 'POST', path: '/a', params: { q: 'x' }, json: { a: 1 } };
  expect(await run('connection.call', input)).toMatchObject({ status: 'succeeded', result: { text: 'done' } });
  expect(calls[0]).toMatchObject({ headers: { accept: 'text/plain' }, body: { params: '{"q":"x"}', json: '{"a":1}' } });
});
