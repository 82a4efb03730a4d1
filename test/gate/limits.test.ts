import { describe, expect, test } from 'vitest';
import type { Answer } from '../../src/gate/answers.ts';
import { testGateway } from '../support/test-gateway.ts';

const WORK = 100;
const BUDGET = 5;

/** Deterministic choice of which executions fail, and how. */
function faults(seed: number): ('before' | 'after' | 'refuse')[] {
  let state = seed;
  const random = (): number => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
  return Array.from({ length: WORK * 4 }, () =>
    random() < 0.3 ? (['before', 'after', 'refuse'] as const)[Math.floor(random() * 3)] : undefined,
  ) as never;
}

describe('a budget', () => {
  test.each([1, 2, 3, 4, 5])(
    'of five is five under 100 concurrent actions of which a third fail before or after (seed %i)',
    async (seed) => {
      const { agent, interlock, system } = await testGateway();
      const { run, caller } = await agent({ limits: { create: BUDGET } });
      const other = await agent();
      system.faults.push(...faults(seed));
      const applied = (): readonly string[] => system.effects.filter((effect) => /write w/.test(effect));
      const attempt = async (id: string): Promise<Answer> => {
        const answer = await run({ id, operation: 'notes.note.write', input: { id, text: 'x' } });
        return answer.state === 'completed' ? interlock.action(caller, id, 5_000) : answer;
      };
      let round = Array.from({ length: WORK }, (_, at) => `w${at}`);
      const meanwhile = other.run({ operation: 'notes.note.write', input: { id: 'elsewhere', text: 'x' } });
      for (let tries = 0; applied().length < BUDGET && tries < 20; tries++) {
        const answers = await Promise.all(round.map((id) => attempt(`${id}.${tries}`)));
        round = round.filter((_, at) => answers[at]?.outcome?.status !== 'succeeded');
      }
      expect(applied()).toHaveLength(BUDGET);
      expect(await attempt('one-more')).toMatchObject({ decision: 'deny', code: 'LIMIT_REACHED' });
      expect(await meanwhile).toMatchObject({ decision: 'allow' });
      expect(
        (await interlock.workflow(caller, (caller.kind === 'agent' && caller.principal.workflow) || '')).counts.create,
      ).toBe(BUDGET);
    },
  );

  test('counts what an action would touch, not the calls', async () => {
    const { agent, system } = await testGateway();
    const { run } = await agent({ limits: { create: BUDGET } });
    expect(await run({ operation: 'notes.note.write', input: { id: 'n', text: 'x', copies: 6 } })).toMatchObject({
      decision: 'deny',
      code: 'LIMIT_REACHED',
    });
    expect(await run({ operation: 'notes.note.write', input: { id: 'n', text: 'x', copies: 5 } })).toMatchObject({
      decision: 'allow',
    });
    expect(await run({ operation: 'notes.note.write', input: { id: 'n', text: 'x' } })).toMatchObject({
      decision: 'deny',
      code: 'LIMIT_REACHED',
    });
    expect(system.effects).toHaveLength(1);
  });
});
