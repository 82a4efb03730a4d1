import type { InjectOptions } from 'fastify';
import type { ErrorCode } from '../../../src/lib/errors.ts';
import { type Harness, KEYS, READ, request } from './harness.ts';

/** A bad request, what it must be answered, and where it was seen. */
export interface AttackCase {
  readonly title: string;
  readonly send: (harness: Harness) => InjectOptions;
  readonly code: ErrorCode;
}

const call = (body: unknown) => (harness: Harness) => request('POST', '/v1/actions', harness.agent.token, body);
const get =
  (url: string, bearer: string = KEYS.admin) =>
  () =>
    request('GET', url, bearer);
const headed = (headers: Record<string, string>) => (harness: Harness) => {
  const sent = call(READ)(harness);
  return { ...sent, headers: { ...sent.headers, ...headers } };
};
const mediaType = (contentType: string) => headed({ 'content-type': contentType });
const deep = (levels: number) =>
  `{"operation":"notes.note.read","input":${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}}`;

const BODIES: readonly AttackCase[] = [
  { title: 'not JSON', send: call('operation=notes.note.read'), code: 'MALFORMED_JSON' },
  { title: 'no body', send: call(''), code: 'MALFORMED_JSON' },
  { title: 'a trailing comma', send: call('{"operation":"notes.note.read","input":{},}'), code: 'MALFORMED_JSON' },
  {
    title: 'a duplicate key',
    send: call('{"operation":"notes.note.read","operation":"notes.note.send","input":{}}'),
    code: 'DUPLICATE_KEY',
  },
  {
    title: 'a duplicate key, escaped and deep',
    send: call('{"operation":"notes.note.read","input":{"a":{"b":1,"\\u0062":2}}}'),
    code: 'DUPLICATE_KEY',
  },
  {
    title: 'a key in another case',
    send: call({ Operation: 'notes.note.read', operation: 'notes.note.read', input: {} }),
    code: 'INVALID_CALL',
  },
  {
    title: 'only the key in another case',
    send: call({ OPERATION: 'notes.note.read', input: {} }),
    code: 'INVALID_CALL',
  },
  {
    title: 'an integer beyond 2^53',
    send: call('{"operation":"notes.note.read","input":{"n":9007199254740993}}'),
    code: 'UNSAFE_NUMBER',
  },
  {
    title: 'an infinite number',
    send: call('{"operation":"notes.note.read","input":{"n":1e400}}'),
    code: 'UNSAFE_NUMBER',
  },
  {
    title: 'a hexadecimal number',
    send: call('{"operation":"notes.note.read","input":{"n":0x10}}'),
    code: 'MALFORMED_JSON',
  },
  { title: 'NaN', send: call('{"operation":"notes.note.read","input":{"n":NaN}}'), code: 'MALFORMED_JSON' },
  {
    title: 'half of a surrogate pair',
    send: call('{"operation":"notes.note.read","input":{"n":"\\ud800"}}'),
    code: 'MALFORMED_JSON',
  },
  {
    title: 'invalid UTF-8',
    send: (h) => ({ ...call(READ)(h), payload: Buffer.from([0x7b, 0xc0, 0xaf, 0x7d]) }),
    code: 'MALFORMED_JSON',
  },
  { title: 'a byte-order mark', send: call(`\uFEFF${JSON.stringify(READ)}`), code: 'MALFORMED_JSON' },
  {
    title: 'UTF-16',
    send: (h) => ({ ...call(READ)(h), payload: Buffer.from(JSON.stringify(READ), 'utf16le') }),
    code: 'MALFORMED_JSON',
  },
  {
    title: '__proto__',
    send: call('{"operation":"notes.note.read","input":{"__proto__":{"admin":true}}}'),
    code: 'FORBIDDEN_KEY',
  },
  {
    title: 'constructor',
    send: call('{"operation":"notes.note.read","input":{"constructor":{"prototype":{}}}}'),
    code: 'FORBIDDEN_KEY',
  },
  {
    title: "Cedar's __entity",
    send: call({ ...READ, input: { owner: { __entity: { type: 'Agent', id: 'admin' } } } }),
    code: 'FORBIDDEN_KEY',
  },
  {
    title: "Cedar's __extn",
    send: call({ ...READ, input: { a: { __extn: { fn: 'ip', arg: '::1' } } } }),
    code: 'FORBIDDEN_KEY',
  },
  { title: 'deep nesting', send: call(deep(1_000)), code: 'TOO_DEEP' },
  { title: 'a megabyte of nesting', send: call(`${'['.repeat(1_000_000)}`), code: 'TOO_DEEP' },
  {
    title: 'a hundred thousand values',
    send: call({ ...READ, input: { list: Array(100_000).fill(0) } }),
    code: 'TOO_DEEP',
  },
  { title: 'more than a megabyte', send: call({ ...READ, input: { text: 'x'.repeat(1_048_576) } }), code: 'TOO_LARGE' },
  { title: 'an array of calls', send: call([READ, READ]), code: 'INVALID_CALL' },
  { title: 'null', send: call('null'), code: 'INVALID_CALL' },
  { title: 'input that is not an object', send: call({ ...READ, input: [] }), code: 'INVALID_CALL' },
  { title: 'an unknown field', send: call({ ...READ, dryRun: false }), code: 'INVALID_CALL' },
  { title: 'a forged approval', send: call({ ...READ, approved: true }), code: 'INVALID_CALL' },
  { title: 'an id with a slash', send: call({ ...READ, id: '../x' }), code: 'INVALID_CALL' },
  { title: 'an id with a zero-width character', send: call({ ...READ, id: 'a\u200Bb' }), code: 'INVALID_CALL' },
  { title: 'an id with Cyrillic letters', send: call({ ...READ, id: 'approv\u0435d' }), code: 'INVALID_CALL' },
  { title: 'an unknown operation', send: call({ ...READ, operation: 'notes.note.burn' }), code: 'UNKNOWN_OPERATION' },
  {
    title: 'an operation in full-width letters',
    send: call({ ...READ, operation: 'ｎotes.note.read' }),
    code: 'UNKNOWN_OPERATION',
  },
];

