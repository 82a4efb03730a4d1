import { describe, expect, test } from 'vitest';
import { InterlockError } from '../../src/lib/errors.ts';
import { OddSystem } from '../support/odd-connector.ts';
import { testClock } from '../support/test-clock.ts';
import { PERMIT_ALL, testGateway } from '../support/test-gateway.ts';

const READ = { operation: 'odd.thing.read', input: {} };
const WRITE = { operation: 'odd.thing.write', input: { text: 'x' } };
const HALF = '\ud83d';

/** What a connector may hand back although its type forbids it. */
const GARBAGE: readonly (readonly [string, () => unknown])[] = [
  ['nothing', () => undefined],
  ['null', () => null],
  ['a text', () => 'succeeded'],
  ['a status that does not exist', () => ({ status: 'done', result: {} })],
  ['no status', () => ({ result: {} })],
  ['a status that throws when it is looked at', () => Object.defineProperty({}, 'status', THROWS)],
  ['a code that does not exist', () => ({ status: 'failed', code: 'NO_SUCH_CODE', detail: 'x', exposed: false })],
  ['a code of every object', () => ({ status: 'failed', code: 'constructor', detail: 'x', exposed: false })],
  ['a failure without words', () => ({ status: 'failed', code: 'EXECUTION_FAILED' })],
  ['a failure whose words are no text', () => ({ status: 'failed', code: 'EXECUTION_FAILED', detail: { a: 1 } })],
  ['an acceptance without a handle', () => ({ status: 'accepted' })],
  ['an acceptance whose handle is no JSON', () => ({ status: 'accepted', handle: { n: 1n } })],
  ['an acceptance whose handle holds half a character', () => ({ status: 'accepted', handle: { n: HALF } })],
  ['an acceptance whose handle is too large', () => ({ status: 'accepted', handle: { n: 'x'.repeat(2_000_000) } })],
];

const THROWS = { enumerable: true, get: fail };

function fail(): never {
  throw new Error('looked at');
}

