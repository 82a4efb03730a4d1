import type { InjectOptions } from 'fastify';
import { type AttackCase, get, headed, withHeaders } from './attack-case.ts';
import { type Harness, KEYS, request } from './harness.ts';

export const UNKNOWN_ROUTES: readonly AttackCase[] = [
  { title: 'an unknown path', send: get('/v1/admin'), code: 'NOT_FOUND' },
  { title: 'a known path in another case', send: get('/V1/Workflows'), code: 'NOT_FOUND' },
  { title: 'a known path with more behind it', send: get('/v1/workflows/wf_1/secrets'), code: 'NOT_FOUND' },
  { title: 'a known path with a dot behind it', send: get('/v1/workflows.'), code: 'NOT_FOUND' },
  {
    title: 'an unknown path with bad JSON',
    send: () => request('POST', '/v1/nothing', undefined, '{'),
    code: 'NOT_FOUND',
  },
  { title: 'an id that is none', send: get('/v1/workflows/(all)'), code: 'NOT_FOUND' },
  { title: 'an id that is too long', send: get(`/v1/workflows/${'a'.repeat(129)}`), code: 'NOT_FOUND' },
  { title: 'an id that is far too long', send: get(`/v1/workflows/${'a'.repeat(5_000)}`), code: 'NOT_FOUND' },
  { title: 'a method override header', send: (h) => overridden(h, 'x-http-method-override'), code: 'NOT_FOUND' },
  { title: 'another method override header', send: (h) => overridden(h, 'x-method-override'), code: 'NOT_FOUND' },
  {
    title: 'X-Original-URL',
    send: () => withHeaders(get('/v1/none')(), { 'x-original-url': '/v1/workflows' }),
    code: 'NOT_FOUND',
  },
  {
    title: 'TRACE',
    send: () => ({ ...get('/v1/workflows')(), method: 'TRACE' }) as unknown as InjectOptions,
    code: 'NOT_FOUND',
  },
  { title: 'an approval by GET', send: get('/v1/approvals/apr_1?answer=approve'), code: 'INVALID_CALL' },
  {
    title: 'a GET with a body',
    send: () => withHeaders({ ...get('/v1/workflows')(), payload: '{}' }, {}),
    code: 'INVALID_CALL',
  },
  { title: 'an unknown query parameter', send: get('/v1/workflows?tenant=evil'), code: 'INVALID_CALL' },
  { title: 'a repeated query parameter', send: get('/v1/approvals?all=false&all=true'), code: 'INVALID_CALL' },
  {
    title: 'waiting for ever',
    send: (h) => request('GET', '/v1/actions/a?waitMs=60001', h.agent.token),
    code: 'INVALID_CALL',
  },
  {
    title: 'waiting for 1e3 ms',
    send: (h) => request('GET', '/v1/actions/a?waitMs=1e3', h.agent.token),
    code: 'INVALID_CALL',
  },
];

function overridden(harness: Harness, header: string): InjectOptions {
  const url = `/v1/workflows/${harness.workflow}/sessions/${harness.helper.session}`;
  return withHeaders(request('POST', url, KEYS.admin, {}), { [header]: 'DELETE' });
}

export const ORIGINS: readonly AttackCase[] = [
  { title: 'a rebound name', send: headed({ host: 'evil.example' }), code: 'ORIGIN_REFUSED' },
  { title: 'a rebound name with our port', send: headed({ host: 'evil.example:8080' }), code: 'ORIGIN_REFUSED' },
  { title: 'a name that begins like ours', send: headed({ host: '127.0.0.1.evil.example' }), code: 'ORIGIN_REFUSED' },
  { title: 'user information in the Host', send: headed({ host: '127.0.0.1@evil.example' }), code: 'ORIGIN_REFUSED' },
  { title: 'two hosts in one header', send: headed({ host: '127.0.0.1, evil.example' }), code: 'ORIGIN_REFUSED' },
  { title: 'an empty Host', send: headed({ host: '' }), code: 'ORIGIN_REFUSED' },
  { title: "another site's page", send: headed({ origin: 'https://evil.example' }), code: 'ORIGIN_REFUSED' },
  {
    title: 'a page on another port of this machine',
    send: headed({ origin: 'http://127.0.0.1:9999' }),
    code: 'ORIGIN_REFUSED',
  },
  { title: 'a page without an origin of its own', send: headed({ origin: 'null' }), code: 'ORIGIN_REFUSED' },
  {
    title: 'an origin that begins like an allowed one',
    send: headed({ origin: 'https://console.example.evil.example' }),
    code: 'ORIGIN_REFUSED',
  },
];

/** Targets that a client library would tidy up before sending; they go through a real socket. */
export const AMBIGUOUS_TARGETS: readonly string[] = [
  '//v1/workflows',
  '/v1//workflows',
  '/v1/workflows/',
  '/v1/./workflows',
  '/v1/x/../workflows',
  '/v1/workflows/..',
  '/v1/x/%2e%2e/workflows',
  '/v1/%252e%252e/workflows',
  '/v1/workflows%2Fwf_1',
  '/v1/workflows;x=y',
  '/v1/workflows%3Bx=y',
  '/v1/workflows%00',
  '/v1\\workflows',
  '/v1/%77orkflows',
  '/v1/workflows/%zz',
  '/v1/workflows#x',
  'http://127.0.0.1/v1/workflows',
  'http://evil.example/v1/workflows',
];
