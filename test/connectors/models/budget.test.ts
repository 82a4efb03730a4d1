import { describe, expect, test } from 'vitest';
import { chatInput } from '../../../connectors/models/prompt.ts';
import { SEED } from '../../../connectors/models/simulator/seed.ts';
import { inputTokensAtMost } from '../../../connectors/models/spending.ts';
import { PERMIT_ALL } from '../../support/test-gateway.ts';
import { modelsWorld } from './models-world.ts';

const model = SEED.models.small;
const call = (content = 'hello there', more: object = {}) => ({
  operation: 'models.chat.complete',
  input: { model, messages: [{ role: 'user', content }], max_completion_tokens: 16, ...more },
});
/** What such a call reserves: every byte of its texts, what stands around a message, and the answer. */
const reservedBy = ({ input }: ReturnType<typeof call>): number =>
  inputTokensAtMost([chatInput.parse(input).messages, [], null], 1) + 16;
const RESERVED = reservedBy(call());
/** `hello there` is two tokens of the simulated model, a message four more; it answers five. */
const TAKEN = 11;

describe('a budget of tokens', () => {
  test('is never passed by 50 calls at once, and what they did not take is there for the next', async () => {
    const { agent, interlock, simulator } = await modelsWorld();
    const tokens = RESERVED * 5 + 3;
    const { caller, workflow } = await agent({ limits: { tokens } });
    const all = await Promise.all(Array.from({ length: 50 }, () => interlock.run(caller, call())));
    const allowed = all.filter(({ decision }) => decision === 'allow');
    expect(simulator.audit()).toHaveLength(allowed.length);
    expect(allowed.length).toBeGreaterThanOrEqual(5);
    expect(all.filter(({ code }) => code === 'LIMIT_REACHED').length + allowed.length).toBe(50);
    expect(await taken(interlock, caller, workflow)).toBe(allowed.length * TAKEN);
    // All that was reserved and not taken is free again: as many more as fit one by one.
    let more = 0;
    while ((await interlock.run(caller, call())).decision === 'allow') more += 1;
    expect(more).toBe(Math.floor((tokens - allowed.length * TAKEN - RESERVED) / TAKEN) + 1);
    expect(await taken(interlock, caller, workflow)).toBeLessThanOrEqual(tokens);
  });

  test.each<[string, object, (reserved: number) => number]>([
    ['that says what it took counts so', {}, () => TAKEN],
    ['that does not say what it took counts as reserved', { model: SEED.models.silent }, (reserved) => reserved],
    ['that the provider refuses counts for nothing', { model: 'no-such-model' }, () => 0],
  ])('an answer %s', async (_title, more, expected) => {
    const { agent, interlock } = await modelsWorld();
    const { caller, workflow } = await agent();
    await interlock.run(caller, call('hello there', more));
    expect(await taken(interlock, caller, workflow)).toBe(expected(RESERVED));
  });

  test('an answer that is lost counts as reserved', async () => {
    const { agent, interlock, simulator } = await modelsWorld();
    const { caller, workflow } = await agent();
    simulator.fail({ when: 'after', answer: 'reset' });
    expect(await interlock.run(caller, call())).toMatchObject({ outcome: { status: 'unknown' } });
    expect(await taken(interlock, caller, workflow)).toBe(RESERVED);
    expect(simulator.audit()).toHaveLength(1);
  });

  test('one that would pass it is denied, and with one token more allowed', async () => {
    const { agent, interlock } = await modelsWorld();
    const [short, enough] = [
      await agent({ limits: { tokens: RESERVED - 1 } }),
      await agent({ limits: { tokens: RESERVED } }),
    ];
    expect(await interlock.run(short.caller, call())).toMatchObject({ decision: 'deny', code: 'LIMIT_REACHED' });
    expect(await interlock.run(enough.caller, call())).toMatchObject({ decision: 'allow' });
  });

  test('policies see what is reserved and what is left', async () => {
    const policies = `${PERMIT_ALL}
      @id("small") @title("Calls are small.") forbid(principal, action == Action::"models.chat.complete", resource)
      when { context.effect has tokens && context.effect.tokens > ${RESERVED} };
      @id("last") @title("A little is left for the end.") forbid(principal, action in Action::"model", resource)
      when { context.remaining has tokens && context.remaining.tokens < 200 };`;
    const { agent, interlock } = await modelsWorld({ policies });
    const { caller } = await agent();
    expect(await interlock.run(caller, call())).toMatchObject({ decision: 'allow' });
    expect(await interlock.run(caller, call('hello there!'))).toMatchObject({
      decision: 'deny',
      reasons: [{ policy: 'small' }],
    });
    const { caller: poor } = await agent({ limits: { tokens: 199 } });
    expect(await interlock.run(poor, call())).toMatchObject({ decision: 'deny' });
  });
});

describe('money', () => {
  const SIGNALS = `${PERMIT_ALL}
    @id("cap") @title("A call costs 40.00 at most.") forbid(principal, action == Action::"models.chat.complete", resource)
    when { context.effect has amount && context.effect.amount > 4000 };`;

  test.each([
    ['within the price of what is reserved', {}, 'allow'],
    ['above it', { max_completion_tokens: 1_000 }, 'deny'],
  ])('a call %s is %s', async (_title, more, decision) => {
    const { agent, interlock } = await modelsWorld({ policies: SIGNALS });
    const { caller } = await agent();
    expect(await interlock.run(caller, call('hello there', more))).toMatchObject({ decision });
  });
});

type World = Awaited<ReturnType<typeof modelsWorld>>;

/** What a decision right now would find taken: of a limit that nothing else uses. */
async function taken(
  interlock: World['interlock'],
  caller: Parameters<World['interlock']['run']>[0],
  workflow: string,
): Promise<number> {
  return (await interlock.workflow(caller, workflow)).tokens;
}
