import { Validator } from '@seriousme/openapi-schema-validator';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ALL_ROUTES } from '../../../src/surface/http/routes/all-routes.ts';
import { type AnswerJudge, answerJudge } from './answer-judge.ts';
import { type Harness, KEYS, LEAK, READ, request, SEND, startHarness, WRITE } from './harness.ts';

let harness: Harness;
let judge: AnswerJudge;
beforeAll(async () => {
  harness = await startHarness();
  judge = await answerJudge(harness.app);
});
afterAll(() => harness.close());

interface Sent {
  readonly bearer?: string;
  readonly body?: unknown;
  readonly query?: string;
  readonly params?: Readonly<Record<string, string>>;
}

/** Sends to a described path and holds the answer against the description. */
async function send(
  method: 'GET' | 'POST' | 'DELETE',
  path: string,
  { bearer, body, query = '', params = {} }: Sent = {},
) {
  const url = path.replaceAll(/\{([a-z]+)\}/g, (_, name: string) =>
    encodeURIComponent(params[name] ?? harness.workflow),
  );
  const response = await harness.app.inject(request(method, url + query, bearer, body));
  judge.check(method, path, response);
  return response;
}

const agent = () => ({ bearer: harness.agent.token });

describe('a workflow over HTTP', () => {
  test('is opened by a key with the right, for a user and with a mandate', async () => {
    const body = { onBehalfOf: { id: 'alice', groups: ['hr'] }, mandate: 'Onboard Bob.', limits: { delete: 5 } };
    const opened = await send('POST', '/v1/workflows', { bearer: KEYS.opener, body });
    expect(opened.statusCode).toBe(201);
    const seen = await send('GET', '/v1/workflows/{id}', { bearer: KEYS.admin, params: { id: opened.json().id } });
    expect(seen.json()).toMatchObject({ onBehalfOf: { id: 'alice' }, mandate: 'Onboard Bob.', limits: { delete: 5 } });
    const list = await send('GET', '/v1/workflows', { bearer: KEYS.admin });
    expect(list.json().workflows.map(({ id }: { id: string }) => id)).toContain(opened.json().id);
    expect((await send('POST', '/v1/workflows', { bearer: KEYS.approver, body })).json().code).toBe('FORBIDDEN');
  });

  test('lets agents in, and a revoked one no longer acts', async () => {
    const joined = await send('POST', '/v1/workflows/{id}/sessions', { bearer: KEYS.opener, body: { agent: 'guest' } });
    expect(joined.statusCode).toBe(201);
    const { token, session } = joined.json();
    const call = READ;
    expect((await send('POST', '/v1/actions', { bearer: token, body: call })).json().decision).toBe('allow');
    const params = { id: harness.workflow, session };
    const path = '/v1/workflows/{id}/sessions/{session}';
    const revoked = await send('DELETE', path, { bearer: KEYS.admin, params, query: '?reason=done' });
    expect([revoked.statusCode, revoked.body]).toEqual([204, '']);
    expect((await send('POST', '/v1/actions', { bearer: token, body: call })).json().code).toBe('UNAUTHENTICATED');
  });

  test('records what one agent tells another', async () => {
    const told = { to: harness.helper.session, kind: 'hand-off', text: 'You go on.', agent: 'planner' };
    const response = await send('POST', '/v1/workflows/{id}/messages', { ...agent(), body: told });
    expect(response.statusCode).toBe(200);
  });

  test('is frozen and thawed by an administrator only', async () => {
    const path = '/v1/workflows/{id}/freeze';
    for (const frozen of [true, false]) {
      const body = { frozen, reason: 'an incident' };
      expect((await send('POST', path, { bearer: KEYS.admin, body })).statusCode).toBe(200);
      expect((await send('GET', '/v1/workflows/{id}', { bearer: KEYS.admin })).json().frozen).toBe(frozen);
    }
    const refused = await send('POST', path, { bearer: KEYS.opener, body: { frozen: true, reason: 'mischief' } });
    expect(refused.json().code).toBe('FORBIDDEN');
  });
});

