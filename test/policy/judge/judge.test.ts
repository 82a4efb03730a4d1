import { describe, expect, onTestFinished, test } from 'vitest';
import type { PolicyEvaluation } from '../../../src/action/policy-port.ts';
import { BOUNDS } from '../../../src/lib/bounds.ts';
import { systemClock } from '../../../src/lib/clock.ts';
import type { Difference } from '../../../src/policy/judge/difference.ts';
import { type Asked, Judge, type JudgeParts } from '../../../src/policy/judge/judge.ts';
import { sampler } from '../../../src/policy/judge/sampler.ts';
import { type LoadedPolicySet, loadPolicySet } from '../../../src/policy/load-policy-set.ts';
import { testClock } from '../../support/test-clock.ts';
import { catalog } from '../catalog.ts';
import { actionOf, file, question } from '../question.ts';

const POLICIES = `
@id("yes") @title("Everything.") permit(principal, action, resource);
@id("no") @title("Nothing that deletes.") forbid(principal, action in Action::"delete", resource);
@id("few") @title("Few.") forbid(principal, action, resource) when { context.effect.count > 3 };`;
const FRAIL = new URL('./frail-worker.ts', import.meta.url);
const NOTHING: PolicyEvaluation = { permits: [], forbids: [], errors: [] };

function judge(parts: Partial<JudgeParts> = {}) {
  const found: { readonly hash: string; readonly asked: Asked; readonly difference: Difference }[] = [];
  const alarms: string[] = [];
  const judging = new Judge({
    share: 1,
    clock: systemClock,
    onDifference: ({ hash }, asked, difference) => found.push({ hash, asked, difference }),
    onFailure: ({ message }) => alarms.push(message),
    ...parts,
  });
  onTestFinished(() => judging.close());
  return { judging, found, alarms };
}

const load = (text = POLICIES): Promise<LoadedPolicySet> => loadPolicySet({ files: [file(text)], catalog });
/** Immutable, so all share it. */
const set = await load();
const ask = (operation: string) => ({ request: question(operation), asked: actionOf(operation) });

/** A question that a frail worker understands. */
function frail(judging: Judge, behaviour: string): void {
  const { request, asked } = ask('desk.ticket.get');
  judging.observe(set, { ...request, resource: { type: 'Desk::Ticket', id: behaviour } }, NOTHING, asked);
}

