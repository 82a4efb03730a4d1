import { type AttackCase, call, headed } from './attack-case.ts';
import { READ } from './harness.ts';

const mediaType = (contentType: string) => headed({ 'content-type': contentType });
const deep = (levels: number) =>
  `{"operation":"notes.note.read","input":${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}}`;

export const BODIES: readonly AttackCase[] = [
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

export const MEDIA_TYPES: readonly AttackCase[] = [
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
