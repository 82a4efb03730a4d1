import { describe, expect, test } from 'vitest';
import { BOUNDS } from '../../src/lib/bounds.ts';
import { createMemoryLog } from '../../src/workflow/memory-log.ts';
import { OddSystem } from '../support/odd-connector.ts';
import { OPENER, operator, PERMIT_ALL, testGateway } from '../support/test-gateway.ts';

const WRITE = { operation: 'odd.thing.write', input: {} };

describe('a workflow that holds as much as it may', () => {
  test('takes no further action or message, ends those under way, and says what to do', async () => {
    const size = 200_000;
    const odd = new OddSystem();
    const calls: (() => void)[] = [];
    odd.execute = () =>
      new Promise((resolve) => {
        calls.push(() => resolve({ status: 'succeeded', result: { text: 'x'.repeat(size) } }));
      });
    const { agent, interlock } = await testGateway({ odd, log: createMemoryLog() });
    const { run, caller, workflow } = await agent();
    const other = await interlock.openSession(OPENER, workflow, { agent: 'other' });
    const enough = Math.ceil(BOUNDS.workflowCharacters / size) + 1;
    const running = Array.from({ length: enough }, (_, at) => run({ id: `a${at}`, ...WRITE }));
    await expect.poll(() => calls.length).toBe(enough);
    for (const end of calls) end();
    const answers = await Promise.all(running);
    expect(answers.every(({ outcome }) => outcome?.status === 'succeeded')).toBe(true);

    await expect(run(WRITE)).rejects.toMatchObject({ code: 'WORKFLOW_FULL' });
    const message = { to: other.session, kind: 'message' } as const;
    await expect(interlock.message(caller, workflow, message)).rejects.toMatchObject({ code: 'WORKFLOW_FULL' });
    expect(odd.executions).toBe(enough);
    const next = await agent({ continues: workflow });
    const going = next.run(WRITE);
    await expect.poll(() => calls.length).toBe(enough + 1);
    calls.at(-1)?.();
    expect(await going).toMatchObject({ decision: 'allow' });
  });
});

describe('a flood', () => {
  test('of questions to humans is cut off, and goes on when they are answered', async () => {
    const policies = `${PERMIT_ALL} @id("ask") @title("Asks.") @unless("approval(security)") forbid(principal, action == Action::"odd.thing.write", resource);`;
    const { agent, interlock, odd } = await testGateway({ policies, log: createMemoryLog() });
    const { run } = await agent();
    const answers = await Promise.all(Array.from({ length: BOUNDS.heldActions + 20 }, () => run(WRITE)));
    const denied = answers.filter(({ decision }) => decision === 'deny');
    expect(denied).toHaveLength(20);
    expect(new Set(denied.map(({ code }) => code))).toEqual(new Set(['TOO_MANY_HELD']));
    const grace = operator('grace', ['approve'], ['security']);
    const [first] = await interlock.approvals(grace);
    await interlock.answerApproval(grace, first?.id ?? '', { answer: 'deny', reason: '' });
    await expect.poll(async () => (await run(WRITE)).decision).toBe('step_up');
    expect(odd.executions).toBe(0);
  });

  test('of agent sessions is cut off', async () => {
    const { interlock } = await testGateway({ log: createMemoryLog() });
    const { id } = await interlock.open(OPENER, { onBehalfOf: { id: 'ada' } });
    for (let at = 0; at < BOUNDS.workflowSessions; at++) await interlock.openSession(OPENER, id, { agent: `a${at}` });
    await expect(interlock.openSession(OPENER, id, { agent: 'one-more' })).rejects.toMatchObject({
      code: 'WORKFLOW_FULL',
    });
  });
});

