import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createRedisLog } from '../../src/workflow/redis-log/create-redis-log.ts';
import { NoteSystem } from '../support/notes-connector.ts';
import { hasRedis, type RedisServer, startRedis } from '../support/redis-server.ts';
import { operator, PERMIT_ALL, testGateway } from '../support/test-gateway.ts';
import { DeskSystem } from './desk-connector.ts';
import { type SignalWorld, signalWorld } from './signals-world.ts';

const write = (id: string) => ({ operation: 'notes.note.write', input: { id, text: 'x' } });
const THREE_IN_TENANT = {
  policies: `@id("three") @title("Three a day.")
forbid(principal, action == Action::"desk.transfer.create", resource) when { context.signals.sent > 3 };`,
  signals: `sent: { title: transfers, kind: count, scope: tenant, within: 24h, includePresent: true,
  events: { operation: desk.transfer.create } }`,
};

describe.skipIf(!hasRedis)('gateways that were not told what others have appended', () => {
  let redis: RedisServer;
  let prefix = 'untold0';
  let count = 0;
  beforeAll(async () => {
    redis = await startRedis();
  });
  beforeEach(() => {
    prefix = `untold${++count}`;
  });
  afterAll(() => redis.stop());

  const log = () => createRedisLog({ url: redis.url, prefix, durability: 'memory' });
  /** A hint may always be missing. */
  const deafLog = async () => {
    const deaf = await log();
    if (deaf.shared !== undefined) deaf.shared.onMoved = () => () => undefined;
    return deaf;
  };

  test('what one permitted is settled at another that was not told of it', async () => {
    const system = new NoteSystem();
    const [one, other] = [
      await testGateway({ system, log: await log() }),
      await testGateway({ system, log: await deafLog() }),
    ];
    const { caller } = await one.agent();
    expect(await other.interlock.run(caller, write('n'))).toMatchObject({ decision: 'allow' });
    const { id } = await one.interlock.decide(caller, write('m'));
    const settled = other.interlock.settle(caller, id, { status: 'succeeded' });
    await expect(settled).resolves.toMatchObject({ state: 'completed' });
    const again = other.interlock.settle(caller, id, { status: 'succeeded' });
    await expect(again).rejects.toMatchObject({ code: 'PERMIT_USED' });
    const unknown = other.interlock.settle(caller, 'nothing', { status: 'succeeded' });
    await expect(unknown).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  test('an action that is sent again to a gateway that was not told of it still counts there', async () => {
    const system = new DeskSystem();
    const one = await signalWorld({ ...THREE_IN_TENANT, system, log: await log() });
    const other = await signalWorld({ ...THREE_IN_TENANT, system, log: await deafLog() });
    const { caller } = await one.actor();
    const send = (by: typeof one, id: string) =>
      by.interlock.run(caller, { id, operation: 'desk.transfer.create', input: { to: 'x', cents: 1 } });
    await other.interlock.run(caller, { operation: 'desk.document.read', input: { id: 'd' } });
    for (const by of [one, other, other]) expect(await send(by, 'first')).toMatchObject({ decision: 'allow' });
    expect(await send(other, 'second')).toMatchObject({ decision: 'allow' });
    expect(await send(other, 'third')).toMatchObject({ decision: 'allow' });
    expect(await send(other, 'fourth')).toMatchObject({ decision: 'deny' });
    expect(system.effects).toHaveLength(3);
  });

  test('a decision that another gateway’s freeze overtakes records nothing of its first attempt', async () => {
    const policies = `${PERMIT_ALL}
@id("asks") @title("Nothing unknown is written.")
forbid(principal, action == Action::"notes.note.write", resource)
when { context.provenance.exposed && context.provenance.all.contains(Interlock::Source::"agent") };`;
    const kept = await deafLog();
    const one = await testGateway({ policies, log: await log() });
    const other = await testGateway({ policies, log: kept });
    const { caller, workflow } = await one.agent();
    const scope = { kind: 'system', id: 'notes' } as const;
    for (const frozen of [false, true]) {
      await one.interlock.setFreeze(operator('admin'), { scope, frozen, reason: 'test' });
      await other.interlock.run(caller, { id: `frozen-${frozen}`, ...write('n') });
    }
    const decided = (await kept.read({ tenant: 'acme', workflow }))
      .filter(({ type }) => type === 'action.decided')
      .map(({ payload = '' }) => JSON.parse(payload));
    expect(decided).toMatchObject([{ decision: 'allow' }, { decision: 'deny', code: 'SYSTEM_FROZEN' }]);
    expect(decided.map(({ provenance }) => provenance !== undefined)).toEqual([true, false]);
  });

  test('what a gateway without the signals of the tenant appends does not keep the others from deciding', async () => {
    const [decides, settles] = [
      await signalWorld({ ...THREE_IN_TENANT, log: await log() }),
      await signalWorld({ ...THREE_IN_TENANT, log: await log() }),
    ];
    const actor = await decides.actor();
    const transfer = { operation: 'desk.transfer.create', input: { to: 'x', cents: 1 } };
    const permit = await decides.interlock.decide(actor.caller, transfer);
    await settles.interlock.settle(actor.caller, permit.id, { status: 'failed' });
    const answers = [];
    for (let i = 0; i < 4; i += 1) answers.push(await decides.interlock.run(actor.caller, transfer));
    // The one that failed, by the agent's own word, counts like the others.
    expect(answers.map(({ decision, code }) => code ?? decision)).toEqual([
      ...['allow', 'allow'],
      ...['DENIED_BY_POLICY', 'DENIED_BY_POLICY'],
    ]);
  });

  test.each([0, 1])('what is erased at one is forgotten by the signals of each (%i)', async (index) => {
    const worlds: readonly [SignalWorld, SignalWorld] = [
      await signalWorld({ ...THREE_IN_TENANT, log: await log() }),
      await signalWorld({ ...THREE_IN_TENANT, log: await log() }),
    ];
    const [erases] = worlds;
    const erased = await erases.actor();
    const stays = await (worlds[index] ?? erases).actor();
    for (const actor of [erased, stays])
      expect(await actor.run('transfer.create', { to: 'x', cents: 1 })).toMatchObject({ decision: 'allow' });
    await erases.interlock.erase(operator('admin'), erased.workflow, { reason: 'asked for' });
    const late = await stays.run('transfer.create', { to: 'x', cents: 1 });
    expect(late).toMatchObject({ decision: 'deny', code: 'SIGNAL_FORGOTTEN' });
  });
});