describe('what a workflow did', () => {
  test('is shown as a typed graph, denied attempts included', async () => {
    await send('POST', '/v1/actions', { ...agent(), body: LEAK });
    const response = await send('GET', '/v1/workflows/{id}/graph', { bearer: KEYS.admin });
    expect(response.statusCode).toBe(200);
    expect(response.json().edges).toEqual(expect.arrayContaining([expect.objectContaining({ kind: 'denied' })]));
    expect((await send('GET', '/v1/workflows/{id}/graph', { bearer: KEYS.otherAdmin })).json().code).toBe('NOT_FOUND');
  });

  test('loses a label only by an administrator’s endorsement', async () => {
    const path = '/v1/workflows/{id}/endorsements';
    const body = { session: harness.agent.session, label: 'hr', reason: 'It was a test record.' };
    expect((await send('POST', path, { bearer: KEYS.admin, body })).statusCode).toBe(200);
    expect((await send('POST', path, { bearer: KEYS.opener, body })).json().code).toBe('FORBIDDEN');
  });

  test('is taken back by an administrator, with what could not be', async () => {
    const write = { ...WRITE, id: 'to-undo' };
    expect((await send('POST', '/v1/actions', { ...agent(), body: write })).json().decision).toBe('allow');
    const undone = await send('POST', '/v1/workflows/{id}/undo', { bearer: KEYS.admin, body: {} });
    expect(undone.statusCode).toBe(200);
    expect(undone.json().steps).toMatchObject([{ action: 'to-undo', status: 'impossible' }]);
    const refused = await send('POST', '/v1/workflows/{id}/undo', { bearer: KEYS.opener, body: {} });
    expect(refused.json().code).toBe('FORBIDDEN');
  });
  test('is put in quarantine and released by an administrator', async () => {
    const opened = await send('POST', '/v1/workflows', { bearer: KEYS.opener, body: { onBehalfOf: { id: 'alice' } } });
    const params = { id: opened.json().id };
    const join = { bearer: KEYS.opener, params, body: { agent: 'guest' } };
    const { token, session } = (await send('POST', '/v1/workflows/{id}/sessions', join)).json();
    const path = '/v1/workflows/{id}/quarantine';
    const body = { session, reason: 'It read a forged page.' };
    expect((await send('POST', path, { bearer: KEYS.opener, params, body })).json().code).toBe('FORBIDDEN');
    const both = { ...body, action: 'a' };
    expect((await send('POST', path, { bearer: KEYS.admin, params, body: both })).json().code).toBe('INVALID_CALL');
    expect((await send('POST', path, { bearer: KEYS.admin, params, body })).json().sessions).toEqual([session]);
    const call = { bearer: token, body: READ };
    expect((await send('POST', '/v1/actions', call)).json().code).toBe('QUARANTINED');
    const released = await send('POST', '/v1/workflows/{id}/release', { bearer: KEYS.admin, params, body });
    expect(released.statusCode).toBe(200);
    expect((await send('POST', '/v1/actions', call)).json().decision).toBe('allow');
  });

  test('is erased by an administrator only, and is closed from then on', async () => {
    const path = '/v1/workflows/{id}/erase';
    const body = { reason: 'the user asked for it' };
    const opening = { bearer: KEYS.opener, body: { onBehalfOf: { id: 'alice' } } };
    const params = { id: (await send('POST', '/v1/workflows', opening)).json().id };
    expect((await send('POST', path, { bearer: KEYS.opener, body, params })).json().code).toBe('FORBIDDEN');
    expect((await send('POST', path, { bearer: KEYS.admin, body: {}, params })).json().code).toBe('INVALID_CALL');
    const erased = await send('POST', path, { bearer: KEYS.admin, body, params });
    expect([erased.statusCode, erased.json()]).toEqual([200, { from: 1, to: 1, version: 2 }]);
    const seen = await send('GET', '/v1/workflows/{id}', { bearer: KEYS.admin, params });
    expect(seen.json().erased).toMatchObject(body);
    const late = { bearer: KEYS.opener, body: { agent: 'late' }, params };
    const again = await send('POST', '/v1/workflows/{id}/sessions', late);
    expect([again.statusCode, again.json().code]).toEqual([410, 'WORKFLOW_ERASED']);
  });

  test('is stopped with all others where an administrator freezes an agent, a system or the tenant', async () => {
    const body = { scope: { kind: 'tenant' }, frozen: true, reason: 'An incident.' };
    expect((await send('POST', '/v1/freezes', { bearer: KEYS.opener, body })).json().code).toBe('FORBIDDEN');
    const frozen = await send('POST', '/v1/freezes', { bearer: KEYS.admin, body });
    expect(frozen.json()).toEqual({ tenant: true, agents: [], systems: [] });
    expect((await send('POST', '/v1/actions', { ...agent(), body: WRITE })).json().code).toBe('TENANT_FROZEN');
    const lift = { ...body, frozen: false };
    expect((await send('POST', '/v1/freezes', { bearer: KEYS.admin, body: lift })).statusCode).toBe(200);
    expect((await send('GET', '/v1/freezes', { bearer: KEYS.admin })).json().tenant).toBe(false);
  });
});