describe('whatever a connector returns, the action ends with an outcome that the log holds', () => {
  test('garbage from a write is an unknown outcome, and the write is not tried again', async () => {
    const { agent, interlock, odd } = await testGateway();
    const { run, caller } = await agent();
    for (const [at, [what, result]] of GARBAGE.entries()) {
      odd.execute = async () => result() as never;
      expect(await run({ id: `a${at}`, ...WRITE }), what).toMatchObject({
        state: 'completed',
        outcome: { status: 'unknown', code: 'RESPONSE_UNEXPECTED' },
      });
      expect(await interlock.action(caller, `a${at}`), what).toMatchObject({ outcome: { status: 'unknown' } });
      expect(odd.executions, what).toBe(at + 1);
    }
  });

  test('garbage from a read is a failure, and counts as read', async () => {
    const { agent, interlock, odd } = await testGateway();
    odd.labels = () => ['hr'];
    for (const [what, result] of GARBAGE) {
      odd.execute = async () => result() as never;
      const { run, caller, workflow } = await agent();
      expect(await run(READ), what).toMatchObject({ outcome: { status: 'failed', code: 'RESPONSE_UNEXPECTED' } });
      expect((await interlock.workflow(caller, workflow)).labels, what).toEqual(['hr']);
    }
  });

  test('words with half a character, or far too many of them, are told in part', async () => {
    const odd = new OddSystem();
    const { agent, interlock } = await testGateway({ odd });
    const { run, caller } = await agent();
    for (const [id, detail] of [
      ['half', `broken ${HALF}`],
      ['long', `${'x'.repeat(999)}😀${'y'.repeat(1_000_000)}`],
    ] as const) {
      odd.execute = async () => ({ status: 'failed', code: 'EXECUTION_FAILED', detail, exposed: false });
      await run({ id, ...WRITE });
      const { outcome } = await interlock.action(caller, id);
      expect(outcome).toMatchObject({ status: 'failed', code: 'EXECUTION_FAILED' });
      expect(outcome?.detail?.isWellFormed()).toBe(true);
      expect(outcome?.detail?.length).toBeLessThanOrEqual(1_000);
    }
  });

  test('a connector that throws at once, without being asynchronous, is a connector that throws', async () => {
    const odd = new OddSystem();
    odd.execute = () => fail();
    const { agent } = await testGateway({ odd });
    const { run } = await agent();
    expect(await run(WRITE)).toMatchObject({ outcome: { status: 'unknown', code: 'INTERNAL' } });
    odd.execute = () => {
      throw new InterlockError('SYSTEM_UNAVAILABLE', `gone ${HALF}`);
    };
    expect(await run(WRITE)).toMatchObject({ outcome: { status: 'unknown', code: 'SYSTEM_UNAVAILABLE' } });
  });

  test('one that never returns is cut off at its deadline, and told to stop', async () => {
    const clock = testClock();
    const odd = new OddSystem();
    const called = Promise.withResolvers<AbortSignal>();
    odd.execute = (_input, { signal }) => {
      called.resolve(signal);
      return new Promise(() => undefined);
    };
    const { agent } = await testGateway({ odd, clock });
    const { run } = await agent();
    const answer = run(WRITE);
    const signal = await called.promise;
    expect(signal.aborted).toBe(false);
    clock.advance(30_000);
    expect(signal.aborted).toBe(true);
    expect(await answer).toMatchObject({ outcome: { status: 'unknown', code: 'EXECUTION_TIMEOUT' } });
  });

  test('the deadline of a call that has ended holds nothing any more', async () => {
    const clock = testClock();
    const { agent } = await testGateway({ clock });
    const { run } = await agent();
    for (let i = 0; i < 10; i++) await run(READ);
    expect(clock.timers).toBeLessThan(3);
  });

  test('a read-back that returns garbage, throws at once or never returns has learnt nothing', async () => {
    const clock = testClock();
    const odd = new OddSystem();
    odd.execute = async () => ({ status: 'unknown', code: 'EXECUTION_TIMEOUT', detail: 'cut off' });
    const probes = [
      async () => undefined,
      async () => ({ status: 'applied?' }),
      () => fail(),
      () => new Promise(() => undefined),
      async () => ({ status: 'applied', result: 1n }),
    ];
    const { agent, interlock } = await testGateway({ odd, clock });
    const { run, caller } = await agent();
    for (const [at, probe] of probes.entries()) {
      odd.probe = probe as never;
      const before = odd.probes;
      await run({ id: `a${at}`, ...WRITE });
      clock.advance(100);
      await expect.poll(() => odd.probes).toBe(before + 1);
      clock.advance(30_000);
      const status = at === 4 ? 'succeeded' : 'unknown';
      await expect.poll(async () => (await interlock.action(caller, `a${at}`)).outcome?.status).toBe(status);
    }
  });

  const RESULTS: readonly (readonly [string, () => object, string])[] = [
    ['that is 10 MB', () => ({ text: 'x'.repeat(10_000_000) }), 'RESULT_NOT_KEPT'],
    ['that is nested without end', nested, 'RESPONSE_UNEXPECTED'],
    ['that holds itself', circular, 'RESPONSE_UNEXPECTED'],
    ['that throws when it is read', () => Object.defineProperty({}, 'text', THROWS), 'RESPONSE_UNEXPECTED'],
    ['that holds half a character', () => ({ text: HALF }), 'RESPONSE_UNEXPECTED'],
    ['that is no JSON', () => ({ n: 1n }), 'RESPONSE_UNEXPECTED'],
  ];

  test('an odd result does not hide what happened', async () => {
    const { agent, interlock, odd } = await testGateway();
    const { run, caller } = await agent();
    for (const [what, result, code] of RESULTS) {
      odd.execute = async () => ({ status: 'succeeded', result: result() });
      const { id } = await run(WRITE);
      expect(await interlock.action(caller, id), what).toMatchObject({ outcome: { status: 'succeeded', code } });
    }
  });

  test('a result with keys of prototypes stays data', async () => {
    const odd = new OddSystem();
    odd.execute = async () => ({
      status: 'succeeded',
      result: JSON.parse('{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}'),
    });
    const policies = `${PERMIT_ALL} @id("r") @title("R.") @unless("redact(result.**.polluted)") forbid(principal, action, resource);`;
    const { agent } = await testGateway({ odd, policies });
    const { run } = await agent();
    const { outcome } = await run(READ);
    expect(JSON.stringify(outcome?.result)).not.toContain('true');
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  test('result labels that are garbage count as the worst', async () => {
    const odd = new OddSystem();
    odd.resultLabels = () => 7 as never;
    const { agent, interlock } = await testGateway({ odd });
    const { run, caller, workflow } = await agent();
    await run(READ);
    expect((await interlock.workflow(caller, workflow)).labels).toEqual(['hr', 'untrusted']);
  });
});

describe('a connector that changes what it is given', () => {
  test('changes neither the record nor what a read-back is given', async () => {
    const odd = new OddSystem();
    const seen: unknown[] = [];
    const spoil = (input: Record<string, unknown>): void => {
      seen.push(structuredClone(input));
      input['text'] = 'changed';
    };
    odd.execute = async (input) => {
      spoil(input);
      return { status: 'unknown', code: 'EXECUTION_TIMEOUT', detail: 'cut off' };
    };
    odd.probe = async (input) => {
      spoil(input);
      return { status: 'running' };
    };
    const clock = testClock();
    const { agent, interlock } = await testGateway({ odd, clock });
    const { run, caller } = await agent();
    await run({ id: 'a1', ...WRITE });
    for (const [delayMs, probes] of [
      [100, 1],
      [500, 2],
    ] as const) {
      // biome-ignore format: one line
      clock.advance(delayMs);
      await expect.poll(() => odd.probes).toBe(probes);
      await interlock.action(caller, 'a1');
    }
    expect(seen).toEqual([{ text: 'x' }, { text: 'x' }, { text: 'x' }]);
    const { action } = await interlock.explain(caller, 'a1');
    expect(action.decided.input).toEqual({ text: 'x' });
    expect(action.decided.requested).toEqual({ text: 'x' });
  });
});

describe('the words of a refusal', () => {
  const HIDE = `${PERMIT_ALL} @id("hide") @title("Hidden.") @unless("redact(result.ssn)") forbid(principal, action, resource);`;
  const SECRET = 'ssn 123-45-6789 is not active';

  test.each(['failed', 'unknown'] as const)('are withheld where a result would be changed (%s)', async (status) => {
    const odd = new OddSystem();
    odd.execute = async () => ({ status, code: 'EXECUTION_FAILED', detail: SECRET, exposed: true }) as never;
    const hidden = await (await testGateway({ odd, policies: HIDE })).agent();
    expect(JSON.stringify(await hidden.run(WRITE))).not.toContain('123-45');
    const open = await (await testGateway({ odd })).agent();
    expect(JSON.stringify(await open.run(WRITE))).toContain('123-45');
  });

  test('are withheld also where the caller executes itself', async () => {
    const { agent, interlock } = await testGateway({ policies: HIDE });
    const { caller } = await agent();
    await interlock.decide(caller, { id: 'a1', ...WRITE });
    const answer = await interlock.settle(caller, 'a1', { status: 'failed', detail: SECRET });
    expect(answer.outcome?.status).toBe('failed');
    expect(JSON.stringify(answer)).not.toContain('123-45');
  });
});

function nested(): object {
  let value: object = {};
  for (let i = 0; i < 200_000; i++) value = { value };
  return value;
}

function circular(): object {
  const value: Record<string, unknown> = {};
  value['self'] = value;
  return value;
}
