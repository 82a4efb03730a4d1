import type { WorkflowLog } from '../action/log-port.ts';
import { InterlockError } from '../lib/errors.ts';
import { createRedisLog } from '../workflow/redis-log/create-redis-log.ts';
import type { Config } from './config.ts';
import { type LedgerArchive, ledgerArchive } from './ledger-archive.ts';
import { ledgerPlace } from './ledger-place.ts';
import { redisAddress } from './redis-address.ts';
import type { SecretSources } from './resolve-secrets.ts';

/**
 * The log in the Redis of a configuration, and the ledger as the place of its dormant workflows. Throws CONFIG_INVALID,
 * SECRET_MISSING and LOG_UNAVAILABLE.
 */
export async function openRedisLog(
  config: Config,
  environment: SecretSources['environment'],
): Promise<{ readonly log: WorkflowLog; readonly archive: LedgerArchive | undefined }> {
  const { redis, baseDirectory } = config;
  if (redis === undefined)
    throw new InterlockError('CONFIG_INVALID', 'the configuration names no Redis: set redis.url');
  const archive = config.ledger === undefined ? undefined : ledgerArchive(ledgerPlace(config, environment).url);
  const address = redisAddress(redis, { environment, baseDirectory });
  const { prefix, durability } = redis;
  const log = await createRedisLog({ ...address, prefix, durability, archive });
  const close = log.close.bind(log);
  log.close = async () => {
    await close();
    await archive?.close();
  };
  return { log, archive };
}