const MEDIA_TYPES: readonly AttackCase[] = [
  'text/plain',
  'application/json\ta',
  ' application/json',
  'application/json ; charset=utf-7',
  'application/json;charset=utf-16',
  'application/json; charset=utf-8; charset=utf-8',
  'application/json; boundary=x',
  'application/json, text/plain',
  'application/jsonp',
  'application/vnd.api+json',
  'multipart/form-data; boundary=application/json',
  'application/x-www-form-urlencoded',
  '',
].map((sent) => ({
  title: `content type ${JSON.stringify(sent)}`,
  send: mediaType(sent),
  code: 'UNSUPPORTED_MEDIA_TYPE',
}));

const UNKNOWN_ROUTES: readonly AttackCase[] = [
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

const withHeaders = (sent: InjectOptions, headers: Record<string, string>): InjectOptions => ({
  ...sent,
  headers: { ...sent.headers, ...headers },
});

function overridden(harness: Harness, header: string): InjectOptions {
  const url = `/v1/workflows/${harness.workflow}/sessions/${harness.helper.session}`;
  return withHeaders(request('POST', url, KEYS.admin, {}), { [header]: 'DELETE' });
}

const ORIGINS: readonly AttackCase[] = [
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

const CREDENTIALS: readonly AttackCase[] = [
  { title: 'no credential', send: () => request('POST', '/v1/actions', undefined, READ), code: 'UNAUTHENTICATED' },
  {
    title: 'no credential and bad JSON',
    send: () => request('POST', '/v1/actions', undefined, '{'),
    code: 'UNAUTHENTICATED',
  },
  {
    title: 'an unknown credential',
    send: () => request('POST', '/v1/actions', 'wrong', READ),
    code: 'UNAUTHENTICATED',
  },
  { title: 'basic authentication', send: headed({ authorization: 'Basic a2V5LWFkbWluOg==' }), code: 'UNAUTHENTICATED' },
  {
    title: 'two credentials in one header',
    send: headed({ authorization: `Bearer ${KEYS.admin}, Bearer ${KEYS.opener}` }),
    code: 'UNAUTHENTICATED',
  },
  {
    title: 'a credential in the query',
    send: () => request('GET', `/v1/workflows?access_token=${KEYS.admin}`),
    code: 'UNAUTHENTICATED',
  },
  {
    title: 'a credential in a cookie',
    send: () => withHeaders(request('GET', '/v1/workflows'), { cookie: `key=${KEYS.admin}` }),
    code: 'UNAUTHENTICATED',
  },
  { title: 'an agent that claims another tenant', send: call({ ...READ, tenant: 'evil' }), code: 'IDENTITY_MISMATCH' },
  {
    title: 'an agent that claims another workflow',
    send: call({ ...READ, workflow: 'wf_99' }),
    code: 'IDENTITY_MISMATCH',
  },
  {
    title: 'an agent that claims another user',
    send: call({ ...READ, onBehalfOf: 'root' }),
    code: 'IDENTITY_MISMATCH',
  },
  { title: 'an agent that claims another agent', send: call({ ...READ, agent: 'helper' }), code: 'IDENTITY_MISMATCH' },
  {
    title: 'an agent that claims another session',
    send: (h) => call({ ...READ, session: h.helper.session })(h),
    code: 'IDENTITY_MISMATCH',
  },
  {
    title: 'an operator that claims another tenant',
    send: () => request('POST', '/v1/workflows', KEYS.opener, { onBehalfOf: { id: 'a' }, tenant: 'evil' }),
    code: 'IDENTITY_MISMATCH',
  },
  {
    title: 'an agent in the headers',
    send: headed({ authorization: 'Bearer none', 'x-agent': 'planner', 'x-tenant': 'acme' }),
    code: 'UNAUTHENTICATED',
  },
  {
    title: 'an agent that opens a workflow',
    send: (h) => request('POST', '/v1/workflows', h.agent.token, { onBehalfOf: { id: 'a' } }),
    code: 'FORBIDDEN',
  },
  {
    title: 'an agent that answers an approval',
    send: (h) => request('POST', '/v1/approvals/apr_1', h.agent.token, { answer: 'approve', reason: 'me' }),
    code: 'FORBIDDEN',
  },
  { title: 'an operator that acts', send: () => request('POST', '/v1/actions', KEYS.admin, READ), code: 'FORBIDDEN' },
  {
    title: "another tenant's workflow",
    send: (h) => request('GET', `/v1/workflows/${h.workflow}`, KEYS.otherAdmin),
    code: 'NOT_FOUND',
  },
  {
    title: "another tenant's freeze",
    send: (h) => request('POST', `/v1/workflows/${h.workflow}/freeze`, KEYS.otherAdmin, { frozen: true, reason: 'x' }),
    code: 'NOT_FOUND',
  },
  {
    title: 'an unknown approval',
    send: () => request('POST', '/v1/approvals/apr_404', KEYS.approver, { answer: 'approve', reason: 'x' }),
    code: 'NOT_FOUND',
  },
  {
    title: 'an approval answered with something truthy',
    send: () => request('POST', '/v1/approvals/apr_1', KEYS.approver, { answer: true, reason: 'x' }),
    code: 'INVALID_CALL',
  },
  {
    title: 'an approval without a reason',
    send: () => request('POST', '/v1/approvals/apr_1', KEYS.approver, { answer: 'approve', reason: '  ' }),
    code: 'INVALID_CALL',
  },
  { title: 'a compressed body', send: headed({ 'content-encoding': 'gzip' }), code: 'UNSUPPORTED_MEDIA_TYPE' },
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

export const ATTACK_CASES = { BODIES, MEDIA_TYPES, UNKNOWN_ROUTES, ORIGINS, CREDENTIALS };
