import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Answer } from '../../src/gate/answers.ts';
import { shotFor, untilSign } from './aim.ts';
import { type Attempt, ask, openAgents, planBurst, request, sendBurst } from './burst.ts';
import { type Evidence, findingsIn, gatherEvidence, type Phase, phaseOf } from './evidence.ts';
import { KEY, kill, type Running, startGatewayProcess, startSystem } from './processes.ts';

const KILLS = Number(process.env['KILLS'] ?? 20);
const ACTIONS = Number(process.env['ACTIONS'] ?? 1_000);
/** An empty class means more kills, but not for ever. */
const KILLS_MAX = KILLS * 2;
const CLASSES = ['before decision', 'before effect', 'before outcome'] as const satisfies readonly Phase[];

interface Kill {
  readonly aim: string;
  readonly answered: number;
  readonly caught: Readonly<Record<(typeof CLASSES)[number], readonly Attempt[]>>;
}

const folder = mkdtempSync(join(tmpdir(), 'interlock-crash-'));
let system: Awaited<ReturnType<typeof startSystem>>;
let gateway: Running;

beforeAll(async () => {
  system = await startSystem(folder);
  gateway = await startGatewayProcess(system.site);
});
afterAll(async () => {
  await kill(gateway.child);
  await kill(system.child);
  rmSync(folder, { recursive: true, force: true });
});

describe('a gateway killed in a burst of actions', () => {
  test(`forgets no answer, causes no effect without its decision or twice, and calls nothing succeeded that is unknown (${KILLS} kills)`, {
    timeout: 900_000,
  }, async () => {
    const kills: Kill[] = [];
    const hit = (phase: (typeof CLASSES)[number]): number =>
      kills.filter(({ caught }) => caught[phase].length > 0).length;
    while (kills.length < KILLS || (kills.length < KILLS_MAX && CLASSES.some((phase) => hit(phase) === 0))) {
      kills.push(await oneKill(kills.length));
    }
    print(kills);
    for (const phase of CLASSES) expect(hit(phase), `kills that fell ${phase}`).toBeGreaterThan(0);
  });
});

/** One burst, one kill in it, one restart: everything is judged by the files, first as the kill left them. */
async function oneKill(round: number): Promise<Kill> {
  const { site } = system;
  const attempts = planBurst(round, ACTIONS, await openAgents(gateway.url));
  const gather = gatherEvidence.bind(undefined, site, { attempts, auditStart: statSync(site.audit).size });
  const shot = shotFor(round, ACTIONS);
  let ended = false;
  const burst = sendBurst(gateway.url, attempts).finally(() => {
    ended = true;
  });
  await untilSign(shot, { site, attempts, ended: () => ended });
  await kill(gateway.child);
  await burst;
  await systemIsIdle();
  const left = gather();
  expect(await findingsIn(site)).toEqual([]);
  judgeWhatIsLeft(attempts, left);
  const caught = Object.groupBy(attempts, (attempt) => phaseOf(attempt, left.of(attempt)));

  gateway = await startGatewayProcess(site);
  await settled(attempts);
  judgeSettled(attempts, left, gather());
  const repeated = attempts.filter(({ sent, answer }) => sent && answer === undefined);
  const answers = await Promise.all(repeated.map((attempt) => ask(gateway.url, attempt)));
  judgeRepeated({ repeated, answers }, left, gather());
  return {
    aim: `${shot.aim} ${shot.at}`,
    answered: attempts.filter(({ answer }) => answer !== undefined).length,
    caught: {
      'before decision': caught['before decision'] ?? [],
      'before effect': caught['before effect'] ?? [],
      'before outcome': caught['before outcome'] ?? [],
    },
  };
}

/** What the dead gateway had sent is handled in order, so an answer to us means that it is through. */
async function systemIsIdle(): Promise<void> {
  for (let again = 0; again < 3; again++) await (await fetch(`${system.url}/__simulator/audit`)).text();
}

