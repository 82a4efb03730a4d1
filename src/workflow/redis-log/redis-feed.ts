import type { FeedEntry, LedgerSource } from '../../action/ledger-source.ts';
import { InterlockError } from '../../lib/errors.ts';
import type { RedisConnection } from '../../lib/open-redis.ts';
import { asked } from './connect.ts';
import { tenantKeys, tenantsKey } from './keys.ts';

/**
 * The feeds of the tenants as the source of a ledger. A feed keeps its last entries only: where some are gone that the
 * ledger has not seen, every workflow of the tenant is told anew, as far as it is. A cursor names the feed's entry and
 * the log's epoch; in another epoch the numbers mean something else.
 */
export function redisFeed({
  redis,
  prefix,
}: {
  readonly redis: RedisConnection;
  readonly prefix: string;
}): LedgerSource {
  return {
    tenants: () => asked(redis.smembers(tenantsKey(prefix))),
    read: async (tenant, after, limit) => {
      const { feed, meta } = tenantKeys(prefix, tenant);
      const [epoch, last] = await asked(redis.hmget(meta, 'epoch', 'n'));
      if (epoch === undefined || epoch === null) return { entries: [] };
      const seen = after?.startsWith(`${epoch}:`) === true ? Number(after.slice(epoch.length + 1)) : 0;
      const ends = Number(last ?? 0);
      if (ends === seen) return { entries: [] };
      // A Redis that was put back to an earlier state: whoever has seen more is told all, and finds out what is lost.
      if (ends < seen) return { entries: await everything(tenant, `${epoch}:${ends}`) };
      const found = await asked(redis.xrange(feed, `${seen + 1}-0`, '+', 'COUNT', limit));
      const entries = found.map(([id, fields]) => entryOf(`${epoch}:${Number.parseInt(id, 10)}`, fields));
      const isWhole = entries[0]?.cursor === `${epoch}:${seen + 1}`;
      return { entries: isWhole ? entries : await everything(tenant, `${epoch}:${ends}`) };
    },
  };

  async function everything(tenant: string, cursor: string): Promise<readonly FeedEntry[]> {
    const keys = tenantKeys(prefix, tenant);
    const workflows = await asked(redis.zrange(keys.streams, '0', '-1'));
    const pipeline = redis.pipeline();
    for (const workflow of workflows) pipeline.hget(keys.head(workflow), 'version');
    const versions = (await asked(pipeline.exec())) ?? [];
    return workflows.flatMap((workflow, index) => {
      const [failed, version] = versions[index] ?? [];
      if (failed) throw new InterlockError('LOG_UNAVAILABLE', 'Redis does not answer.', { cause: failed });
      const to = Number(version ?? 0);
      return to === 0 ? [] : [{ cursor, workflow, from: to, to }];
    });
  }
}

/** As the append script has written it: names and values in turn. */
function entryOf(cursor: string, fields: readonly string[]): FeedEntry {
  const values = new Map<string, string>();
  for (let at = 0; at + 1 < fields.length; at += 2) values.set(fields[at] ?? '', fields[at + 1] ?? '');
  return { cursor, workflow: values.get('w') ?? '', from: Number(values.get('f')), to: Number(values.get('v')) };
}
