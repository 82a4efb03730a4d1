import { describe, expect, test } from 'vitest';
import { transform } from '../../src/gate/transform.ts';
import type { Json, JsonObject } from '../../src/lib/json.ts';
import { parsePath } from '../../src/lib/json-path.ts';
import { createMemoryLog } from '../../src/workflow/memory-log.ts';
import { OddSystem } from '../support/odd-connector.ts';
import { operator, PERMIT_ALL, testGateway } from '../support/test-gateway.ts';

const forbid = (id: string, unless: string, when = 'true', action = 'odd.thing.read'): string =>
  `@id("${id}") @title("${id}.") @unless("${unless}") forbid(principal, action == Action::"${action}", resource) when { ${when} };`;

/** What an obligation must not let through, however the result is built. */
const HIDDEN: readonly (readonly [string, string, Json])[] = [
  ['a field', 'redact(result.ssn)', { ssn: 'S3CRET' }],
  ['a field of each element, where the path names none', 'redact(result.people.ssn)', { people: [{ ssn: 'S3CRET' }] }],
  ['a field of lists of lists', 'redact(result.people[*].ssn)', { people: [[{ ssn: 'S3CRET' }]] }],
  ['a field of one thing, where the path expects a list', 'redact(result.people[*].ssn)', { people: { ssn: 'S3CRET' } }],
  ['each element itself', 'redact(result.names[*])', { names: ['S3CRET', 'x'] }],
  ['the element, where it is one and no list', 'redact(result.names[*])', { names: 'S3CRET' }],
  ['a field at any depth', 'redact(result.**.ssn)', { a: [{ b: [[{ ssn: 'S3CRET' }]] }] }],
  ['a field at any depth, below one of the same name', 'redact(result.**.a.b)', { a: { a: { b: 'S3CRET' } } }],
  ['a field at any depth under odd keys', 'redact(result.**.ssn)', { 'a.b': { '': { '[*]': { ssn: 'S3CRET' } } } }],
  ['lists at any depth', 'redact(result.**.names[*])', { a: { names: ['S3CRET'] } }],
  ['an object as a whole', 'redact(result.person)', { person: { name: 'S3CRET' } }],
  ['an object as a whole, when masked', 'mask(result.person)', { person: { name: 'S3CRET' } }],
  ['a list as a whole, when masked', 'mask(result.names)', { names: ['S3CRET'] }],
  ['letters of every script', 'mask(result.name)', { name: 'S3CRET' }],
  ['the redacted before the masked', 'mask(result.ssn) and redact(result.ssn)', { ssn: 'S3CRET' }],
  ['what is dropped before it is masked', 'mask(result.ssn) and drop(result.ssn)', { ssn: 'S3CRET' }],
  ['elements past the limit', 'limit(result.names, 1)', { names: ['x', 'S3CRET'] }],
  ['elements past the limit, in lists of lists', 'limit(result.lists[*].names, 1)', { lists: [{ names: ['x', 'S3CRET'] }] }],
  ['what has members instead of elements, when limited', 'limit(result.names, 1)', { names: { a: 'x', b: 'S3CRET' } }],
  ['what is a text instead of a list, when limited', 'limit(result.names, 1)', { names: 'x,S3CRET' }],
]; // biome-ignore format: cases as a table

describe('an obligation on the result hides', () => {
  test.each(HIDDEN)('%s', async (_what, unless, result) => {
    const odd = new OddSystem();
    odd.execute = async () => ({ status: 'succeeded', result });
    const log = createMemoryLog();
    const { agent, interlock } = await testGateway({ odd, log, policies: PERMIT_ALL + forbid('hide', unless) });
    const { run, caller, workflow } = await agent();
    const answer = await run({ id: 'r', operation: 'odd.thing.read', input: {} });
    expect(answer).toMatchObject({ decision: 'modify', outcome: { status: 'succeeded' } });
    const everywhere = [answer, await interlock.action(caller, 'r'), await log.read({ tenant: 'acme', workflow })];
    expect(JSON.stringify(everywhere)).not.toContain('S3CRET');
  });

  test('the same where the caller executes itself', async () => {
    const policies = PERMIT_ALL + forbid('hide', 'redact(result.**.ssn)');
    const log = createMemoryLog();
    const { agent, interlock } = await testGateway({ log, policies });
    const { caller, workflow } = await agent();
    const permit = await interlock.decide(caller, { id: 'r', operation: 'odd.thing.read', input: {} });
    expect(permit).toMatchObject({ decision: 'modify', obligations: [{ kind: 'redact', path: 'result.**.ssn' }] });
    const settled = await interlock.settle(caller, 'r', { status: 'succeeded', result: { a: { ssn: 'S3CRET' } } });
    expect(settled.outcome?.result).toEqual({ a: {} });
    expect(JSON.stringify(await log.read({ tenant: 'acme', workflow }))).not.toContain('S3CRET');
  });

  test('a number that is too large, also in a list; and one that is no number at all', () => {
    const cap = (value: Json): Json => transform({ value }, [{ kind: 'cap', path: 'result.value', max: 3 }]).value;
    for (const [
      value,
      capped,
    ] of [[5, 3], [3.5, 3], [3, 3], [-5, -5], [2.5, 2.5], [[1, 9, [9]], [1, 3, [3]]], [null, null]] as const) // biome-ignore format: one line
      expect(cap(value)).toEqual(capped);
    for (const value of ['5', '1e9', true, { amount: 5 }]) expect(cap(value)).toBe('[redacted]');
  });
});

