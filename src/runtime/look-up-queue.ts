import type { Lookup } from '../connector/registry.ts';
import type { EnrichmentParts } from '../enrich/enrichment.ts';
import type { Config } from './config.ts';
import { redisAddress } from './redis-address.ts';
import type { SecretSources } from './resolve-secrets.ts';

/** Where look-ups wait: over Redis for workers, else in this process (undefined). Throws CONFIG_INVALID and SECRET_MISSING. */
export async function lookUpQueue(
  { redis, baseDirectory }: Pick<Config, 'redis' | 'baseDirectory'>,
  environment: SecretSources['environment'],
  lookups: ReadonlyMap<string, Lookup>,
): Promise<EnrichmentParts['queue']> {
  if (redis === undefined) return undefined;
  const place = { ...redisAddress(redis, { environment, baseDirectory }), prefix: redis.prefix };
  // Whoever does without Redis does not load its client.
  const { BullQueue } = await import('../enrich/bullmq/bull-queue.ts');
  const systemOf = (fact: string): string | undefined => lookups.get(fact)?.descriptor.system;
  return ({ clock, alarm }) => new BullQueue({ redis: place, systemOf, clock, alarm });
}
