import { BOUNDS } from '../../src/lib/bounds.ts';
import type { ErrorCode } from '../../src/lib/errors.ts';
import type { JsonObject } from '../../src/lib/json.ts';
import type { Surface, WrittenCall } from './surfaces.ts';

const call = (operation: string, input: unknown, id?: string): WrittenCall => ({
  operation,
  inputText: JSON.stringify(input),
  ...(id === undefined ? {} : { id }),
});
const READ = 'notes.note.read';
const WRITE = 'notes.note.write';
const SEND = 'notes.note.send';
const text = (inputText: string): WrittenCall => ({ operation: WRITE, inputText });

export interface GovernedCase {
  readonly title: string;
  /** The last one is compared; those before it make the history. */
  readonly calls: readonly WrittenCall[];
  /** What the answer to the last one must at least say. */
  readonly answer: object;
  /** How often the system was changed by all of them. */
  readonly effects: number;
}

/** Calls that are governed: every surface gives the same answer. */
export const GOVERNED: readonly GovernedCase[] = [
  {
    title: 'an allowed write',
    calls: [call(WRITE, { id: 'n2', text: 'x' })],
    answer: { decision: 'allow', state: 'completed', outcome: { status: 'succeeded', result: { ok: true } } },
    effects: 1,
  },
  {
    title: 'a read of what is not there',
    calls: [call(READ, { id: 'none' })],
    answer: { decision: 'allow', outcome: { status: 'failed', code: 'EXECUTION_FAILED' } },
    effects: 0,
  },
  {
    title: 'a result under obligations',
    calls: [call(READ, { id: 'hr-1' })],
    answer: {
      decision: 'modify',
      outcome: { status: 'succeeded', result: { text: 'salary', ssn: '000-00-0000', tags: ['a'] } },
    },
    effects: 0,
  },
  {
    title: 'an input that obligations change',
    calls: [call(WRITE, { id: 'n2', text: 'x', copies: 9 })],
    answer: { decision: 'modify', input: { copies: 3 }, reasons: [{ policy: 'few-copies' }] },
    effects: 1,
  },
  {
    title: 'a leak after what was read',
    calls: [call(READ, { id: 'hr-1' }), call(SEND, { id: 'n1', to: 'x@example.com' })],
    answer: { decision: 'deny', code: 'DENIED_BY_POLICY', reasons: [{ policy: 'no-leak', severity: 'high' }] },
    effects: 0,
  },
  {
    title: 'the same sending without the read',
    calls: [call(READ, { id: 'n1' }), call(SEND, { id: 'n1', to: 'x@example.com' })],
    answer: { decision: 'allow', outcome: { status: 'succeeded' } },
    effects: 1,
  },
  {
    title: 'what no policy permits',
    calls: [call(WRITE, { id: 'unpermitted', text: 'x' })],
    answer: { decision: 'deny', code: 'NO_PERMIT' },
    effects: 0,
  },
  {
    title: 'what a human must approve',
    calls: [call(SEND, { id: 'n1', to: 'x@partner.example' })],
    answer: { decision: 'step_up', state: 'held', approval: { groups: ['managers'] } },
    effects: 0,
  },
  {
    title: 'what must wait',
    calls: [call(SEND, { id: 'n1', to: 'x@slow.example' })],
    answer: { decision: 'defer', state: 'held', waitingFor: ['delay'] },
    effects: 0,
  },
  {
    title: 'a repetition under its id',
    calls: [call(WRITE, { id: 'n2', text: 'x' }, 'a1'), call(WRITE, { text: 'x', id: 'n2' }, 'a1')],
    answer: { id: 'a1', decision: 'allow', outcome: { status: 'succeeded', result: { ok: true } } },
    effects: 1,
  },
];

export interface RefusedCase {
  readonly title: string;
  readonly call: WrittenCall;
  readonly beside?: JsonObject;
  readonly code: ErrorCode;
  /** Where a surface has a word of its own for it. */
  readonly codes?: Partial<Record<Surface['name'], ErrorCode>>;
  /** Surfaces without text have no such thing. */
  readonly isOnlyText?: boolean;
}

