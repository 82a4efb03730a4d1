import { Redis } from 'ioredis';
import { describe, expect, onTestFinished, test } from 'vitest';
import { InterlockError } from '../../../src/lib/errors.ts';
import { createRedisLog } from '../../../src/workflow/redis-log/create-redis-log.ts';
import { type RedisCluster, startCluster, until } from '../../support/redis-cluster.ts';
import { hasRedis } from '../../support/redis-server.ts';
import { type TestGateway, testGateway } from '../../support/test-gateway.ts';

const write = (id: string) => ({ id, operation: 'notes.note.write', input: { id, text: 'x' } });

describe.skipIf(!hasRedis)('a cluster whose nodes end', () => {
  async function cluster(replicas: boolean) {
    const servers = await startCluster({ replicas });
    onTestFinished(() => servers.stop());
    const log = async () => {
      const opened = await createRedisLog({ ...servers, prefix: 'il', durability: 'memory' });
      onTestFinished(() => opened.close());
      return opened;
    };
    return { servers, log };
  }

  test('what a replica has is gone on with when it becomes master, and until then nothing is permitted', async () => {
    const { servers, log } = await cluster(true);
    const shared = await log();
    const gateway = await testGateway({ log: shared });
    const { caller } = await gateway.agent({ limits: { create: 3 } });
    expect(await gateway.interlock.run(caller, write('one'))).toMatchObject({ decision: 'allow' });
    const { home, master, replica } = await homeOf(servers, 'acme');
    await caughtUp(master, replica);
    await servers.masters[home]?.kill();
    const codes = new Set<string>();
    await until('the replica is master', async () => {
      const code = await outcome(gateway, caller, 'two');
      codes.add(code);
      return code === 'allow';
    });
    expect([...codes].sort()).toEqual(['LOG_UNAVAILABLE', 'allow']);
    expect(gateway.system.effects).toEqual(['write one', 'write two']);
    expect(await outcome(gateway, caller, 'three')).toBe('allow');
    expect(await outcome(gateway, caller, 'four')).toBe('LIMIT_REACHED');
  }, 90_000);

  test('what a replica has missed is found as lost history, in that workflow alone', async () => {
    const { servers, log } = await cluster(true);
    const gateway = await testGateway({ log: await log() });
    const { caller } = await gateway.agent();
    const { caller: other } = await gateway.agent();
    expect(await outcome(gateway, caller, 'one')).toBe('allow');
    expect(await outcome(gateway, other, 'one')).toBe('allow');
    const { home, master, replica } = await homeOf(servers, 'acme');
    await caughtUp(master, replica);
    await servers.replicas[home]?.kill('SIGSTOP');
    await asking(master, (node) => node.call('CLIENT', 'KILL', 'TYPE', 'replica'));
    expect(await outcome(gateway, caller, 'missed')).toBe('allow');
    await servers.masters[home]?.kill();
    await servers.replicas[home]?.kill('SIGCONT');
    const codes: string[] = [];
    await until('the replica is master', async () => {
      codes.push(await outcome(gateway, caller, 'late'));
      return codes.at(-1) !== 'LOG_UNAVAILABLE';
    });
    expect(new Set(codes.filter((code) => code !== 'LOG_UNAVAILABLE'))).toEqual(new Set(['LOG_LOST']));
    expect(gateway.system.effects).toEqual(['write one', 'write one', 'write missed']);
    expect(await outcome(gateway, other, 'two')).toBe('allow');
  }, 90_000);

  test('a master without a replica denies its tenants with the code of an unreachable Redis', async () => {
    const { servers, log } = await cluster(false);
    const shared = await log();
    const gateway = await testGateway({ log: shared });
    const { caller } = await gateway.agent();
    expect(await outcome(gateway, caller, 'one')).toBe('allow');
    const { home } = await homeOf(servers, 'acme');
    await servers.masters[home]?.kill();
    const codes = [];
    for (let i = 0; i < 4; i += 1) codes.push(await outcome(gateway, caller, `late${i}`));
    expect(new Set(codes)).toEqual(new Set(['LOG_UNAVAILABLE']));
    expect(gateway.system.effects).toEqual(['write one']);
    expect(await shared.failure?.()).toMatchObject({ code: 'LOG_UNAVAILABLE' });
  }, 90_000);
});

/** The master of a tenant's keys, by its place, and its replica. */
async function homeOf({ masters, replicas, slotBounds }: RedisCluster, tenant: string) {
  const [{ url } = { url: '' }] = masters;
  const slot = Number(await asking(url, (node) => node.call('CLUSTER', 'KEYSLOT', `il:{${tenant}}:meta`)));
  const home = slotBounds.findLastIndex((bound) => slot >= bound);
  return { home, master: masters[home]?.url ?? '', replica: replicas[home]?.url ?? '' };
}

async function caughtUp(master: string, replica: string): Promise<void> {
  const offset = (url: string): Promise<string | undefined> =>
    asking(url, async (node) => /(?:master|slave)_repl_offset:(\d+)/.exec(await node.info('replication'))?.[1]);
  await until('the replica has it all', async () => (await offset(master)) === (await offset(replica)));
}

async function asking<T>(url: string, ask: (node: Redis) => Promise<T>): Promise<T> {
  const node = new Redis(url);
  try {
    return await ask(node);
  } finally {
    node.disconnect();
  }
}

/** `allow`, or the code of what stopped it. */
async function outcome({ interlock }: TestGateway, caller: Parameters<TestGateway['interlock']['run']>[0], id: string) {
  try {
    const { decision, code } = await interlock.run(caller, write(id));
    return code ?? decision;
  } catch (thrown) {
    if (thrown instanceof InterlockError) return thrown.code;
    throw thrown;
  }
}
