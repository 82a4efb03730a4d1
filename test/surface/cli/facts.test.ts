import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DeadLetters } from '../../../src/enrich/bullmq/dead-letters.ts';
import { openQueues } from '../../../src/enrich/bullmq/open-queue.ts';
import { startQueueWorker } from '../../../src/enrich/bullmq/start-queue-worker.ts';
import { systemClock } from '../../../src/lib/clock.ts';
import { InterlockError } from '../../../src/lib/errors.ts';
import { hasRedis, type RedisServer, startRedis } from '../../support/redis-server.ts';
import { interlock } from './cli.ts';
import { configuration, folderOf } from './folder.ts';

describe.skipIf(!hasRedis)('interlock facts', () => {
  let server: RedisServer;
  let folder: ReturnType<typeof folderOf>;
  beforeAll(async () => {
    server = await startRedis();
    const redis = { url: server.url, durability: 'memory' };
    folder = folderOf({ 'interlock.yaml': configuration({ redis }), 'none.yaml': configuration() });
    await giveUp(server.url, ['ada', 'bob']);
  });
  afterAll(async () => {
    await server?.stop();
    folder?.remove();
  });

  async function giveUp(url: string, ids: readonly string[]): Promise<void> {
    const redis = { url, prefix: 'il' };
    const systems = ['notes'];
    const { queues, close } = await openQueues(redis, systems, systemClock);
    const work = () => Promise.reject(new InterlockError('CREDENTIAL_REFUSED', 'the key is too old'));
    const common = { redis, systems, clock: systemClock, alarm: () => undefined };
    const worker = startQueueWorker({ ...common, work, concurrency: 1, chance: () => 0 });
    const letters = await DeadLetters.open(common);
    for (const id of ids) {
      const subject = { type: 'user', id } as const;
      const data = { tenant: 'acme', workflow: 'wf_1', fact: 'notesRisk', subject, anew: false };
      await queues[0]?.add('notesRisk', data, { jobId: `plan-${id}` });
    }
    while ((await letters.list()).total < ids.length) await new Promise((resolve) => setTimeout(resolve, 20));
    await Promise.all([letters.close(), worker.close(), close()]);
  }

  const run = (line: string) => interlock(line.split(' '), { cwd: folder.cwd });

  test('shows what was given up, has it looked up again, and throws it away', async () => {
    const { stdout, code } = await run('facts dead');
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /notesRisk of user ada\n {2}CREDENTIAL_REFUSED: the key is too old \(1 tries\)\n {2}acme \/ wf_1/,
    );
    const lines = (await run('facts dead --json')).stdout.trim().split('\n');
    expect(lines.map((line) => JSON.parse(line).id).toSorted()).toEqual(['plan-ada', 'plan-bob']);
    expect((await run('facts replay plan-ada')).stdout).toBe('1 again.\n');
    expect((await run('facts discard --all --json')).stdout).toBe('{"count":1}\n');
    expect((await run('facts dead')).stdout).toBe('No look-up was given up.\n');
  });

  test.each([
    { line: 'facts replay', code: 64, says: /name ids, or --all/ },
    { line: 'facts discard plan-ada --all', code: 64, says: /name ids, or --all/ },
    { line: 'facts dead --config none.yaml', code: 3, says: /set redis\.url/ },
  ])('refuses $line', async ({ line, code, says }) => {
    const ended = await run(line);
    expect(ended.code).toBe(code);
    expect(ended.stderr).toMatch(says);
  });
});
