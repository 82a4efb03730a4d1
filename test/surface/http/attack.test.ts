import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ERRORS } from '../../../src/lib/errors.ts';
import { problemSchema } from '../../../src/surface/http/problem.ts';
import { BODIES, MEDIA_TYPES } from './body-attacks.ts';
import { CREDENTIALS } from './credential-attacks.ts';
import { type Harness, KEYS, READ, request, startHarness } from './harness.ts';
import { ORIGINS, UNKNOWN_ROUTES } from './route-attacks.ts';

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness.close());

const GROUPS = {
  body: BODIES,
  'media type': MEDIA_TYPES,
  route: UNKNOWN_ROUTES,
  origin: ORIGINS,
  credential: CREDENTIALS,
};

for (const [group, cases] of Object.entries(GROUPS)) {
  describe(`a request is refused for its ${group}`, () => {
    test.each(cases)('$title: $code', async ({ send, code }) => {
      const before = await harness.changes();
      const response = await harness.app.inject(send(harness));
      expect([response.statusCode, response.json().code]).toEqual([ERRORS[code].status, code]);
      expect(response.headers['content-type']).toMatch(/^application\/problem\+json/);
      expect(problemSchema.parse(response.json()).requestId).toBe(response.headers['x-request-id']);
      expect(await harness.changes()).toBe(before);
    });
  });
}

test('the next good request after all of them works', async () => {
  const response = await harness.app.inject(request('POST', '/v1/actions', harness.agent.token, READ));
  expect(response.json()).toMatchObject({ decision: 'allow' });
});

describe('what is only unusual is accepted', () => {
  const accepted: [title: string, headers: Record<string, string>][] = [
    ['a media type in other letters', { 'content-type': 'Application/JSON; Charset=UTF-8' }],
    ['a quoted charset', { 'content-type': 'application/json;charset="utf-8"' }],
    ['a host in other letters without its port', { host: '127.0.0.1' }],
    ["the server's own page", { origin: 'http://127.0.0.1:8080' }],
    ['an allowed origin', { origin: 'https://console.example' }],
    ['a bearer scheme in other letters', { authorization: 'bearer TOKEN' }],
    ['an encoding that changes nothing', { 'content-encoding': 'identity' }],
  ];
  test.each(accepted)('%s', async (_title, headers) => {
    const sent = request('POST', '/v1/actions', harness.agent.token, READ);
    const replaced = Object.entries(headers).map(([name, value]) => [
      name,
      value.replace('TOKEN', harness.agent.token),
    ]);
    const response = await harness.app.inject({
      ...sent,
      headers: { ...sent.headers, ...Object.fromEntries(replaced) },
    });
    expect(response.statusCode).toBe(200);
  });

  test('an id with every character that an id may hold in a path', async () => {
    const id = 'A9._:@~+=-z';
    await harness.app.inject(request('POST', '/v1/actions', harness.agent.token, { ...READ, id }));
    for (const segment of [id, encodeURIComponent(id)]) {
      const response = await harness.app.inject(request('GET', `/v1/actions/${segment}`, harness.agent.token));
      expect(response.json().id).toBe(id);
    }
  });
});

test('claims that agree with the token change nothing', async () => {
  const claims = { tenant: 'acme', workflow: harness.workflow, agent: 'planner', onBehalfOf: 'alice' };
  const body = { ...READ, ...claims, session: harness.agent.session };
  const response = await harness.app.inject(request('POST', '/v1/actions', harness.agent.token, body));
  expect(response.json().decision).toBe('allow');
});

test('no answer is cached, framed, sniffed, or shared with another site', async () => {
  const sent = request('GET', '/v1/workflows', KEYS.admin);
  const good = await harness.app.inject({ ...sent, headers: { ...sent.headers, origin: 'https://console.example' } });
  const bad = await harness.app.inject(request('GET', '/v1/nothing'));
  const preflight = await harness.app.inject({ method: 'OPTIONS', url: '/v1/actions', headers: { host: '127.0.0.1' } });
  const ambiguous = await harness.app.inject(request('GET', '/%zz'));
  for (const { headers } of [good, bad, preflight, ambiguous]) {
    expect(headers).toMatchObject({
      'cache-control': 'no-store',
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
    });
    expect(Object.keys(headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
  }
  expect(preflight.statusCode).toBe(404);
});

test('an unauthenticated answer names the scheme', async () => {
  const response = await harness.app.inject(request('GET', '/v1/workflows'));
  expect(response.headers['www-authenticate']).toBe('Bearer');
});

test('no secret, query or body enters the log', async () => {
  const before = harness.logged().length;
  const canary = 'canary-4711';
  const body = { ...READ, input: { password: canary } };
  await harness.app.inject(request('POST', '/v1/actions', harness.agent.token, body));
  await harness.app.inject(request('POST', `/v1/actions?key=${canary}`, canary, `{"${canary}`));
  await harness.app.inject(request('GET', `/v1/${canary}?access_token=${canary}`));
  const log = harness.logged().slice(before);
  expect(log.match(/"answered"/g)).toHaveLength(3);
  expect(log).not.toContain(canary);
  expect(log).not.toContain(harness.agent.token);
});
