import { InterlockError } from '../lib/errors.ts';
import { dereference, type SecretSources } from './resolve-secrets.ts';

/**
 * The address of the Redis of a configuration, or of the reference there. Throws CONFIG_INVALID for what is no address, and
 * for a password that stands in the file; SECRET_MISSING for a reference to nothing.
 */
export function redisUrl(configured: string, sources: SecretSources): string {
  const isReference = /^(env|file):/.test(configured);
  const text = dereference(configured, { system: 'redis', sources });
  const address = URL.parse(text);
  if (address === null || !['redis:', 'rediss:'].includes(address.protocol))
    throw new InterlockError('CONFIG_INVALID', 'redis.url: an address begins with redis:// or rediss://');
  if (!isReference && address.password !== '')
    throw new InterlockError('CONFIG_INVALID', 'redis.url holds a password: write env:NAME or file:path instead');
  return text;
}
