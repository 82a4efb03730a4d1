import type { SecretSources } from './resolve-secrets.ts';
import { serverUrl } from './server-url.ts';

/** The address of the Redis of a configuration, or of the reference there. Throws as {@link serverUrl}. */
export function redisUrl(configured: string, sources: SecretSources): string {
  return serverUrl(configured, { name: 'redis.url', schemes: ['redis', 'rediss'], sources });
}