/** Inputs to which an obligation cannot be applied: it is not fulfilled, so the action is denied. */
const UNCAPPED: readonly (readonly [string, string, JsonObject])[] = [
  ['a number as a text', 'cap(input.amount, 100)', { amount: '1000000' }],
  ['a number within an object', 'cap(input.nested, 100)', { nested: { amount: 1_000_000 } }],
  ['a text instead of a list', 'limit(input.text, 1)', { text: 'a,b,c' }],
  ['members instead of elements', 'limit(input.items, 1)', { items: { a: 1, b: 2 } }],
];

describe('an obligation on the input', () => {
  test.each(UNCAPPED)('that cannot be applied to %s is a deny', async (_what, unless, input) => {
    const policies = PERMIT_ALL + forbid('cap', unless, 'true', 'odd.thing.write');
    const { agent, odd } = await testGateway({ policies, log: createMemoryLog() });
    const { run } = await agent();
    expect(await run({ operation: 'odd.thing.write', input })).toMatchObject({
      decision: 'deny',
      code: 'OBLIGATION_IMPOSSIBLE',
    });
    expect(odd.executions).toBe(0);
  });

  test.each([
    ['numbers in a list', 'cap(input.amount, 100)', { amount: [1, 1_000_000] }, { amount: [1, 100] }],
    ['a list', 'limit(input.items, 1)', { items: [1, 2] }, { items: [1] }],
    ['nothing where there is nothing', 'cap(input.amount, 100)', {}, undefined],
  ] as const)('changes %s', async (_what, unless, input, changed) => {
    const policies = PERMIT_ALL + forbid('cap', unless, 'true', 'odd.thing.write');
    const odd = new OddSystem();
    const seen: unknown[] = [];
    odd.execute = async (given) => {
      seen.push(given);
      return { status: 'succeeded', result: {} };
    };
    const { agent } = await testGateway({ odd, policies, log: createMemoryLog() });
    const { run } = await agent();
    const answer = await run({ operation: 'odd.thing.write', input });
    expect(answer.decision).toBe(changed === undefined ? 'allow' : 'modify');
    expect(seen).toEqual([changed ?? input]);
  });

  test('that brings about another one on another field is a deny, not a third try', async () => {
    const policies =
      PERMIT_ALL +
      forbid('first', 'drop(input.text)', 'context.input has text', 'odd.thing.write') +
      forbid('second', 'cap(input.amount, 1)', '!(context.input has text)', 'odd.thing.write');
    const { agent, odd } = await testGateway({ policies, log: createMemoryLog() });
    const { run } = await agent();
    expect(await run({ operation: 'odd.thing.write', input: { text: 'x', amount: 5 } })).toMatchObject({
      decision: 'deny',
      code: 'MODIFY_UNSTABLE',
    });
    expect(odd.executions).toBe(0);
  });

  test('keeps the question to a human: what is approved is what was changed', async () => {
    const policies =
      PERMIT_ALL +
      forbid('cut', 'drop(input.text)', 'true', 'odd.thing.write') +
      forbid('ask', 'approval(security)', 'true', 'odd.thing.write');
    const odd = new OddSystem();
    const seen: unknown[] = [];
    odd.execute = async (given) => {
      seen.push(given);
      return { status: 'succeeded', result: {} };
    };
    const { agent, interlock } = await testGateway({ odd, policies, log: createMemoryLog() });
    const { run, caller } = await agent();
    const held = await run({ id: 'w', operation: 'odd.thing.write', input: { text: 'x', amount: 5 } });
    const grace = operator('grace', ['approve'], ['security']);
    const [shown] = await interlock.approvals(grace);
    expect(shown).toMatchObject({ input: { amount: 5 }, digest: held.digest });
    await interlock.answerApproval(grace, shown?.id ?? '', { answer: 'approve', reason: '' });
    expect(await interlock.action(caller, 'w', 5_000)).toMatchObject({ decision: 'modify', digest: held.digest });
    expect(seen).toEqual([{ amount: 5 }]);
  });
});

test.each([
  'result.**',
  'result.**[*]',
  'result.**.**.a',
  'result',
  'result.',
  'input.a.[*]',
  'input[0]',
  'result.a b',
  'input.__proto__.',
])('a path that would match nothing, or something else than it says, is refused: %s', (path) => {
  expect(() => parsePath(path)).toThrowError(expect.objectContaining({ code: 'POLICY_INVALID' }));
});
