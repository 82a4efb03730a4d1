import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Answer } from '../../src/gate/answers.ts';
import { effectMark } from '../../src/gate/execute.ts';
import { type Agent, request } from '../crash/burst.ts';
import { KEY } from '../crash/processes.ts';
import { hasRedis } from '../support/redis-server.ts';
import { readAudit, TENANT } from './judge.ts';
import { type Attempt, insist, patiently } from './load.ts';
import { FaultSite } from './site.ts';

const GATEWAYS = 4;
const ROUNDS = 50;
const AT_ONCE = 200;
const BUDGET = 5;
const SETTLED_MS = 60_000;
/** What fails gives its part of the budget back once that is known: then others may ask again. */
const WAVES = 3;

let rounds = 0;

describe.skipIf(!hasRedis)('four gateways, each a process, on one Redis', () => {
  let site: FaultSite;
  beforeAll(async () => {
    site = await FaultSite.start('synced', { gateways: GATEWAYS });
  }, 120_000);
  afterAll(() => site.close());

  test(`${ROUNDS} times: ${AT_ONCE} actions at once on one workflow with a budget of ${BUDGET} have ${BUDGET} effects`, async () => {
    const effects: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const agent = await join();
      const { ids, answers } = await wave(agent, 0);
      expect(Object.keys(countOf(answers)).sort()).toEqual(['LIMIT_REACHED', 'allow']);
      effects.push(effectsOf(agent, ids));
    }
    expect(effects).toEqual(Array.from({ length: ROUNDS }, () => BUDGET));
  }, 600_000);

  test('nor more where some of them fail before or after they were applied, and what failed is given back', async () => {
    for (let round = 0; round < ROUNDS / 5; round++) {
      const agent = await join();
      await site.failCreates([
        { when: 'before', answer: 400 },
        { when: 'after', answer: 'reset' },
        { when: 'before', answer: 'reset' },
      ]);
      const ids: string[] = [];
      for (let waves = 0; waves < WAVES; waves++) {
        const sent = await wave(agent, waves);
        ids.push(...sent.ids);
        expect(effectsOf(agent, ids)).toBeLessThanOrEqual(BUDGET);
        await settled(agent);
      }
      expect(effectsOf(agent, ids)).toBe(BUDGET);
    }
  }, 600_000);

  test('one id that all of them are sent at once has one effect and one answer', async () => {
    const agent = await join();
    const answers = await Promise.all(Array.from({ length: AT_ONCE }, (_, at) => answerTo('same', agent, at)));
    expect(effectsOf(agent, ['same'])).toBe(1);
    expect(new Set(answers.map(({ digest }) => digest)).size).toBe(1);
  }, 120_000);

  function urlAt(index: number): string {
    return site.urls[index % GATEWAYS] ?? '';
  }

  /** Opened at one gateway, joined at another. */
  async function join(): Promise<Agent> {
    const by = ++rounds;
    const opening = { onBehalfOf: { id: 'ada' }, limits: { create: BUDGET } };
    const { id } = await patiently(() => request(`${urlAt(by)}/v1/workflows`, KEY, opening));
    const sessions = `${urlAt(by + 1)}/v1/workflows/${id}/sessions`;
    const session = await patiently(() => request(sessions, KEY, { agent: 'helper' }));
    return { workflow: String(id), token: String(session['token']) };
  }

  async function answerTo(id: string, agent: Agent, at: number): Promise<Answer> {
    const attempt: Attempt = { id, agent, problems: [] };
    await insist(attempt, (tries) => urlAt(at + tries));
    if (attempt.answer === undefined) throw new Error(`no answer to ${id}: ${attempt.problems}`);
    return attempt.answer;
  }

  async function wave(agent: Agent, number: number): Promise<{ ids: readonly string[]; answers: readonly Answer[] }> {
    const ids = Array.from({ length: AT_ONCE }, (_, at) => `c${number}-${at}`);
    return { ids, answers: await Promise.all(ids.map((id, at) => answerTo(id, agent, at))) };
  }

  function effectsOf({ workflow }: Agent, ids: readonly string[]): number {
    const marks = new Set(ids.map((id) => effectMark({ tenant: TENANT, workflow }, id)));
    return readAudit(site.audit).filter(({ correlation }) => correlation !== undefined && marks.has(correlation))
      .length;
  }

  async function settled({ workflow }: Agent): Promise<void> {
    const open = async (): Promise<number> => {
      const { open: count } = await patiently(() => request(`${urlAt(0)}/v1/workflows/${workflow}`, KEY));
      return Number(count);
    };
    await expect.poll(open, { timeout: SETTLED_MS, interval: 50 }).toBe(0);
  }
});

function countOf(answers: readonly Answer[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { decision, code } of answers) counts[code ?? decision] = (counts[code ?? decision] ?? 0) + 1;
  return counts;
}