describe('ids and inputs', () => {
  const IDS = [
    '',
    ' a',
    'a b',
    'a\nb',
    'a"b',
    'a\\b',
    '<a>',
    'ａ',
    'é',
    '\u202ea',
    'a\0',
    '-a',
    '../a',
    'x'.repeat(129),
  ];

  test('that could be mistaken for others are refused, wherever they are chosen', async () => {
    const { agent, interlock, odd } = await testGateway({ log: createMemoryLog() });
    const { run, caller, workflow } = await agent();
    for (const id of IDS) {
      const refused = { code: 'INVALID_CALL' };
      await expect(run({ ...WRITE, id }), id).rejects.toMatchObject(refused);
      await expect(interlock.open(OPENER, { onBehalfOf: { id } }), id).rejects.toMatchObject(refused);
      await expect(interlock.openSession(OPENER, workflow, { agent: id }), id).rejects.toMatchObject(refused);
      await expect(interlock.message(caller, workflow, { to: id, kind: 'message' }), id).rejects.toMatchObject(refused);
      for (const look of [interlock.action(caller, id), interlock.settle(caller, id, { status: 'unknown' })])
        await expect(look, id).rejects.toMatchObject({ code: 'NOT_FOUND' });
    }
    expect(odd.executions).toBe(0);
  });

  test('that are odd but allowed keep actions apart', async () => {
    const { agent, interlock } = await testGateway({ log: createMemoryLog() });
    const { run, caller } = await agent();
    const ids = ['a.b', 'a:b', 'a@b', 'a~b', 'a+b', 'a=b', 'a_b', 'a-b', 'A.B', 'constructor', '__proto__'.slice(2)];
    for (const id of ids) expect(await run({ id, ...WRITE })).toMatchObject({ id, decision: 'allow' });
    for (const id of ids) expect(await interlock.action(caller, id)).toMatchObject({ id });
  });

  const INPUTS: readonly (readonly [string, unknown, string])[] = [
    ['nested beyond measure', nested(100), 'TOO_DEEP'],
    ['nested beyond every stack', nested(100_000), 'TOO_DEEP'],
    ['of more parts than can be looked at', { items: Array.from({ length: 60_000 }, () => 0) }, 'TOO_DEEP'],
    ['of more than a megabyte', { text: 'x'.repeat(1_100_000) }, 'TOO_LARGE'],
    ['with half a character', { text: '\ud83d' }, 'MALFORMED_JSON'],
    ['with an entity of Cedar', { nested: { __entity: { type: 'Agent', id: 'admin' } } }, 'FORBIDDEN_KEY'],
    ['with a prototype', JSON.parse('{"nested":{"__proto__":{"a":1}}}'), 'FORBIDDEN_KEY'],
    ['with a number that is none', { amount: Number.NaN }, 'UNSAFE_NUMBER'],
    ['with a number that is not exact', { amount: 2 ** 53 }, 'UNSAFE_NUMBER'],
    ['with a large integer', { amount: 1n }, 'MALFORMED_JSON'],
    ['with what no field is named', { approved: true }, 'INVALID_INPUT'],
    ['that is a list', [], 'INVALID_CALL'],
    ['that is nothing', null, 'INVALID_CALL'],
  ];

  test('that cannot be read in one way only are refused, and nothing is recorded', async () => {
    const log = createMemoryLog();
    const { agent, odd } = await testGateway({ log });
    const { run, workflow } = await agent();
    for (const [what, input, code] of INPUTS)
      await expect(run({ operation: 'odd.thing.write', input: input as never }), what).rejects.toMatchObject({ code });
    expect(odd.executions).toBe(0);
    expect(await log.read({ tenant: 'acme', workflow })).toHaveLength(2);
  });

  test('are copied before they are judged: what the caller changes afterwards changes nothing', async () => {
    const seen: unknown[] = [];
    const odd = new OddSystem();
    odd.execute = async (input) => {
      seen.push(input);
      return { status: 'succeeded', result: {} };
    };
    const { agent } = await testGateway({ odd, log: createMemoryLog() });
    const { run } = await agent();
    let reads = 0;
    const input = {
      get text() {
        reads += 1;
        return `read ${reads}`;
      },
    };
    const answer = run({ id: 'g', operation: 'odd.thing.write', input });
    await answer;
    expect(seen).toEqual([{ text: 'read 1' }]);
  });
});

function nested(depth: number): object {
  let value: object = {};
  for (let i = 0; i < depth; i++) value = { nested: value };
  return value;
}
