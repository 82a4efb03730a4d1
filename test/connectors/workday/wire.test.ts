import { expect, test } from 'vitest';
import { FULL_FOLLOW_UPS, FULL_INPUTS, ids } from '../../../connectors/workday/inputs.ts';
import type { HttpCall, HttpClient } from '../../../src/connector/http/http-client.ts';
import { consequentialCalls, type DescribedCall, describedCalls, type Schema } from './spec.ts';
import { type Caller, resultOf, simulatedTenant } from './tenant.ts';

/**
 * What is sent although no description of the call has it. Auto_Complete is described for SOAP only; a tenant that does
 * not know the field ignores or refuses it, so that the effect is never worse than what was decided.
 */
const NOT_DESCRIBED = ['POST common/v1/workers/{id}/jobChanges: businessProcessParameters'];

/** What the list of consequential calls names and no operation makes. */
const NOT_OFFERED = ['POST /workers/{id}/businessTitleChanges', 'GET /workers/{id}/inboxTasks'];

const described = describedCalls();
const slice = consequentialCalls();
if (described === undefined)
  console.info('Workday’s descriptions are not beside the checkout: the wire checks pass without them.');

/** Every call that the connector makes when each operation is used with every field, and read back. */
async function everyCall(): Promise<readonly HttpCall[]> {
  const calls: HttpCall[] = [];
  const { maker } = await simulatedTenant(
    (http): HttpClient => ({
      send(call, options) {
        calls.push(call);
        return http.send(call, options);
      },
    }),
  );
  for (const [operation, input] of Object.entries(FULL_INPUTS)) {
    await maker.run(operation, input, `act-${operation}`);
    if (maker.registry.operation(operation).definition.kind === 'write') await maker.probe(operation, input);
  }
  await followUps(maker);
  return calls;
}

async function followUps(maker: Caller): Promise<void> {
  await maker.run('workday.event.get', FULL_FOLLOW_UPS['workday.event.get'](ids.any));
  await maker.run('workday.event-step.list', { eventId: ids.any });
  const created = await maker.run('workday.payroll-input.create', FULL_INPUTS['workday.payroll-input.create'] ?? {});
  const payrollInputId = String(resultOf(created)['payrollInputId']);
  for (const operation of ['workday.payroll-input.update', 'workday.payroll-input.delete'] as const) {
    await maker.run(operation, FULL_FOLLOW_UPS[operation](payrollInputId));
    await maker.probe(operation, FULL_FOLLOW_UPS[operation](payrollInputId));
  }
  for (const operation of [
    'workday.event-step.approve',
    'workday.event-step.deny',
    'workday.event-step.send-back',
  ] as const) {
    await maker.run(operation, FULL_FOLLOW_UPS[operation](ids.any));
    await maker.probe(operation, FULL_FOLLOW_UPS[operation](ids.any));
  }
}

function descriptionOf(call: HttpCall): readonly [string, DescribedCall] | undefined {
  const [, , , service, version, tenant, ...rest] = call.path.split('/');
  expect(tenant).toBe('gms_lab');
  const asked = [service, version, ...rest];
  return [...(described ?? [])].find(([key]) => {
    const [method, pattern = ''] = key.split(' ');
    const parts = pattern.split('/');
    return (
      method === call.method &&
      parts.length === asked.length &&
      parts.every((part, i) => part === '{id}' || part === asked[i])
    );
  });
}

test('every call, with every field, is one that Workday describes, and none of the consequential ones is missing', async () => {
  if (described === undefined) return;
  const problems = new Set<string>();
  const seen = new Set<string>();
  for (const call of await everyCall()) {
    const found = descriptionOf(call);
    if (found === undefined) {
      problems.add(`${call.method} ${call.path}`);
      continue;
    }
    const [key, description] = found;
    seen.add(key);
    const given = Object.entries(call.query ?? {}).flatMap(([name, value]) => (value === undefined ? [] : [name]));
    for (const name of given) if (!description.queryNames.includes(name)) problems.add(`${key}?${name}`);
    if (call.body !== undefined)
      for (const each of differences(call.body, description.body, description.resolve)) problems.add(`${key}: ${each}`);
  }
  expect([...problems]).toEqual(NOT_DESCRIBED);
  const missing = slice.filter(
    ({ method, path }) => ![...seen].some((key) => key.startsWith(method) && key.endsWith(path)),
  );
  expect(missing.map(({ method, path }) => `${method} ${path}`)).toEqual(NOT_OFFERED);
});

/** Keys that are not described, required ones that are missing, and references of an unknown form. */
function differences(
  value: unknown,
  described: Schema | undefined,
  resolve: (schema: Schema) => Schema,
): readonly string[] {
  const { items, pattern, properties = {}, required = [] } = resolve(described ?? {});
  if (Array.isArray(value)) return value.flatMap((each) => differences(each, items, resolve));
  if (typeof value === 'string') {
    return pattern === undefined || new RegExp(pattern).test(value) ? [] : [`${value} has another form`];
  }
  // Amounts are described as objects without properties.
  if (typeof value !== 'object' || value === null || Object.keys(properties).length === 0) return [];
  const missing = required.filter((name) => !(name in value)).map((name) => `${name} is missing`);
  const strange = Object.entries(value).flatMap(([name, inner]) => {
    const property = properties[name];
    return property === undefined ? [name] : differences(inner, property, resolve).map((each) => `${name}.${each}`);
  });
  return [...missing, ...strange];
}
