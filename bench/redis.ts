import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger } from '../src/runtime/logger.ts';
import { startGateway } from '../src/runtime/start-gateway.ts';
import { createRedisLog } from '../src/workflow/redis-log/create-redis-log.ts';
import { packEvent } from '../src/workflow/redis-log/replies.ts';
import { hasRedis, type RedisServer, startRedis } from '../test/support/redis-server.ts';
import type { BenchOptions } from './bench-options.ts';
import { prepareActions } from './gate/in-process.ts';
import { mustBeAllowed, openWorkflow, REFERENCE_CALL, referenceOptions } from './gate/reference-gateway.ts';
import { BareScript } from './redis/bare-script.ts';
import { type Row, ratioOf, summarise } from './row.ts';
import { type Contender, takeTurns } from './take-turns.ts';

/** What a Redis does with what is appended; `always` is the default of a gateway. */
const LEVELS: Readonly<Record<string, readonly string[]>> = {
  'nothing on the disk': [],
  'appendfsync everysec': ['--appendonly', 'yes', '--appendfsync', 'everysec'],
  'appendfsync always': ['--appendonly', 'yes', '--appendfsync', 'always'],
};
const FULL = { alone: 100, together: 16, rounds: 10, processes: [1, 2, 4], perProcess: 60 };
const QUICK = { alone: 2, together: 1, rounds: 1, processes: [1], perProcess: 1 };
const TOGETHER = 64;

/** A whole decision over Redis beside the bare script call at the same `appendfsync`, and both from several processes. */
export async function* benchRedis({
  directory = tmpdir(),
  quick = false,
  onProgress,
  onNote,
}: BenchOptions): AsyncGenerator<Row> {
  if (!hasRedis) {
    onNote?.('without redis-server: install it, or name yours in REDIS_SERVER_PATH');
    return;
  }
  const plan = quick ? QUICK : FULL;
  for (const [level, args] of Object.entries(LEVELS)) {
    const folder = mkdtempSync(join(directory, 'interlock-bench-'));
    const redis = await startRedis({ args, directory: folder });
    try {
      onProgress?.(level);
      yield* oneProcess({ redis, folder, level, plan });
      yield* manyProcesses({ redis, folder, level, plan });
    } finally {
      await redis.stop();
      rmSync(folder, { recursive: true, force: true });
    }
  }
}

interface Measuring {
  readonly redis: RedisServer;
  readonly folder: string;
  readonly level: string;
  readonly plan: typeof FULL;
}

async function* oneProcess({ redis, folder, level, plan }: Measuring): AsyncGenerator<Row> {
  const log = await createRedisLog({ url: redis.url, prefix: 'bench', durability: 'memory' });
  const { interlock } = await startGateway({ ...referenceOptions(folder, 'off'), logger: createLogger('silent'), log });
  const script = new BareScript(redis.url, await rowOf(interlock, log));
  const contenders = [1, TOGETHER].flatMap((atOnce): Contender[] => {
    const how = { atOnce, each: atOnce === 1 ? plan.alone : plan.together };
    const bare = `the bare script call, ${level}, ${atOnce} at once`;
    return [
      {
        name: `decide over Redis, ${level}, ${atOnce} at once`,
        ...how,
        peer: bare,
        prepare: () => prepareActions({ interlock, mode: 'decide' }, how, 10),
      },
      { name: bare, ...how, prepare: () => ({ operate: (loop) => script.append(`${atOnce}.${loop}`) }) },
    ];
  });
  const measured = await takeTurns(contenders, { rounds: plan.rounds, warmUpRounds: 1, budgetMs: 60_000 });
  for (const { name, atOnce, peer } of contenders) {
    for (const unit of atOnce === 1 ? (['µs'] as const) : (['µs', 'per second'] as const)) {
      const values = (of: string) => measured.get(of)?.[unit === 'µs' ? 'latenciesUs' : 'perSecond'] ?? [];
      const own = summarise(unit, values(name));
      const more = unit === 'µs' ? '' : ', throughput';
      const beside =
        peer === undefined ? {} : { peer: peer + more, ratio: ratioOf(own, summarise(unit, values(peer))) };
      yield { bench: 'redis', case: name + more, ...own, ...beside };
    }
  }
  script.close();
  await interlock.close();
}

async function* manyProcesses({ redis, folder, level, plan }: Measuring): AsyncGenerator<Row> {
  for (const count of plan.processes) {
    const of = async (kind: 'gateway' | 'script') =>
      summarise('per second', [await together({ kind, count, each: plan.perProcess, url: redis.url, folder })]);
    const bare = await of('script');
    const own = await of('gateway');
    const peer = `the bare script call, ${level}, ${count} processes`;
    yield {
      bench: 'redis',
      case: `decide over Redis, ${level}, ${count} processes`,
      ...own,
      peer,
      ratio: ratioOf(own, bare),
    };
    yield { bench: 'redis', case: peer, ...bare };
  }
}

/** Decisions, or script calls, of all processes in one second. */
async function together(asked: {
  readonly kind: string;
  readonly count: number;
  readonly each: number;
  readonly url: string;
  readonly folder: string;
}): Promise<number> {
  const { kind, count, each, url, folder } = asked;
  const loader = join(import.meta.dirname, 'redis/loader.ts');
  const row = 'x'.repeat(ROW_CHARACTERS);
  const started = await Promise.all(
    Array.from({ length: count }, async (_, index) => {
      const child = fork(loader, [kind, url, join(folder, `${kind}${count}.${index}`), row]);
      await once(child, 'message');
      return child;
    }),
  );
  const answers = started.map((child) => once(child, 'message'));
  for (const child of started) child.send(each);
  const rates = await Promise.all(answers);
  return rates.reduce((sum, [rate]) => sum + Number(rate), 0);
}

/** About what a decision of the reference action has. */
const ROW_CHARACTERS = 2_400;

async function rowOf(
  interlock: Parameters<typeof openWorkflow>[0],
  log: Awaited<ReturnType<typeof createRedisLog>>,
): Promise<string> {
  const { agent } = await openWorkflow(interlock, 10);
  mustBeAllowed(await interlock.decide(agent, REFERENCE_CALL));
  const { tenant, workflow } = agent.principal;
  const decision = (await log.read({ tenant, workflow })).at(-1);
  if (decision?.type !== 'action.decided') throw new Error('The reference action left no decision.');
  return packEvent(decision);
}
