import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { credentials } from '@grpc/grpc-js';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import type { CheckResponse } from '../../../src/surface/gateway/envoy/check.ts';
import { type AskedOf, askExtAuthz, certificates, SAID } from './ask-ext-authz.ts';
import { APPROVER, EXAMPLES, startAskedInterlock } from './asked-interlock.ts';

const PAYMENT = '{"invoiceId":"i1","amount":5}';
const JSON_BODY = { 'content-type': 'application/json', 'x-envoy-auth-partial-body': 'false' };
const payment = (headers: Readonly<Record<string, string>>, body: string | Buffer = PAYMENT): AskedOf => ({
  method: 'POST',
  path: '/api/payments',
  headers,
  body,
});

async function openWorld() {
  const asked = await startAskedInterlock();
  const { token, workflow } = await asked.agent();
  const authorization = `Bearer ${token}`;
  const ask = ({ headers = {}, ...request }: AskedOf, metadata?: Readonly<Record<string, string>>) =>
    askExtAuthz(
      asked.meshPort,
      { ...request, headers: { authorization, ...headers } },
      metadata === undefined ? {} : { metadata },
    );
  return { asked, workflow, ask };
}

/** What a refusal says: its status, and Interlock's code where Envoy shows it. */
function refused({ status, ok_response: ok, denied_response: denied }: CheckResponse) {
  const code = denied?.headers.find(({ header }) => header.key === 'x-interlock-code')?.header.value;
  return { isOk: ok !== undefined && ok !== null, grpc: status.code, status: denied?.status.code, code };
}