function judgeWhatIsLeft(attempts: readonly Attempt[], left: Evidence): void {
  expect(left.strayEffects).toEqual([]);
  for (const attempt of attempts) {
    const { decided, completed, effects } = left.of(attempt);
    const { id } = attempt.call;
    expect(effects.length, `effects of ${id}`).toBeLessThanOrEqual(1);
    for (const { at } of effects) {
      const allowed = decided.find(({ payload }) => payload.decision === 'allow');
      expect(allowed?.at, `the decision before the effect of ${id}`).toBeLessThanOrEqual(at);
    }
    for (const { payload } of completed) {
      if (payload.status === 'succeeded') expect(effects, `${id} is called succeeded`).toHaveLength(1);
      if (payload.status === 'failed') expect(effects, `${id} is called failed`).toHaveLength(0);
    }
    const { answer } = attempt;
    if (answer === undefined) continue;
    const recorded = decided.at(-1)?.payload;
    expect([recorded?.decision, recorded?.digest], `the answer to ${id}`).toEqual([answer.decision, answer.digest]);
    expect(completed.at(-1)?.payload.status, `the outcome of ${id}`).toBe(answer.outcome?.status);
  }
}

/** Waits, at the gateway, until nothing of the burst is open any more. */
async function settled(attempts: readonly Attempt[]): Promise<void> {
  const workflows = new Set(attempts.map(({ agent }) => agent.workflow));
  const open = async (): Promise<number> => {
    const details = await Promise.all([...workflows].map((id) => request(`${gateway.url}/v1/workflows/${id}`, KEY)));
    return details.reduce((sum, { open }) => sum + Number(open), 0);
  };
  await expect.poll(open, { timeout: 60_000, interval: 100 }).toBe(0);
}

function judgeSettled(attempts: readonly Attempt[], left: Evidence, now: Evidence): void {
  expect(now.strayEffects).toEqual([]);
  for (const attempt of attempts) {
    const before = left.of(attempt);
    const after = now.of(attempt);
    const { id } = attempt.call;
    expect(after.effects, `effects of ${id} after the restart`).toEqual(before.effects);
    if (before.completed.length > 0 || before.decided.at(-1)?.payload.decision !== 'allow') {
      expect(after, `${id}, which had ended`).toEqual(before);
      continue;
    }
    const [first, ...more] = after.completed.map(({ payload }) => payload);
    expect([first?.status, first?.source], `${id} right after the restart`).toEqual(['unknown', 'restart']);
    expect(more.map(({ status, source }) => [status, source])).toEqual([
      [before.effects.length === 1 ? 'succeeded' : 'failed', 'read-back'],
    ]);
  }
}

/** A client that got no answer sends its call again: what was decided is told, what was not is done now, nothing twice. */
function judgeRepeated(
  { repeated, answers }: { readonly repeated: readonly Attempt[]; readonly answers: readonly Answer[] },
  left: Evidence,
  now: Evidence,
): void {
  expect(now.strayEffects).toEqual([]);
  for (const [at, attempt] of repeated.entries()) {
    const before = left.of(attempt);
    const after = now.of(attempt);
    const { id } = attempt.call;
    expect(after.effects.length, `effects of ${id} after its repetition`).toBe(
      answers[at]?.outcome?.status === 'succeeded' ? 1 : 0,
    );
    if (before.decided.length > 0) {
      expect(after.decided, `${id} is not decided twice`).toEqual(before.decided);
      expect(after.effects, `${id} is not done twice`).toEqual(before.effects);
    }
  }
}

function print(kills: readonly Kill[]): void {
  const rows = kills.map(({ aim, answered, caught }, at) => [
    `${at + 1}`,
    aim,
    `${answered}`,
    ...CLASSES.map((phase) => `${caught[phase].length}`),
  ]);
  const totals = CLASSES.map((phase) => {
    const fell = kills.filter(({ caught }) => caught[phase].length > 0).length;
    return `${fell} kills, ${kills.reduce((sum, { caught }) => sum + caught[phase].length, 0)} actions`;
  });
  const table = [['kill', 'after', 'answered', ...CLASSES], ...rows, ['all', '', '', ...totals]];
  const widths = table[0]?.map((_, column) => Math.max(...table.map((row) => row[column]?.length ?? 0))) ?? [];
  const lines = table.map((row) => row.map((cell, column) => cell.padStart(widths[column] ?? 0)).join('  '));
  process.stdout.write(`${lines.join('\n')}\n`);
}
