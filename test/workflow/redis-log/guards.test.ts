import { Redis } from 'ioredis';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type MemoryGuard, type StreamId, tenantStream, type WorkflowLog } from '../../../src/action/log-port.ts';
import { createRedisLog } from '../../../src/workflow/redis-log/create-redis-log.ts';
import { hasRedis, type RedisServer, startRedis } from '../../support/redis-server.ts';
import { chain, NOTHING_OPEN } from '../chain-fixture.ts';

const TENANT = 'acme';
const streamOf = (workflow: string): StreamId => ({ tenant: TENANT, workflow });

describe.skipIf(!hasRedis)('what an append rests on, beside its workflow', () => {
  let redis: RedisServer;
  let admin: Redis;
  let prefix = '';
  let count = 0;
  let [own, other]: WorkflowLog[] = [];
  beforeAll(async () => {
    redis = await startRedis();
    admin = new Redis(redis.url);
  });
  beforeEach(async () => {
    prefix = `guards${++count}`;
    const open = () => createRedisLog({ url: redis.url, prefix, durability: 'memory' });
    [own, other] = [await open(), await open()];
    return () => Promise.all([own?.close(), other?.close()]).then(() => undefined);
  });
  afterAll(async () => {
    admin.disconnect();
    await redis.stop();
  });

  const memory = (found: Partial<MemoryGuard>): { readonly memory: MemoryGuard } => ({
    memory: { seen: 0, reads: [], touches: [], asks: [], tells: [], changes: '', ...found },
  });
  const append = async (log: WorkflowLog | undefined, workflow: string, guard = {}) => {
    const stream = workflow === '' ? tenantStream(TENANT) : streamOf(workflow);
    return log?.append(stream, 0, chain(stream, undefined, ['one']), NOTHING_OPEN, guard);
  };
  /** Three entries of the tenant's feed, each of which changes the cell `theirs`. */
  const threeOfAnother = async (): Promise<void> => {
    for (const workflow of ['wf_1', 'wf_2', 'wf_3'])
      await append(other, workflow, memory({ seen: undefined, touches: ['theirs'] }));
  };

  test('is lost where what is frozen in the tenant is shorter than was seen', async () => {
    await append(own, '');
    expect(await append(own, 'wf_1', { controls: 1 })).toMatchObject({ status: 'appended' });
    await expect(append(own, 'wf_2', { controls: 2 })).rejects.toMatchObject({ code: 'LOG_LOST' });
    // From then on for everybody, whatever he has seen.
    await expect(append(other, 'wf_3', { controls: 1 })).rejects.toMatchObject({ code: 'LOG_LOST' });
  });

  test('is a conflict where something was frozen that was not seen, which is in the answer', async () => {
    await append(other, '');
    const answer = await append(own, 'wf_1', { controls: 0 });
    expect(answer).toMatchObject({ status: 'conflict', missed: [], controls: [{ seq: 1 }] });
  });

  test.each([
    { reads: ['mine'], status: 'appended' },
    { reads: ['mine', 'theirs'], status: 'conflict' },
    { reads: [], status: 'appended' },
  ])('reading $reads while another has changed what is its: $status', async ({ reads, status }) => {
    await threeOfAnother();
    expect(await append(own, 'wf_own', memory({ reads }))).toMatchObject({ status });
    expect(await append(own, 'wf_again', memory({ seen: 3, reads }))).toMatchObject({ status: 'appended' });
  });

  test('is a conflict where an entry is gone that nobody here has seen', async () => {
    await threeOfAnother();
    await admin.xdel(`${prefix}:{${TENANT}}:feed`, '2-0');
    expect(await append(own, 'wf_own', memory({ reads: ['mine'] }))).toMatchObject({ status: 'conflict' });
    expect(await append(own, 'wf_again', memory({ seen: 2, reads: ['mine'] }))).toMatchObject({ status: 'appended' });
  });

  test('is a conflict where the last entries are gone', async () => {
    await threeOfAnother();
    await admin.xdel(`${prefix}:{${TENANT}}:feed`, '3-0');
    expect(await append(own, 'wf_own', memory({ reads: ['mine'] }))).toMatchObject({ status: 'conflict' });
  });

  test('is a conflict where another does not say what it has changed, or does not know the signals that were read', async () => {
    await append(other, 'wf_1');
    expect(await append(own, 'wf_own', memory({ reads: ['mine'] }))).toMatchObject({ status: 'conflict' });
    await append(other, 'wf_2', memory({ touches: ['theirs'], tells: ['known'], changes: '{}' }));
    const asking = (...asks: string[]) => append(own, `wf_${asks}`, memory({ seen: 1, reads: ['mine'], asks }));
    expect(await asking('unknown')).toMatchObject({ status: 'conflict' });
    expect(await asking('known')).toMatchObject({ status: 'appended' });
  });
});