describe('ext_authz over gRPC', () => {
  test('lets through what is allowed, with the action and without the token', async () => {
    const { ask, asked, workflow } = await openWorld();
    const { status, ok_response: ok } = await ask({ path: '/api/invoices?limit=5' });
    expect(status.code).toBe(0);
    expect(ok?.headers_to_remove).toEqual(['authorization']);
    const said = Object.fromEntries(
      (ok?.headers ?? []).map(({ header, append }) => [header.key, [header.value, append.value]]),
    );
    const { actions } = await asked.interlock.workflow(APPROVER, workflow);
    expect(said).toEqual({ 'x-interlock-action': [actions[0]?.id, false], 'x-interlock-workflow': [workflow, false] });
    expect(actions.map(({ operation, outcome }) => [operation, outcome])).toEqual([
      ['billing.invoice.list', 'unknown'],
    ]);
  });

  test.each([
    ['as a text', PAYMENT],
    ['as bytes', Buffer.from(PAYMENT)],
  ])('decides by a body that is shown %s', async (_how, body) => {
    const { ask } = await openWorld();
    expect(refused(await ask(payment(JSON_BODY, body)))).toMatchObject({ isOk: true });
    const large = '{"invoiceId":"i1","amount":5000}';
    const answer = await ask(payment(JSON_BODY, typeof body === 'string' ? large : Buffer.from(large)));
    expect(refused(answer)).toEqual({ isOk: false, grpc: 7, status: 403, code: 'DENIED_BY_POLICY' });
    expect(JSON.parse(answer.denied_response?.body ?? '')).toMatchObject({
      code: 'DENIED_BY_POLICY',
      reasons: [{ policy: 'billing-large-payments' }],
    });
  });

  test('holds, and lets through once it was approved, once', async () => {
    const { ask, asked } = await openWorld();
    const deletion: AskedOf = {
      method: 'DELETE',
      path: '/api/invoices/i1',
      headers: { 'x-interlock-action': 'del-1' },
    };
    const held = await ask(deletion);
    expect(refused(held)).toMatchObject({ status: 403, code: 'ACTION_HELD' });
    const approval =
      held.denied_response?.headers.find(({ header }) => header.key === 'x-interlock-approval')?.header.value ?? '';
    await asked.interlock.answerApproval(APPROVER, approval, { answer: 'approve', reason: 'It is a duplicate.' });
    const answers = (await Promise.all([ask(deletion), ask(deletion)])).map(refused);
    expect(answers.map(({ isOk }) => isOk).sort()).toEqual([false, true]);
    expect(refused(await ask(deletion))).toMatchObject({ isOk: false, code: 'PERMIT_USED' });
  });

  const NOT_SEEN: readonly (readonly [string, AskedOf])[] = [
    ['is cut', payment({ ...JSON_BODY, 'x-envoy-auth-partial-body': 'true' })],
    ['comes without a word on whether it is whole', payment({ 'content-type': 'application/json' })],
    [
      'is announced and not shown',
      { ...payment({ 'content-type': 'application/json', 'content-length': '29' }), body: '' },
    ],
    ['is announced in chunks and not shown', { ...payment({ 'transfer-encoding': 'chunked' }), body: '' }],
    ['is shorter than announced', payment({ ...JSON_BODY, 'content-length': '400' })],
    ['is no text', payment(JSON_BODY, Buffer.from([0xff, 0xfe]))],
  ];
  test.each(NOT_SEEN)('refuses a request whose body %s', async (_why, request) => {
    const { ask } = await openWorld();
    expect(refused(await ask(request))).toEqual({ isOk: false, grpc: 7, status: 403, code: 'BODY_NOT_SEEN' });
  });

  const REFUSED: readonly (readonly [string, AskedOf, string])[] = [
    [
      'body is JSON with a key twice',
      payment(JSON_BODY, '{"amount":5,"amount":5000,"invoiceId":"i1"}'),
      'DUPLICATE_KEY',
    ],
    ['body has an unknown field', payment(JSON_BODY, '{"invoiceId":"i1","amount":5,"to":"me"}'), 'INVALID_INPUT'],
    ['body is not what its type says', payment({ ...JSON_BODY, 'content-type': 'text/plain' }), 'INVALID_INPUT'],
    ['body is encoded', payment({ ...JSON_BODY, 'content-encoding': 'gzip' }), 'INVALID_INPUT'],
    ['body belongs to nothing', { ...payment(JSON_BODY), method: 'DELETE', path: '/api/invoices/i1' }, 'INVALID_INPUT'],
    ['body is missing', { ...payment({}), body: '' }, 'INVALID_INPUT'],
    ['connection is to be upgraded', { path: '/api/invoices', headers: { upgrade: 'websocket' } }, 'REQUEST_AMBIGUOUS'],
    ['path has two readings', { path: '/api/invoices/..;/payments' }, 'REQUEST_AMBIGUOUS'],
    ['result obligation cannot be fulfilled', { path: '/api/customers/c1' }, 'OBLIGATION_IMPOSSIBLE'],
    ['path is not known', { path: '/api/admin' }, 'UNKNOWN_OPERATION'],
    ['method is missing', { method: '', path: '/api/invoices' }, 'UNKNOWN_OPERATION'],
  ];
  test.each(REFUSED)('refuses a request whose %s', async (_why, request, code) => {
    const { ask } = await openWorld();
    expect(refused(await ask(request))).toEqual({ isOk: false, grpc: 7, status: 403, code });
  });

  const STRANGERS: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
    ['without the secret', { 'x-interlock-body': 'shown' }],
    ['with the secret of another gateway', { ...SAID, 'x-interlock-gateway-secret': 'e'.repeat(40) }],
  ];
  test.each(STRANGERS)('answers nobody %s, and by a refusal, not by an error', async (_why, metadata) => {
    const { ask } = await openWorld();
    expect(refused(await ask({ path: '/api/invoices' }, metadata))).toEqual({
      isOk: false,
      grpc: 16,
      status: 401,
      code: 'GATEWAY_UNKNOWN',
    });
  });

  test('believes no body to be shown where the gateway does not say so', async () => {
    const { ask } = await openWorld();
    const { 'x-interlock-gateway-secret': secret } = SAID;
    const answer = await ask({ path: '/api/invoices' }, { 'x-interlock-gateway-secret': secret });
    expect(refused(answer)).toMatchObject({ isOk: false, code: 'BODY_NOT_SEEN' });
  });

  test('an agent without a token, or with nobody’s, is told that nobody knows it', async () => {
    const { asked } = await openWorld();
    for (const headers of [{}, { authorization: 'Bearer x' }, { authorization: 'Bearer a,Bearer b' }])
      expect(refused(await askExtAuthz(asked.meshPort, { path: '/api/invoices', headers }))).toMatchObject({
        grpc: 16,
        status: 401,
        code: 'UNAUTHENTICATED',
      });
  });

  test('with a client authority, only who has a certificate of it gets through', async () => {
    const { ca, key, certificate, directory } = certificates();
    const pem = (name: string) => `file:${join(directory, name)}`;
    const tls = { certificate: pem('cert.pem'), key: pem('key.pem'), clientAuthority: pem('ca.pem') };
    const asked = await startAskedInterlock({ tls });
    const { token } = await asked.agent();
    const request = { path: '/api/invoices', headers: { authorization: `Bearer ${token}` } };
    const known = credentials.createSsl(Buffer.from(ca), Buffer.from(key), Buffer.from(certificate));
    expect(refused(await askExtAuthz(asked.meshPort, request, { channel: known }))).toMatchObject({ isOk: true });
    const unknown = credentials.createSsl(Buffer.from(ca));
    await expect(askExtAuthz(asked.meshPort, request, { channel: unknown })).rejects.toThrow();
  });

  test('the example for Envoy refuses what Interlock cannot answer, and shows bodies', () => {
    const { static_resources: resources } = parse(readFileSync(join(EXAMPLES, 'envoy.yaml'), 'utf8'));
    const manager = resources.listeners[0].filter_chains[0].filters[0].typed_config;
    const [{ typed_config: filter }] = manager.http_filters;
    expect(filter).toMatchObject({ failure_mode_allow: false, with_request_body: { allow_partial_message: false } });
    const said = filter.grpc_service.initial_metadata.map(({ key }: { key: string }) => key);
    expect(said).toEqual(Object.keys(SAID));
    expect([manager.normalize_path, manager.merge_slashes]).toEqual([false, false]);
  });
});
