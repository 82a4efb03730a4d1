import { expect, test } from 'vitest';
import { failureOf } from '../../../connectors/workday/failure-of.ts';
import workday from '../../../connectors/workday/index.ts';
import { FULL_INPUTS, ids } from '../../../connectors/workday/inputs.ts';
import { generateSchema } from '../../../src/policy/generate-schema.ts';
import { caller, movableClock, simulatedTenant } from './tenant.ts';

const clock = movableClock();
const refusal = { error: 'Invalid request.', errors: [{ error: 'Reason is required.' }] };

test.for([
  { status: 200, class: undefined },
  { status: 201, class: undefined },
  { status: 302, class: 'ambiguous' },
  { status: 400, class: 'refused' },
  { status: 401, class: 'credential' },
  { status: 403, class: 'refused' },
  { status: 404, class: 'refused' },
  { status: 408, class: 'ambiguous' },
  { status: 409, class: 'refused' },
  { status: 429, class: 'rate-limited' },
  { status: 500, class: 'ambiguous' },
  { status: 503, class: 'ambiguous' },
])('a reply with status $status is $class', ({ status, class: expected }) => {
  expect(failureOf({ status, headers: {}, body: refusal }, clock)?.class).toBe(expected);
});

test('every status and body map to something', () => {
  for (let status = 100; status < 600; status++) {
    for (const body of [undefined, 'text', [], { error: 7 }, refusal]) {
      const failure = failureOf({ status, headers: {}, body }, clock);
      expect(failure === undefined).toBe(status >= 200 && status < 300);
      expect(failure?.detail).not.toBe('');
    }
  }
});

test('a refusal is told in the system’s words, every validation with it', () => {
  expect(failureOf({ status: 400, headers: {}, body: refusal }, clock)?.detail).toBe(
    'Invalid request. Reason is required.',
  );
});

test('Retry-After says when to come back', () => {
  expect(failureOf({ status: 429, headers: { 'retry-after': '7' }, body: undefined }, clock)?.retryAfterMs).toBe(7_000);
});

test('a write that was rate-limited is sent again and takes effect once', async () => {
  const { maker, simulator, effects } = await simulatedTenant();
  simulator.fail({ when: 'before', answer: 429, call: 'POST /ccx/api/connect' });
  const result = await maker.run('workday.message.send', {
    ...FULL_INPUTS['workday.message.send'],
    recipientIds: [ids.amara],
  });
  expect(result).toMatchObject({ status: 'succeeded' });
  expect(effects()).toEqual(['message.send']);
});

const SECRETS = { clientSecret: 'sentinel-client-secret', refreshToken: 'sentinel-refresh-token' };

test('a credential that is refused is named by its code and never by its value', async () => {
  const { simulator } = await simulatedTenant();
  const { origin = '', tenant = '' } = simulator.settings;
  for (const grant of ['client-credentials', 'refresh-token']) {
    const client = await caller({ origin, tenant, grant, clientId: 'isu-maker', ...SECRETS }, clock);
    const result = await client.run('workday.worker.get', { workerId: ids.amara });
    expect(result).toMatchObject({ status: 'failed', code: 'CREDENTIAL_REFUSED' });
    const problem = (await client.registry.check()).get('workday');
    expect(problem).toMatchObject({ code: 'CREDENTIAL_REFUSED' });
    for (const secret of Object.values(SECRETS))
      expect(JSON.stringify([result, problem?.message, problem])).not.toContain(secret);
  }
  expect(simulator.audit()).toEqual([]);
});

test('the secret is nowhere but in the header of the token request', async () => {
  const seen: unknown[] = [];
  const { maker, simulator } = await simulatedTenant((http) => ({
    async send(call, options) {
      const result = await http.send(call, options);
      seen.push(call, result);
      return result;
    },
  }));
  for (const [operation, input] of Object.entries(FULL_INPUTS)) seen.push(await maker.run(operation, input));
  seen.push(simulator.audit());
  expect(JSON.stringify(seen)).not.toContain(simulator.settings['clientSecret']);
});

test('the check proves the credential and has no effect', async () => {
  const { maker, checker, effects } = await simulatedTenant();
  expect((await maker.registry.check()).get('workday')).toBeUndefined();
  expect((await checker.registry.check()).get('workday'), 'by refresh token').toBeUndefined();
  expect(effects()).toEqual([]);
});

test('an expired token is renewed without anybody noticing', async () => {
  const { maker, clock: time } = await simulatedTenant();
  expect(await maker.run('workday.worker.get', { workerId: ids.amara })).toMatchObject({ status: 'succeeded' });
  time.moveTo('2026-04-03');
  expect(await maker.run('workday.worker.get', { workerId: ids.amara })).toMatchObject({ status: 'succeeded' });
});

const ELSEWHERE = [
  'https://evil.example/ccx',
  '//evil.example',
  '../../../admin',
  '%2e%2e',
  'a/../../b',
  `${ids.amara}/../../admin`,
];

test('no id can leave the origin or its path: it is refused before anything is sent', async () => {
  const { maker, simulator } = await simulatedTenant();
  for (const { name, definition } of maker.registry.all()) {
    const idFields = Object.keys(definition.input.shape).filter((field) => field.endsWith('Id'));
    for (const field of idFields) {
      for (const value of ELSEWHERE) {
        const parsed = definition.input.safeParse({ ...FULL_INPUTS[name], [field]: value });
        expect(parsed.success, `${name} ${field} ${value}`).toBe(false);
      }
    }
  }
  expect(simulator.audit()).toEqual([]);
});

test('a tenant cannot be a path', () => {
  const settings = { origin: 'https://workday.example', grant: 'client-credentials', clientId: 'c', clientSecret: 's' };
  expect(workday.settings.safeParse({ ...settings, tenant: 'gms' }).success).toBe(true);
  for (const tenant of ELSEWHERE) expect(workday.settings.safeParse({ ...settings, tenant }).success).toBe(false);
});

test('the grant refresh-token needs its token', () => {
  const settings = {
    origin: 'https://workday.example',
    tenant: 'gms',
    grant: 'refresh-token',
    clientId: 'c',
    clientSecret: 's',
  };
  expect(workday.settings.safeParse(settings).success).toBe(false);
  expect(workday.settings.safeParse({ ...settings, refreshToken: 'r' }).success).toBe(true);
});

test('policies see what decides: the amount, the recipients, and whether approvals are skipped', async () => {
  const { maker } = await simulatedTenant();
  const schema = JSON.stringify(generateSchema(maker.registry.catalog).json);
  for (const field of [
    'approvalsSkipped',
    'amountMinorUnits',
    'amountKnown',
    'recipientCount',
    'senderOverridden',
    'moveManagersTeam',
  ]) {
    expect(schema).toContain(`"${field}"`);
  }
});

test('every label and resource that an operation attaches is declared', async () => {
  const { maker } = await simulatedTenant();
  const types = maker.registry.catalog.resourceTypes.map(({ type }) => type);
  for (const { name, definition, systemLabels } of maker.registry.all()) {
    for (const type of definition.resourceTypes) expect(types).toContain(type);
    const input = FULL_INPUTS[name];
    if (input === undefined) continue;
    const resources = definition.resources(definition.input.parse(input));
    for (const { type, labels = [] } of resources) {
      expect(definition.resourceTypes, name).toContain(type);
      for (const label of labels) expect(systemLabels, name).toContain(label);
    }
    for (const label of definition.labels?.(definition.input.parse(input)) ?? []) expect(systemLabels).toContain(label);
  }
});
