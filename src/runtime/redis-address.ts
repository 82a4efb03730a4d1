import { InterlockError } from '../lib/errors.ts';
import type { RedisAddress } from '../lib/open-redis.ts';
import type { Config } from './config.ts';
import type { SecretSources } from './resolve-secrets.ts';
import { serverUrl } from './server-url.ts';

type RedisSettings = Pick<NonNullable<Config['redis']>, 'url' | 'urls' | 'cluster'>;

/** Where the Redis of a configuration is, or what the references there say. Throws as {@link serverUrl}. */
export function redisAddress({ url, urls, cluster }: RedisSettings, sources: SecretSources): RedisAddress {
  const addressOf = (configured: string, name: string): string =>
    serverUrl(configured, { name, schemes: ['redis', 'rediss'], sources });
  const address = { url: addressOf(url, 'redis.url') };
  if (cluster) return { ...address, cluster: urls.map((each) => addressOf(each, 'redis.urls')) };
  if (urls.length > 0)
    throw new InterlockError('CONFIG_INVALID', 'redis.urls are nodes of a cluster: set redis.cluster');
  return address;
}