describe('an action over HTTP', () => {
  test('that is refused is a 200 with its decision', async () => {
    const response = await send('POST', '/v1/actions', {
      ...agent(),
      body: LEAK,
    });
    expect(response.statusCode).toBe(200);
    expect(response.json()).toMatchObject({ decision: 'deny', code: 'DENIED_BY_POLICY', state: 'denied' });
  });

  test('that the caller executes itself is permitted once and settled once', async () => {
    const body = { ...WRITE, id: 'own-1' };
    expect((await send('POST', '/v1/decisions', { ...agent(), body })).json().state).toBe('permitted');
    const outcome = { ...agent(), params: { id: 'own-1' }, body: { status: 'succeeded', result: { ok: true } } };
    const settled = await send('POST', '/v1/actions/{id}/outcome', outcome);
    expect(settled.json().outcome).toEqual({ status: 'succeeded', result: { ok: true } });
    expect((await send('POST', '/v1/actions/{id}/outcome', outcome)).json().code).toBe('PERMIT_USED');
  });

  test('with the same id and call is answered again, with another call it is refused', async () => {
    const body = { ...WRITE, id: 'same-1' };
    const first = await send('POST', '/v1/actions', { ...agent(), body });
    expect((await send('POST', '/v1/actions', { ...agent(), body })).json()).toEqual(first.json());
    const other = await send('POST', '/v1/actions', {
      ...agent(),
      body: { ...body, input: { ...WRITE.input, text: 'other' } },
    });
    expect([other.statusCode, other.json().code]).toEqual([409, 'ACTION_ID_REUSED']);
  });

  test('is explained to its agent', async () => {
    await send('POST', '/v1/actions', { ...agent(), body: { ...READ, id: 'why@1' } });
    const why = await send('GET', '/v1/actions/{id}/explanation', { ...agent(), params: { id: 'why@1' } });
    expect(why.json().policies[0].title).toBe('Everything is permitted here.');
    const others = { bearer: harness.helper.token, params: { id: 'why@1' } };
    expect((await send('GET', '/v1/actions/{id}/explanation', others)).statusCode).toBe(404);
  });

  test('that is held is waited for, and ends when a human has answered', async () => {
    const body = { ...SEND, id: 'held-1' };
    const held = (await send('POST', '/v1/actions', { ...agent(), body })).json();
    expect(held).toMatchObject({ decision: 'step_up', state: 'held' });
    const waiting = send('GET', '/v1/actions/{id}', { ...agent(), params: { id: 'held-1' }, query: '?waitMs=60000' });
    const params = { id: held.approval.ids[0] };
    const shown = await send('GET', '/v1/approvals/{id}', { bearer: KEYS.approver, params });
    expect(shown.json()).toMatchObject({ state: 'pending', input: SEND.input });
    const approve = { bearer: KEYS.approver, params, body: { answer: 'approve', reason: 'Bob has left.' } };
    expect((await send('POST', '/v1/approvals/{id}', approve)).json().answer.by).toBe('anna');
    expect((await waiting).json()).toMatchObject({ decision: 'allow', outcome: { status: 'succeeded' } });
    const again = await send('POST', '/v1/approvals/{id}', approve);
    expect([again.statusCode, again.json().code]).toEqual([409, 'APPROVAL_ANSWERED']);
    const open = await send('GET', '/v1/approvals', { bearer: KEYS.approver });
    const all = await send('GET', '/v1/approvals', { bearer: KEYS.approver, query: '?all=true' });
    expect([open, all].map((list) => list.json().approvals.length)).toEqual([0, 1]);
  });
});

describe('the server', () => {
  test('lists the operations, says how it is and what an error means', async () => {
    expect((await send('GET', '/v1/operations', agent())).json().operations).toHaveLength(3);
    for (const path of ['/livez', '/readyz']) expect((await send('GET', path)).json()).toEqual({ status: 'ok' });
    expect((await send('GET', '/errors/{code}', { params: { code: 'DUPLICATE_KEY' } })).json().status).toBe(400);
    expect((await send('GET', '/errors/{code}', { params: { code: 'NONE' } })).statusCode).toBe(404);
  });

  test("tells its metrics in Prometheus' format, to operators only", async () => {
    const { body } = await send('GET', '/metrics', { bearer: KEYS.nobody });
    expect(body).toMatch(/^# HELP interlock_[a-z_]+ .+\n# TYPE interlock_[a-z_]+ (counter|gauge)\ninterlock_/);
    expect((await send('GET', '/metrics', agent())).json().code).toBe('FORBIDDEN');
    expect((await send('GET', '/metrics')).json().code).toBe('UNAUTHENTICATED');
  });

  test('describes itself in valid OpenAPI 3.1', async () => {
    const description = (await send('GET', '/openapi.json')).json();
    expect(await new Validator().validate(description)).toMatchObject({ valid: true });
    expect(description.openapi).toBe('3.1.0');
  });

  test('describes every route that it serves, and serves every route that it describes', async () => {
    const described = Object.entries(judge.description.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(described.toSorted()).toEqual(ALL_ROUTES.map(({ method, path }) => `${method} ${path}`).toSorted());
    for (const { method, path } of ALL_ROUTES) {
      expect(harness.app.hasRoute({ method, url: path.replaceAll(/\{([a-z]+)\}/g, ':$1') }), path).toBe(true);
    }
    // The stream has tests of its own; every other operation's answer was held against the description above.
    expect(described.filter((operation) => !judge.checked.has(operation))).toEqual(['GET /v1/events']);
  });
});
