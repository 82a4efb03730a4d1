import { expect, test } from 'vitest';
import { type ConnectorDescriptor, descriptorOf } from '../../../src/connector/conformance/descriptor.ts';
import { incompatibilities } from '../../../src/connector/conformance/incompatibilities.ts';
import { openSubject } from '../../../src/connector/conformance/subject.ts';
import { GOOD } from './mutants.ts';

const descriptor = descriptorOf(await openSubject(GOOD));
const before = JSON.parse(JSON.stringify(descriptor));

/** The descriptor with one of its operations changed; undefined removes it. */
function changed(name: string, change: (operation: ConnectorDescriptor['operations'][number]) => object | undefined) {
  const operations = descriptor.operations.flatMap((operation) => {
    if (operation.name !== `tracker.ticket.${name}`) return [operation];
    const next = change(operation);
    return next === undefined ? [] : [{ ...operation, ...next }];
  });
  return JSON.parse(JSON.stringify({ ...descriptor, operations }));
}

test('what has not changed breaks nobody, nor does what was added', () => {
  expect(incompatibilities(before, descriptor)).toEqual([]);
  expect(incompatibilities({ ...before, operations: [] }, descriptor)).toEqual([]);
});

test('a fact that is gone, or of another type, breaks whoever asks for it', () => {
  const fact = { name: 'openTickets', type: 'Long' };
  expect(incompatibilities({ ...before, facts: [fact] }, descriptor)).toEqual(['the fact openTickets is gone']);
  const now = {
    ...descriptor,
    facts: [{ ...fact, type: 'String', title: '', about: 'user', ttlMs: 1, evidence: [] }],
  } as const;
  expect(incompatibilities({ ...before, facts: [fact] }, now)).toEqual(['the fact openTickets is of another type']);
});

const withInput = (change: object) => (operation: { readonly input: unknown }) => ({
  input: { ...Object(operation.input), ...change },
});

test.each([
  ['an operation is gone', changed('get', () => undefined), /tracker\.ticket\.get is gone/],
  [
    'an input asks for more',
    changed('create', withInput({ required: ['title', 'notify'] })),
    /create: the input now requires notify/,
  ],
  ['an input takes less', changed('create', withInput({ properties: {} })), /no longer takes title/],
  [
    'a choice is gone',
    changed('list', ({ input }) => {
      const { properties } = Object(input);
      return { input: { ...Object(input), properties: { ...properties, status: { type: 'string', enum: ['open'] } } } };
    }),
    /status of the input takes less/,
  ],
  ['a result says less', changed('get', () => ({ output: { type: 'object', properties: {} } })), /no longer has id/],
  ['an effect is weakened', changed('create', () => ({ effectKinds: ['create'] })), /the effect communicate is gone/],
  [
    'an effect is no longer seen outside',
    changed('create', () => ({ mayBe: ['irreversible'] })),
    /no case is external any more/,
  ],
  ['a label is gone', changed('get', () => ({ labels: [] })), /the label untrusted is gone/],
  [
    'it may be repeated now',
    changed('create', () => ({ repeat: 'naturally-idempotent' })),
    /was at-most-once, and may now be repeated/,
  ],
  ['it can no longer be taken back', changed('create', () => ({ undo: 'none' })), /can no longer be undone/],
  ['it can no longer be read back', changed('create', () => ({ readBack: false })), /can no longer be read back/],
])('%s', (_, now, finds) => {
  expect(incompatibilities(before, now).join('\n')).toMatch(finds);
});
