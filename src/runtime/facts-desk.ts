import { DeadLetters } from '../enrich/bullmq/dead-letters.ts';
import { systemClock } from '../lib/clock.ts';
import { InterlockError } from '../lib/errors.ts';
import type { ChosenFacts, DeadFacts } from '../surface/cli/cli-context.ts';
import type { Config } from './config.ts';
import { redisAddress } from './redis-address.ts';

interface Desk {
  readonly config: Config;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** Look-ups that were given up, beside running gateways and workers. */
export function deadFacts(desk: Desk): Promise<DeadFacts> {
  return withLetters(desk, (letters) => letters.list());
}

/** Has them looked up again. */
export function replayFacts(desk: Desk, chosen: ChosenFacts): Promise<number> {
  return withLetters(desk, (letters) => letters.replay(chosen));
}

export function discardFacts(desk: Desk, chosen: ChosenFacts): Promise<number> {
  return withLetters(desk, (letters) => letters.discard(chosen));
}

async function withLetters<T>({ config, environment }: Desk, act: (letters: DeadLetters) => Promise<T>): Promise<T> {
  const { redis, baseDirectory } = config;
  if (redis === undefined)
    throw new InterlockError(
      'CONFIG_INVALID',
      'look-ups are kept where the configuration names a Redis: set redis.url',
    );
  const address = redisAddress(redis, { environment, baseDirectory });
  const systems = Object.keys(config.connectors);
  const letters = await DeadLetters.open({ redis: { ...address, prefix: redis.prefix }, systems, clock: systemClock });
  try {
    return await act(letters);
  } finally {
    await letters.close();
  }
}