describe('the judge', () => {
  test('agrees with what is right, whatever it is and in whichever order', async () => {
    const { judging, found, alarms } = judge();
    const operations = ['desk.ticket.get', 'desk.ticket.delete', 'mail.message.send'];
    for (const operation of operations) {
      const { request, asked } = ask(operation);
      const { permits, forbids, errors } = set.evaluator.evaluate(request);
      judging.observe(set, request, { permits: permits.toReversed(), forbids: forbids.toReversed(), errors }, asked);
    }
    await judging.idle();
    expect({ found, alarms, ...judging.counts }).toEqual({
      found: [],
      alarms: [],
      agreed: 3,
      differed: 0,
      failed: 0,
      dropped: 0,
    });
  });

  test.for([
    ['a forbid that is not seen', { permits: ['yes'], forbids: [], errors: [] }, { reference: { forbids: ['no'] } }],
    ['a permit that is not one', { permits: ['yes', 'more'], forbids: ['no'], errors: [] }, { compiled: { permits: ['more'] } }],
    ['an error that is none', { permits: ['yes'], forbids: ['no'], errors: [{ policy: 'few', message: 'x' }] }, { compiled: { errors: ['few'] } }],
  ] as const)('finds %s', async ([, compiled, expected]) => {
    const { judging, found } = judge();
    const { request, asked } = ask('desk.ticket.delete');
    judging.observe(set, request, compiled, asked);
    await judging.idle();
    expect(found).toMatchObject([{ hash: set.hash, asked: { operation: 'desk.ticket.delete' }, difference: expected }]);
    expect(judging.counts).toMatchObject({ agreed: 0, differed: 1 });
  }); // biome-ignore format: cases as a table

  test('judges what the decision saw, not what became of it', async () => {
    const { judging, found } = judge();
    const { request, asked } = ask('desk.ticket.get');
    const context = { ...request.context, effect: { count: 1 } };
    const seen = { ...request, context };
    judging.observe(set, seen, set.evaluator.evaluate(seen), asked);
    context.effect.count = 4;
    await judging.idle();
    expect(found).toEqual([]);
    expect(set.evaluator.evaluate(seen).forbids).toEqual(['few']);
  });

  const NAMING = `@id("when") @title("When.") permit(principal, action, resource) when`;
  test.each([
    { policies: POLICIES, asks: false },
    { policies: `${NAMING} { context.now > datetime("2020-01-01") };`, asks: true },
    { policies: `${NAMING} { context["now"] > datetime("2020-01-01") };`, asks: true },
    { policies: `${NAMING} { context["\\u{6e}ow"] > datetime("2020-01-01") };`, asks: true },
    { policies: `${NAMING} { context has now };`, asks: true },
    { policies: `${NAMING} { [context].contains(context) };`, asks: true },
  ])('asks for what policies can read of the context, and for nothing else: $policies', async ({ policies, asks }) => {
    const { judging, found, alarms } = judge();
    const { request, asked } = ask('desk.ticket.get');
    let askedFor = 0;
    const context = Object.defineProperty({ ...request.context }, 'now', {
      enumerable: true,
      get: () => {
        askedFor += 1;
        return request.context['now'];
      },
    });
    const loaded = await load(policies);
    const evaluation = loaded.evaluator.evaluate(request);
    judging.observe(loaded, { ...request, context }, evaluation, asked);
    await judging.idle();
    expect({ found, alarms, ...judging.counts }).toMatchObject({ found: [], alarms: [], agreed: 1 });
    expect(askedFor > 0).toBe(asks);
  });

  test('judges integers of 64 bits exactly', async () => {
    const exact = await load(
      `${POLICIES} @id("max") @title("Max.") forbid(principal, action, resource) when { context.effect.count == 9223372036854775807 };`,
    );
    const { judging, found } = judge();
    const { request, asked } = ask('desk.ticket.get');
    for (const count of [2n ** 63n - 1n, 2n ** 63n - 2n]) {
      const seen = { ...request, context: { ...request.context, effect: { count } } };
      const evaluation = exact.evaluator.evaluate(seen);
      expect(evaluation.forbids.includes('max')).toBe(count === 2n ** 63n - 1n);
      judging.observe(exact, seen, evaluation, asked);
    }
    await judging.idle();
    expect({ found, agreed: judging.counts.agreed }).toEqual({ found: [], agreed: 2 });
  });

  test('judges each by its own set', async () => {
    const other = await load(POLICIES.replace('count > 3', 'count > 0'));
    const { judging, found } = judge();
    for (const each of [set, other, set, other]) {
      const { request, asked } = ask('desk.ticket.get');
      judging.observe(each, request, each.evaluator.evaluate(request), asked);
    }
    await judging.idle();
    expect({ found, agreed: judging.counts.agreed }).toEqual({ found: [], agreed: 4 });
  });

  test('never holds up who asks: past its bounds it drops and counts', async () => {
    const { judging } = judge();
    const { request, asked } = ask('desk.ticket.get');
    const evaluation = set.evaluator.evaluate(request);
    for (let asking = 0; asking < BOUNDS.judgeQueue + 11; asking++) judging.observe(set, request, evaluation, asked);
    expect(judging.counts).toMatchObject({ agreed: 0, dropped: 10 });
    const large = { ...request, context: { effect: { text: 'x'.repeat(BOUNDS.judgeQueueCharacters) } } };
    await judging.idle();
    judging.observe(set, large, evaluation, asked);
    expect(judging.counts).toMatchObject({ agreed: BOUNDS.judgeQueue + 1, dropped: 11, failed: 0 });
  });
});

