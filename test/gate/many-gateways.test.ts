import { Redis } from 'ioredis';
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import type { Answer } from '../../src/gate/answers.ts';
import { effectMark } from '../../src/gate/execute.ts';
import { createRedisLog } from '../../src/workflow/redis-log/create-redis-log.ts';
import { NoteSystem } from '../support/notes-connector.ts';
import { hasRedis, type RedisServer, startRedis } from '../support/redis-server.ts';
import { testClock } from '../support/test-clock.ts';
import { OPENER, operator, PERMIT_ALL, type TestGateway, testGateway } from '../support/test-gateway.ts';
import { batchConnector } from './batch-connector.ts';
import { DeskSystem } from './desk-connector.ts';
import { signalWorld } from './signals-world.ts';

const write = (id: string) => ({ operation: 'notes.note.write', input: { id, text: 'x' } });
const APPROVED = `${PERMIT_ALL}
@id("ask") @title("Sending needs a human.") @unless("approval(security, within: 30m)")
forbid(principal, action == Action::"notes.note.send", resource);`;

describe.skipIf(!hasRedis)('several gateways on one Redis', () => {
  let redis: RedisServer;
  let admin: Redis;
  let prefix = 'many0';
  let count = 0;
  beforeAll(async () => {
    redis = await startRedis();
    admin = new Redis(redis.url);
  });
  beforeEach(() => {
    prefix = `many${++count}`;
  });
  afterAll(async () => {
    admin.disconnect();
    await redis.stop();
  });

  const log = () => createRedisLog({ url: redis.url, prefix, durability: 'memory' });
  async function gateways(howMany: number, options: Parameters<typeof testGateway>[0] = {}): Promise<TestGateway[]> {
    const system = options.system ?? new NoteSystem();
    const started: TestGateway[] = [];
    for (let i = 0; i < howMany; i++) started.push(await testGateway({ system, ...options, log: await log() }));
    return started;
  }
  const at = <T>(list: readonly T[], index: number): T => {
    const found = list[index % list.length];
    if (found === undefined) throw new Error('there is none');
    return found;
  };

  test.each([1, 2, 3])('a budget of five is five for 200 actions at once through four gateways (%i)', async () => {
    const all = await gateways(4);
    const { caller } = await at(all, 0).agent({ limits: { create: 5 } });
    const answers = await Promise.all(
      Array.from({ length: 200 }, (_, i) => at(all, i).interlock.run(caller, { id: `w${i}`, ...write(`n${i}`) })),
    );
    expect(at(all, 0).system.effects).toHaveLength(5);
    expect(answers.filter(({ decision }) => decision === 'allow')).toHaveLength(5);
    const refused = new Set(answers.filter(({ decision }) => decision === 'deny').map(({ code }) => code));
    expect([...refused].filter((code) => code !== 'LIMIT_REACHED')).toEqual([]);
  });

  test('one action id has one effect, whichever gateways it is sent to at once', async () => {
    const all = await gateways(4);
    const { caller } = await at(all, 0).agent();
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, i) => at(all, i).interlock.run(caller, { id: 'same', ...write('n') })),
    );
    expect(at(all, 0).system.effects).toEqual(['write n']);
    expect(new Set(answers.map(({ digest }) => digest)).size).toBe(1);
  });

  test('a decision is one call to Redis, an outcome another; nothing of them is left among what executes', async () => {
    const { interlock, agent } = at(await gateways(1), 0);
    const { caller } = await agent();
    await interlock.run(caller, { id: 'warm', ...write('n') });
    const callsOf = async (act: () => Promise<unknown>): Promise<number> => {
      await admin.config('RESETSTAT');
      await act();
      const stats = await admin.info('commandstats');
      const calls = ['eval', 'evalsha', 'eval_ro', 'evalsha_ro'].map((name) =>
        Number(new RegExp(`cmdstat_${name}:calls=(\\d+)`).exec(stats)?.[1] ?? 0),
      );
      return calls.reduce((sum, each) => sum + each, 0);
    };
    expect(await callsOf(() => interlock.decide(caller, { id: 'permit', ...write('n') }))).toBe(1);
    expect(await callsOf(() => interlock.settle(caller, 'permit', { status: 'succeeded' }))).toBe(1);
    expect(await callsOf(() => interlock.run(caller, { id: 'run', ...write('n') }))).toBe(2);
    expect(await callsOf(() => interlock.action(caller, 'run'))).toBe(1);
    expect(await admin.hlen(`${prefix}:{acme}:running`)).toBe(0);
  });

  test('what is frozen at one is denied at the next decision of another', async () => {
    const all = await gateways(2);
    const { caller } = await at(all, 0).agent();
    expect(await at(all, 1).interlock.run(caller, write('before'))).toMatchObject({ decision: 'allow' });
    await at(all, 0).interlock.setFreeze(operator('admin'), {
      scope: { kind: 'system', id: 'notes' },
      frozen: true,
      reason: 'test',
    });
    expect(await at(all, 1).interlock.run(caller, write('after'))).toMatchObject({ decision: 'deny' });
    expect(at(all, 0).system.effects).toEqual(['write before']);
  });

  test('what one freezes another lifts, and freezes again, at once', async () => {
    const all = await gateways(2);
    const { caller } = await at(all, 0).agent();
    const set = (by: number, frozen: boolean) =>
      at(all, by).interlock.setFreeze(operator('admin'), {
        scope: { kind: 'system', id: 'notes' },
        frozen,
        reason: 'test',
      });
    for (let i = 0; i < 6; i += 1) {
      const frozen = i % 2 === 0;
      expect(await set(i % 3, frozen)).toMatchObject({ systems: frozen ? ['notes'] : [] });
      expect(await at(all, i + 1).interlock.freezes(operator('admin'))).toMatchObject({
        systems: frozen ? ['notes'] : [],
      });
      const decision = frozen ? 'deny' : 'allow';
      expect(await at(all, i).interlock.run(caller, write(`n${i}`))).toMatchObject({ decision });
    }
  });

  test('whoever may not join or speak since a freeze at one is refused by another at once', async () => {
    const all = await gateways(2);
    const { workflow } = await at(all, 0).agent();
    await at(all, 1).interlock.freezes(operator('admin'));
    await at(all, 0).interlock.setFreeze(operator('admin'), {
      scope: { kind: 'agent', id: 'late' },
      frozen: true,
      reason: 'test',
    });
    const joins = at(all, 1).interlock.openSession(OPENER, workflow, { agent: 'late' });
    await expect(joins).rejects.toMatchObject({ code: 'AGENT_FROZEN' });
  });

  test('a session that is opened at one works at another, until it is revoked at a third', async () => {
    const all = await gateways(3);
    const { workflow } = await at(all, 0).agent();
    const { token, session } = await at(all, 1).interlock.openSession(OPENER, workflow, { agent: 'second' });
    const caller = await at(all, 0).interlock.authenticate(token);
    expect(await at(all, 0).interlock.run(caller, write('n'))).toMatchObject({ decision: 'allow' });
    await at(all, 2).interlock.revokeSession(OPENER, workflow, session, 'test');
    const late = at(all, 0).interlock.run(caller, write('late'));
    await expect(late).resolves.toMatchObject({ decision: 'deny' });
    // Until it has heard of that, it takes the token, and its decision denies.
    const codeAtAnother = () =>
      at(all, 1)
        .interlock.authenticate(token)
        .then(
          () => 'taken',
          ({ code }) => code,
        );
    await expect.poll(codeAtAnother).toBe('UNAUTHENTICATED');
  });

  test('an approval that one asks for is given at another, and whoever waits at the first is told', async () => {
    const all = await gateways(2, { policies: APPROVED });
    const { caller } = await at(all, 0).agent();
    const call = { id: 'mail', operation: 'notes.note.send', input: { id: 'n', to: 'eve@example.com' } };
    expect(await at(all, 0).interlock.run(caller, call)).toMatchObject({ decision: 'step_up' });
    const waits = at(all, 0).interlock.action(caller, 'mail', 20_000);
    const approver = operator('boss', ['approve'], ['security']);
    const [asked] = await at(all, 1).interlock.approvals(approver);
    await at(all, 1).interlock.answerApproval(approver, asked?.id ?? '', { answer: 'approve', reason: 'fine' });
    expect(await waits).toMatchObject({ decision: 'allow', outcome: { status: 'succeeded' } });
    expect(at(all, 0).system.effects).toEqual(['send n']);
  });

  test('a question that nobody answers ends, whatever was frozen and thawed meanwhile', async () => {
    const clock = testClock();
    const [one] = await gateways(1, { policies: APPROVED, clock });
    if (one === undefined) throw new Error('there is none');
    const { caller } = await one.agent();
    const call = { id: 'mail', operation: 'notes.note.send', input: { id: 'n', to: 'eve@example.com' } };
    expect(await one.interlock.run(caller, call)).toMatchObject({ decision: 'step_up' });
    for (const frozen of [true, false])
      await one.interlock.setFreeze(operator('admin'), {
        scope: { kind: 'system', id: 'odd' },
        frozen,
        reason: 'test',
      });
    const ended = one.interlock.action(caller, 'mail', 20_000);
    clock.advance(30 * 60_000);
    expect(await ended).toMatchObject({ decision: 'deny', code: 'APPROVAL_EXPIRED' });
  });

  test('a signal wider than a workflow is exact over four gateways and as many workflows', async () => {
    const system = new DeskSystem();
    const three = `@id("three") @title("Three a day.")
forbid(principal, action == Action::"desk.transfer.create", resource) when { context.signals.sent > 3 };`;
    const signals = `sent:
  title: transfers of the user within a day
  kind: count
  scope: user
  within: 24h
  events: { operation: desk.transfer.create }
  includePresent: true
`;
    const worlds = [];
    for (let i = 0; i < 4; i++) worlds.push(await signalWorld({ policies: three, signals, system, log: await log() }));
    const actors = await Promise.all(worlds.map((world) => world.actor({ user: 'ada' })));
    const answers: Answer[] = await Promise.all(
      Array.from({ length: 40 }, (_, i) => at(actors, i).run('transfer.create', { to: 'x', cents: 1 }, `p${i}`)),
    );
    expect(answers.filter(({ decision }) => decision === 'allow')).toHaveLength(3);
    expect(new Set(answers.map(({ code }) => code ?? 'none'))).not.toContain('LOG_UNAVAILABLE');
    const late = await at(actors, 1).run('transfer.create', { to: 'x', cents: 1 });
    expect(late).toMatchObject({ decision: 'deny' });
  });

  test('what is erased at one is closed at another, and its words are gone from Redis', async () => {
    const all = await gateways(2);
    const { caller, workflow } = await at(all, 0).agent();
    const said = { operation: 'notes.note.write', input: { id: 'n', text: 'words that nobody may keep' } };
    expect(await at(all, 0).interlock.run(caller, said)).toMatchObject({ decision: 'allow' });
    const stored = async () => (await admin.lrange(`${prefix}:{acme}:e:${workflow}`, 0, -1)).join();
    expect(await stored()).toContain('nobody may keep');
    await at(all, 1).interlock.erase(operator('admin'), workflow, { reason: 'asked for' });
    expect(await stored()).not.toContain('nobody may keep');
    await expect(at(all, 0).interlock.run(caller, said)).rejects.toMatchObject({ code: 'WORKFLOW_ERASED' });
  });

  test('a log that was emptied under them denies, and says why', async () => {
    const all = await gateways(2);
    const { caller } = await at(all, 0).agent();
    expect(await at(all, 0).interlock.run(caller, write('n'))).toMatchObject({ decision: 'allow' });
    await admin.del(...(await admin.keys(`${prefix}:{acme}*`)));
    await expect(at(all, 0).interlock.run(caller, write('late'))).rejects.toMatchObject({ code: 'LOG_LOST' });
    await expect(at(all, 1).agent()).rejects.toMatchObject({ code: 'LOG_LOST' });
    expect(at(all, 0).system.effects).toEqual(['write n']);
  });

  /** Whoever executes something is taken for dead, as by Redis when its process says nothing for a while. */
  async function silence() {
    while ((await admin.hlen(`${prefix}:{acme}:running`)) === 0) await new Promise(setImmediate);
    const [by] = Object.values(await admin.hgetall(`${prefix}:{acme}:running`));
    await admin.del(`${prefix}:alive:${by}`);
  }

  /** One gateway is taken for dead while it executes `lost`; it goes on when it is let. */
  async function takenForDead() {
    const clock = testClock();
    const system = new NoteSystem();
    const gone = await testGateway({ system, clock, log: await log() });
    const stays = await testGateway({ system, clock, log: await log() });
    const { caller } = await gone.agent();
    const workflow = idOf(caller);
    let go = (): void => undefined;
    system.gate = new Promise((resolve) => {
      go = resolve;
    });
    onTestFinished(() => go());
    const answered = gone.interlock.run(caller, { id: 'lost', ...write('n') });
    await silence();
    clock.advance(5_000);
    const read = async () => {
      // What it answers is at most as old as its last append.
      await stays.interlock.openSession(OPENER, workflow, { agent: 'b' });
      return (await stays.interlock.explain(operator('admin'), 'lost', workflow)).answer.outcome;
    };
    const isFinal = async () => (await stays.interlock.workflow(operator('admin'), workflow)).open === 0;
    const readBack = async () => {
      await expect
        .poll(async () => {
          clock.advance(100);
          return isFinal();
        })
        .toBe(true);
      return read();
    };
    return { system, stays, workflow, go, answered, read, readBack };
  }

  test('what one was executing when it ended has an unknown outcome, which another reads back', async () => {
    const { read, go, answered } = await takenForDead();
    expect(await read()).toMatchObject({ status: 'unknown' });
    go();
    expect(await answered).toMatchObject({ outcome: { status: 'succeeded' } });
  });

  test('what one that was taken for dead does not know itself is read back once more, and is open until then', async () => {
    const { system, stays, workflow, go, answered, readBack } = await takenForDead();
    expect(await readBack()).toMatchObject({ status: 'failed' });
    system.faults.push('after');
    go();
    expect(await answered).toMatchObject({ outcome: { status: 'unknown' } });
    const { open } = await stays.interlock.workflow(operator('admin'), workflow);
    expect(open).toBe(1);
    expect(await readBack()).toMatchObject({ status: 'succeeded' });
  });

  test('what was read back as done stays so, whatever one that was taken for dead does not know', async () => {
    const { system, workflow, go, answered, readBack } = await takenForDead();
    system.marks.add(effectMark({ tenant: 'acme', workflow }, 'lost'));
    expect(await readBack()).toMatchObject({ status: 'succeeded' });
    system.faults.push('before');
    go();
    expect(await answered).toMatchObject({ outcome: { status: 'succeeded' } });
  });

  test('a batch whose gateway is taken for dead is unknown in every part, until that one tells of each after all', async () => {
    const clock = testClock();
    const system = new DeskSystem();
    const world = async () =>
      signalWorld({ policies: '', signals: '{}', connector: batchConnector, system, clock, log: await log() });
    const gone = await world();
    const stays = await world();
    const agent = await gone.actor();
    const { promise, resolve: go } = Promise.withResolvers<void>();
    onTestFinished(() => go());
    system.gate = promise;
    system.fault = (effect) => (effect === 'set b' ? 'refuse' : undefined);
    const set = (name: string) => ({ operation: 'desk.flag.set', input: { name } });
    const answered = agent.run('batch.execute', { calls: [set('a'), set('b')] }, 'all');
    await silence();
    clock.advance(5_000);
    const parts = async () => (await stays.interlock.action(agent.caller, 'all')).parts;
    await expect.poll(parts).toMatchObject([{ outcome: { status: 'unknown' } }, { outcome: { status: 'unknown' } }]);
    const detail = () => stays.interlock.workflow(operator('admin'), agent.workflow);
    expect(await detail()).toMatchObject({ counts: { update: 2 } });
    go();
    expect(await answered).toMatchObject({ outcome: { status: 'succeeded' } });
    expect(await parts()).toMatchObject([{ outcome: { status: 'succeeded' } }, { outcome: { status: 'failed' } }]);
    expect(await detail()).toMatchObject({ open: 0, counts: { update: 1 } });
  });
});

function idOf(caller: Awaited<ReturnType<TestGateway['agent']>>['caller']): string {
  return caller.kind === 'agent' ? caller.principal.workflow : '';
}