const nested = (levels: number): string => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`;
const IDENTITY = ['tenant', 'workflow', 'session', 'agent', 'onBehalfOf'] as const;

/** Calls that cannot be governed: every surface answers with the same code, and nothing changes. */
export const REFUSED: readonly RefusedCase[] = [
  { title: 'an unknown operation', call: call('notes.note.burn', {}), code: 'UNKNOWN_OPERATION' },
  { title: 'an unknown system', call: call('nothing.note.read', {}), code: 'UNKNOWN_OPERATION' },
  { title: 'an operation that is no name', call: call('notes', {}), code: 'UNKNOWN_OPERATION' },
  { title: 'an operation without a name', call: call('', {}), code: 'INVALID_CALL' },
  { title: 'an operation with too long a name', call: call(`notes.note.${'x'.repeat(200)}`, {}), code: 'INVALID_CALL' },
  { title: 'a wrong type', call: call(WRITE, { id: 7, text: 'x' }), code: 'INVALID_INPUT' },
  { title: 'a number in words', call: call(WRITE, { id: 'n', text: 'x', copies: '1' }), code: 'INVALID_INPUT' },
  { title: 'a fraction for a count', call: call(WRITE, { id: 'n', text: 'x', copies: 1.5 }), code: 'INVALID_INPUT' },
  { title: 'a count of nothing', call: call(WRITE, { id: 'n', text: 'x', copies: 0 }), code: 'INVALID_INPUT' },
  { title: 'null for a text', call: call(WRITE, { id: 'n', text: null }), code: 'INVALID_INPUT' },
  { title: 'a missing field', call: call(WRITE, { id: 'n' }), code: 'INVALID_INPUT' },
  { title: 'an unknown field', call: call(WRITE, { id: 'n', text: 'x', dryRun: true }), code: 'INVALID_INPUT' },
  { title: 'a field in another case', call: call(WRITE, { ID: 'n', id: 'n', text: 'x' }), code: 'INVALID_INPUT' },
  ...IDENTITY.map((name) => ({
    title: `${name} in the input`,
    call: call(WRITE, { id: 'n', text: 'x', [name]: 'root' }),
    code: 'INVALID_INPUT' as const,
  })),
  ...IDENTITY.map((name) => ({
    title: `${name} beside the input`,
    call: call(WRITE, { id: 'n', text: 'x' }),
    beside: { [name]: 'root' },
    code: 'INVALID_CALL' as const,
    // Only here may a call say who asks; it must agree with the token.
    codes: { http: 'IDENTITY_MISMATCH' as const },
  })),
  {
    title: 'a decision of its own',
    call: call(WRITE, { id: 'n', text: 'x' }),
    beside: { decision: 'allow' },
    code: 'INVALID_CALL',
  },
  { title: 'a list as input', call: text('[]'), code: 'INVALID_CALL' },
  { title: 'null as input', call: text('null'), code: 'INVALID_CALL' },
  { title: 'a text as input', call: text('"x"'), code: 'INVALID_CALL' },
  {
    title: 'an integer beyond 2^53',
    call: text('{"id":"n","text":"x","copies":9007199254740993}'),
    code: 'UNSAFE_NUMBER',
  },
  { title: 'an infinite number', call: text('{"id":"n","text":"x","copies":1e400}'), code: 'UNSAFE_NUMBER' },
  { title: '__proto__', call: text('{"id":"n","text":"x","__proto__":{"copies":2}}'), code: 'FORBIDDEN_KEY' },
  { title: 'constructor', call: text('{"id":"n","text":"x","constructor":{}}'), code: 'FORBIDDEN_KEY' },
  {
    title: '__entity',
    call: text('{"id":{"__entity":{"type":"Agent","id":"root"}},"text":"x"}'),
    code: 'FORBIDDEN_KEY',
  },
  { title: '__extn, deep', call: text('{"a":[{"b":{"__extn":{"fn":"ip","arg":"::1"}}}]}'), code: 'FORBIDDEN_KEY' },
  { title: 'half of a surrogate pair', call: text('{"id":"\\ud800","text":"x"}'), code: 'MALFORMED_JSON' },
  { title: 'nesting that is too deep', call: text(nested(100)), code: 'TOO_DEEP' },
  { title: 'most of a megabyte of nesting', call: text(nested(150_000)), code: 'TOO_DEEP' },
  { title: 'too many values', call: text(`{"a":[${'0,'.repeat(60_000)}0]}`), code: 'TOO_DEEP' },
  {
    title: 'more than a megabyte',
    call: call(WRITE, { id: 'n', text: 'x'.repeat(BOUNDS.bodyBytes) }),
    code: 'TOO_LARGE',
  },
  { title: 'an id with a slash', call: call(WRITE, { id: 'n', text: 'x' }, 'a/b'), code: 'INVALID_CALL' },
  { title: 'an id with a space', call: call(WRITE, { id: 'n', text: 'x' }, 'a b'), code: 'INVALID_CALL' },
  {
    title: 'an id with Cyrillic letters',
    call: call(WRITE, { id: 'n', text: 'x' }, 'approv\u0435d'),
    code: 'INVALID_CALL',
  },
  { title: 'an id that is too long', call: call(WRITE, { id: 'n', text: 'x' }, 'a'.repeat(129)), code: 'INVALID_CALL' },
  { title: 'an empty id', call: call(WRITE, { id: 'n', text: 'x' }, ''), code: 'INVALID_CALL' },
  { title: 'a key twice', call: text('{"id":"n","id":"m","text":"x"}'), code: 'DUPLICATE_KEY', isOnlyText: true },
  {
    title: 'a key twice, once escaped',
    call: text('{"id":"n","\\u0069d":"m","text":"x"}'),
    code: 'DUPLICATE_KEY',
    isOnlyText: true,
  },
  { title: 'what is not JSON', call: text('{"id":n}'), code: 'MALFORMED_JSON', isOnlyText: true },
  { title: 'a comment', call: text('{"id":"n"/**/,"text":"x"}'), code: 'MALFORMED_JSON', isOnlyText: true },
  { title: 'half an input', call: text('{"id":"n"'), code: 'MALFORMED_JSON', isOnlyText: true },
];