describe('a judge that cannot judge', () => {
  test('a question says so once, and goes on with the next', async () => {
    const { judging, alarms } = judge();
    const { request, asked } = ask('desk.ticket.get');
    const evaluation = set.evaluator.evaluate(request);
    for (const value of [1.5, 2.5])
      judging.observe(set, { ...request, context: { effect: { count: value } } }, evaluation, asked);
    judging.observe(set, request, evaluation, asked);
    await judging.idle();
    expect(alarms).toEqual(['1.5 is not an integer that policies can compare']);
    expect(judging.counts).toEqual({ agreed: 1, differed: 0, failed: 2, dropped: 0 });
  });

  test.for(['exit', 'throw', 'exhaust'])('because of its thread (%s) gets another one', async (behaviour) => {
    const { judging, alarms } = judge({ worker: FRAIL });
    for (const each of ['fine', behaviour, 'fine', behaviour, 'fine']) frail(judging, each);
    await judging.idle();
    expect(alarms.length).toBe(2);
    expect(judging.counts).toEqual({ agreed: 3, differed: 0, failed: 2, dropped: 0 });
  });

  test('because its thread hangs gets another one after its time', async () => {
    const clock = testClock();
    const { judging, alarms } = judge({ worker: FRAIL, clock });
    frail(judging, 'hang');
    frail(judging, 'fine');
    clock.advance(BOUNDS.judgeMs);
    await judging.idle();
    expect(alarms).toEqual(['the judge does not answer']);
    expect(judging.counts).toEqual({ agreed: 1, differed: 0, failed: 1, dropped: 0 });
  });

  test('rests when it loses its thread again and again, and then tries anew', async () => {
    const clock = testClock();
    const { judging, alarms } = judge({ worker: FRAIL, clock });
    for (const each of ['exit', 'exit', 'exit', 'fine']) frail(judging, each);
    await judging.idle();
    frail(judging, 'fine');
    expect({ alarms: alarms.length, ...judging.counts }).toEqual({
      alarms: 1,
      agreed: 0,
      differed: 0,
      failed: 3,
      dropped: 2,
    });
    clock.advance(BOUNDS.judgeRestMs);
    frail(judging, 'fine');
    await judging.idle();
    expect(judging.counts).toMatchObject({ agreed: 1, dropped: 2 });
  });
});

test('a share keeps to its rate however fast questions come, and says what it left out; all are all', async () => {
  const rate = BOUNDS.judgedPerSecond;
  for (const { share, seconds } of [
    { share: 0.999, seconds: [rate, rate] },
    { share: 1, seconds: [rate + 5, rate + 5] },
  ]) {
    const clock = testClock();
    const { judging } = judge({ share, clock });
    const { request, asked } = ask('desk.ticket.get');
    for (const _ of seconds) {
      for (let asks = 0; asks < rate + 5; asks++) judging.observe(set, request, set.evaluator.evaluate(request), asked);
      clock.advance(1_000);
    }
    await judging.idle();
    const judged = seconds.reduce((sum, each) => sum + each);
    expect(judging.counts).toMatchObject({ agreed: judged, differed: 0, dropped: 2 * (rate + 5) - judged });
  }
});

describe('the share that is judged', () => {
  test.for([0, 0.01, 0.3, 1])('of %d is picked evenly, and always the same', (share) => {
    const picks = (): readonly boolean[] => Array.from({ length: 10_000 }, sampler(share));
    expect(picks()).toEqual(picks());
    for (const every of [1, 2, 10, 100]) {
      const some = picks().filter((_, at) => at % every === 0);
      expect(Math.abs(some.filter(Boolean).length - some.length * share)).toBeLessThan(5);
    }
  });
});
