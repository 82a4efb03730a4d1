import { systemClock } from '../lib/clock.ts';
import { InterlockError } from '../lib/errors.ts';
import type { Diagnosis } from '../surface/cli/cli-context.ts';
import { connectRedis } from '../workflow/redis-log/connect.ts';
import { examineRedis, type RedisPromise, whyUnfit } from '../workflow/redis-log/examine-redis.ts';
import type { Config } from './config.ts';
import { failure } from './finding.ts';
import { redisAddress } from './redis-address.ts';

interface Patient {
  readonly redis: NonNullable<Config['redis']>;
  readonly baseDirectory: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** Milliseconds that this machine's clock may differ from that of Redis, by which all gateways can be compared. */
const SKEW_MS = 1_000;
const WORDS = {
  synced: 'what was answered survives a power cut',
  relaxed: 'what was answered survives a crash of Redis whose disk keeps up, and not one of its machine',
  memory: 'nothing survives the end of Redis',
} as const;

/** What the Redis of the log is, what it can lose, and whether clocks agree. Never throws: what fails is a finding. */
export async function examineRedisLog({
  redis: wanted,
  baseDirectory,
  environment,
}: Patient): Promise<readonly Diagnosis[]> {
  try {
    const redis = await connectRedis(redisAddress(wanted, { environment, baseDirectory }));
    try {
      const promise = await examineRedis(redis);
      const [seconds, micros] = await redis.time();
      const aheadMs = systemClock.now() - (Number(seconds) * 1_000 + Number(micros) / 1_000);
      return [
        { check: 'Redis', ok: true, detail: `version ${promise.version}${clusterOf(promise)}` },
        examineFitness(promise, wanted.durability),
        examineSkew(aheadMs),
      ];
    } finally {
      redis.disconnect();
    }
  } catch (thrown) {
    return [failure('Redis', thrown)];
  }
}

function clusterOf({ nodes }: RedisPromise): string {
  return nodes === undefined ? '' : `, a cluster of ${nodes.count} servers`;
}

function examineFitness(promise: RedisPromise, wanted: keyof typeof WORDS): Diagnosis {
  const check = 'durability of Redis';
  const unfit = whyUnfit(promise, wanted);
  if (unfit !== undefined)
    return failure(check, new InterlockError('CONFIG_INVALID', `This Redis cannot hold the log: ${unfit}.`));
  if (promise.durability === undefined) {
    const detail = `it does not show its settings; the configuration says \`${wanted}\`: ${WORDS[wanted]}`;
    return { check, ok: true, detail: `${detail}. Make sure of that, and of \`maxmemory-policy noeviction\`` };
  }
  return { check, ok: true, detail: `${promise.durability}: ${WORDS[promise.durability]}; it throws no key away` };
}

function examineSkew(aheadMs: number): Diagnosis {
  const check = 'clock';
  if (Math.abs(aheadMs) <= SKEW_MS) return { check, ok: true, detail: 'agrees with that of Redis' };
  const detail = `${Math.abs(Math.round(aheadMs / 1_000))} s ${aheadMs > 0 ? 'ahead of' : 'behind'} that of Redis`;
  return { check, ok: false, detail, remedy: 'Set the clocks of both machines, by NTP say.' };
}
