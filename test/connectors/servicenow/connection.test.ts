import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { failureOf } from '../../../connectors/servicenow/failure.ts';
import servicenow from '../../../connectors/servicenow/index.ts';
import { ids, SAMPLES } from '../../../connectors/servicenow/samples.ts';
import { SIMULATED_ACCOUNT } from '../../../connectors/servicenow/simulator/sign-in.ts';
import { SECRETS } from '../../../src/connector/secret-reference.ts';
import { createSimulator } from '../../../src/connector/simulator/create-simulator.ts';
import { connectTo, openInstance, resultOf, standingClock } from './instance.ts';

const SENTINEL = 'sentinel-5up3r-s3cr3t';
const origin = 'https://instance.service-now.com';

describe('the settings', () => {
  it.each([
    ['a user with a password', { origin, username: 'u', password: 'p' }, true],
    ['an OAuth client', { origin, clientId: 'c', clientSecret: 's' }, true],
    ['nobody', { origin }, false],
    ['both', { origin, username: 'u', password: 'p', clientId: 'c', clientSecret: 's' }, false],
    ['a user without a password', { origin, username: 'u' }, false],
    ['halves of both', { origin, username: 'u', clientSecret: 's' }, false],
    ['another protocol', { origin: 'ftp://instance', username: 'u', password: 'p' }, false],
    ['an unknown setting', { origin, username: 'u', password: 'p', token: 't' }, false],
  ])('with %s are accepted: %s → %s', (_, settings, accepted) => {
    expect(servicenow.settings.safeParse(settings).success).toBe(accepted);
  });

  it('mark password and client secret as secrets', () => {
    const { password, clientSecret } = servicenow.settings.shape;
    expect([password.unwrap(), clientSecret.unwrap()].every((schema) => SECRETS.has(schema))).toBe(true);
  });
});

describe('signing in', () => {
  it('works with a name and password, and with an OAuth client', async () => {
    const { simulator, ...basic } = await openInstance();
    const { clientId, clientSecret } = SIMULATED_ACCOUNT;
    const oauth = await connectTo({ origin: simulator.origin, clientId, clientSecret });
    for (const caller of [basic, oauth]) {
      expect((await caller.run('servicenow.user.get', { sys_id: ids.dina })).status).toBe('succeeded');
      expect([...(await caller.registry.check()).values()]).toEqual([undefined]);
    }
  });

  it.each([
    ['password', { username: 'interlock', password: 'wrong' }],
    ['client secret', { clientId: 'simulated-client', clientSecret: 'wrong' }],
  ])('with a wrong %s has no effect, and doctor says so', async (_, credential) => {
    const { simulator } = await openInstance();
    const caller = await connectTo({ origin: simulator.origin, ...credential });
    const result = await caller.run('servicenow.incident.create', { short_description: 'A' });
    expect(result).toMatchObject({ status: 'failed', code: 'CREDENTIAL_REFUSED' });
    expect([...(await caller.registry.check()).values()]).toMatchObject([{ code: 'CREDENTIAL_REFUSED' }]);
    expect(simulator.audit()).toEqual([]);
  });
});

describe('a secret', () => {
  it.each(SAMPLES.map((sample) => [sample.operation, sample] as const))(
    'is in nothing that %s answers, even where the system echoes it',
    async (_, sample) => {
      const echo = await createSimulator({
        options: { port: 0 },
        settings: () => ({}),
        handle: ({ headers }) => ({
          status: 400,
          body: { error: { message: JSON.stringify(headers), detail: SENTINEL }, status: 'failure' },
        }),
      });
      const caller = await connectTo({ origin: echo.origin, username: 'u', password: SENTINEL });
      const result = await caller.run(sample.operation, sample.input);
      await echo.close();
      expect(result.status).toBe('failed');
      const shown = `${inspect(result, { depth: 9 })} ${inspect(caller.calls, { depth: 9 })}`;
      expect(shown).not.toContain(SENTINEL);
      expect(shown).not.toContain(Buffer.from(`u:${SENTINEL}`).toString('base64'));
    },
  );
});

describe('the origin', () => {
  it('is never left: a redirect is a refusal, and its target hears nothing', async () => {
    const { simulator } = await openInstance();
    const redirecting = await createSimulator({
      options: { port: 0 },
      settings: () => ({}),
      handle: ({ path }) => ({ status: 307, headers: { Location: `${simulator.origin}${path}` } }),
    });
    const caller = await connectTo({ ...simulator.settings, origin: redirecting.origin });
    const result = await caller.run('servicenow.record.create', {
      table: 'incident',
      fields: { short_description: 'A' },
    });
    await redirecting.close();
    expect(result).toMatchObject({ status: 'unknown', code: 'ORIGIN_LOCKED' });
    expect(simulator.audit()).toEqual([]);
  });

  it.each([
    '../oauth_token.do',
    '..',
    'incident/../sys_user',
    '//evil.example/x',
    'http://evil.example',
    'incident?x=1',
    'Incident',
    '',
    'sys_user%2f..',
  ])('cannot be left by a table named %j', async (table) => {
    const { operation } = await openInstance();
    for (const verb of ['get', 'delete']) {
      const { input } = operation(`servicenow.record.${verb}`);
      const fields = verb === 'get' ? { fields: ['number'] } : {};
      expect(input.safeParse({ table: 'incident', sys_id: ids.incident, ...fields }).success).toBe(true);
      expect(input.safeParse({ table, sys_id: ids.incident, ...fields }).success).toBe(false);
    }
  });
});

describe('a refusal', () => {
  const clock = standingClock;
  const failure = (status: number, body: unknown = undefined, headers = {}) =>
    failureOf(clock)({ status, body, headers });
  const error = { error: { message: 'No', detail: 'Because' }, status: 'failure' };

  it.each([
    [200, { result: {} }, undefined],
    [201, { result: {} }, undefined],
    [204, undefined, undefined],
    [200, error, 'ambiguous'],
    [200, { result: [], ...error }, 'ambiguous'],
    [200, '<html>Instance is hibernating</html>', 'ambiguous'],
    [202, undefined, 'ambiguous'],
    [302, undefined, 'refused'],
    [400, error, 'refused'],
    [401, error, 'credential'],
    [403, error, 'refused'],
    [404, error, 'refused'],
    [405, error, 'refused'],
    [408, undefined, 'ambiguous'],
    [409, error, 'refused'],
    [418, undefined, 'refused'],
    [429, error, 'rate-limited'],
    [500, error, 'ambiguous'],
    [502, '<html/>', 'ambiguous'],
    [503, undefined, 'ambiguous'],
    [599, null, 'ambiguous'],
    [100, undefined, 'ambiguous'],
  ])('of status %s with %j is of class %s', (status, body, expected) => {
    expect(failure(status, body)?.class).toBe(expected);
  });

  it('carries ServiceNow’s own words, cut to a bound', () => {
    expect(failure(403, error)?.detail).toBe('ServiceNow answered 403: No: Because');
    expect(failure(403, { error: { message: 'x'.repeat(5_000) } })?.detail.length).toBeLessThanOrEqual(300);
    expect(failure(404, { error: { message: 3, detail: null } })?.detail).toBe('ServiceNow answered 404: ');
  });

  it('says when to come back: by Retry-After, else by the rule’s reset', () => {
    const resetAt = String(clock.now() / 1_000 + 90);
    expect(failure(429, error, { 'retry-after': '7', 'x-ratelimit-reset': resetAt })?.retryAfterMs).toBe(7_000);
    expect(failure(429, error, { 'x-ratelimit-reset': resetAt })?.retryAfterMs).toBe(90_000);
    expect(failure(429, error)?.retryAfterMs).toBeUndefined();
  });

  it('by the instance’s rate limit has no effect and says how long to wait', async () => {
    const instance = await openInstance();
    const headers = {
      authorization: `Basic ${Buffer.from('interlock:simulated-password').toString('base64')}`,
      'content-type': 'application/json',
    };
    const rule = JSON.stringify({ name: 'Everybody', request_limit_per_hour: '2', active: 'true' });
    await fetch(`${instance.simulator.origin}/api/now/table/sys_rate_limit_rules`, {
      method: 'POST',
      headers,
      body: rule,
    });
    const create = (id: string) => instance.run('servicenow.incident.create', { short_description: 'A' }, id);
    expect([(await create('1')).status, (await create('2')).status]).toEqual(['succeeded', 'succeeded']);
    expect(await create('3')).toMatchObject({ status: 'failed', code: 'RATE_LIMITED', retryAfterMs: 60_000 });
    expect(instance.effects().filter((effect) => effect === 'incident.create')).toHaveLength(2);
  });

  it('by an access rule is a failure without effect', async () => {
    const instance = await openInstance();
    const result = await instance.run('servicenow.record.create', { table: 'sys_acl', fields: { name: 'open' } });
    expect(result).toMatchObject({
      status: 'failed',
      code: 'EXECUTION_FAILED',
      detail: expect.stringContaining('ACL Exception'),
    });
    expect(instance.effects()).toEqual([]);
  });

  it('that only shows in the answer is a refusal too: a column that kept its value', async () => {
    const { operation } = await openInstance();
    const body = { result: { sys_id: ids.dina, user_name: 'dina.haddad', locked_out: 'false' } };
    const http = { send: async () => ({ ok: true as const, reply: { status: 200, headers: {}, body } }) };
    const context = { actionId: 'a', http, clock, signal: new AbortController().signal };
    expect(await operation('servicenow.user.lock').execute({ sys_id: ids.dina }, context)).toMatchObject({
      status: 'failed',
    });
    expect(resultOf(await operation('servicenow.user.unlock').execute({ sys_id: ids.dina }, context))['sys_id']).toBe(
      ids.dina,
    );
  });

  it('that the connector cannot read leaves a write unknown and a read failed', async () => {
    const { operation } = await openInstance();
    const http = {
      send: async () => ({ ok: true as const, reply: { status: 200, headers: {}, body: { result: 'odd' } } }),
    };
    const context = { actionId: 'a', http, clock, signal: new AbortController().signal };
    const code = 'RESPONSE_UNEXPECTED';
    const creates = operation('servicenow.incident.create').execute({ short_description: 'A' }, context);
    expect(await creates).toMatchObject({ status: 'unknown', code });
    const reads = operation('servicenow.incident.get').execute({ sys_id: ids.incident }, context);
    expect(await reads).toMatchObject({ status: 'failed', code });
  });
});

describe('an order', () => {
  it('that an instance with a two-step checkout only put into a cart is not called ordered', async () => {
    const { operation } = await openInstance();
    const { execute, output } = operation('servicenow.catalog.order');
    const http = {
      send: async () => ({
        ok: true as const,
        reply: { status: 200, headers: {}, body: { result: { cart_id: ids.laptop } } },
      }),
    };
    const context = { actionId: 'a', http, clock: standingClock, signal: new AbortController().signal };
    const result = resultOf(await execute({ item: ids.laptop, quantity: 1 }, context));
    expect(output.parse(result)).toEqual({ ordered: false, cart_id: ids.laptop });
  });
});
