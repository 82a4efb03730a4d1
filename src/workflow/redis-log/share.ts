import type { LedgerSource } from '../../action/ledger-source.ts';
import type { Execution, FeedEntry, Head, SharedLog, StreamId } from '../../action/log-port.ts';
import { InterlockError } from '../../lib/errors.ts';
import { openAnother, type RedisConnection } from '../../lib/open-redis.ts';
import { asked } from './connect.ts';
import { aliveKey, movedChannel, processesKey, tenantKeys, tenantsKey } from './keys.ts';
import type { Presence } from './presence.ts';
import { redisFeed } from './redis-feed.ts';
import type { StoredStreams } from './stored-streams.ts';

interface ShareParts {
  readonly redis: RedisConnection;
  readonly presence: Presence;
  readonly stored: StoredStreams;
  readonly prefix: string;
  readonly process: string;
}

type FeedListener = Parameters<SharedLog['onFeed']>[0];
type MovedListener = Parameters<SharedLog['onMoved']>[0];

/** What the processes that append to one Redis tell each other. */
export class RedisShare implements SharedLog {
  readonly #parts: ShareParts;
  readonly #subscriber: RedisConnection;
  readonly source: LedgerSource;
  readonly #moved = new Set<MovedListener>();
  #feed: FeedListener = () => undefined;

  /** Throws LOG_UNAVAILABLE. */
  static async open(parts: ShareParts): Promise<RedisShare> {
    // Lives on through every break of the connection: what it misses meanwhile was a hint.
    const subscriber = openAnother(parts.redis, {
      lazyConnect: true,
      enableOfflineQueue: true,
      autoResubscribe: true,
      maxRetriesPerRequest: null,
    });
    subscriber.on('error', () => undefined);
    try {
      await subscriber.connect();
      await subscriber.subscribe(movedChannel(parts.prefix));
    } catch (cause) {
      subscriber.disconnect();
      throw new InterlockError('LOG_UNAVAILABLE', 'Redis does not answer.', { cause });
    }
    return new RedisShare(parts, subscriber);
  }

  private constructor(parts: ShareParts, subscriber: RedisConnection) {
    this.#parts = parts;
    this.#subscriber = subscriber;
    this.source = redisFeed(parts);
    subscriber.on('message', (_channel, message: string) => this.#hear(message));
  }

  get isPresent(): boolean {
    return this.#parts.presence.isKnown;
  }

  onMoved(listener: MovedListener): () => void {
    this.#moved.add(listener);
    return () => this.#moved.delete(listener);
  }

  onFeed(listener: FeedListener): void {
    this.#feed = listener;
  }

  idle(tenant: string, before: number, limit: number): ReturnType<SharedLog['idle']> {
    return asked(this.#parts.stored.idle(tenant, before, limit));
  }

  sleep(stream: StreamId, head: Pick<Head, 'version' | 'hash'>): Promise<boolean> {
    return asked(this.#parts.stored.sleep(stream, head));
  }

  lose(stream: StreamId, why: string): Promise<void> {
    return asked(this.#parts.stored.lose(stream, why));
  }

  async position(tenant: string): Promise<number> {
    const { redis, prefix } = this.#parts;
    return Number((await asked(redis.hget(tenantKeys(prefix, tenant).meta, 'n'))) ?? 0);
  }

  async executions(): Promise<readonly Execution[]> {
    const { redis, prefix, process } = this.#parts;
    const alive = new Map<string, boolean>([[process, true]]);
    const found: Execution[] = [];
    for (const tenant of await asked(redis.smembers(tenantsKey(prefix)))) {
      const running = await asked(redis.hgetall(tenantKeys(prefix, tenant).running));
      for (const [field, by] of Object.entries(running)) {
        if (!alive.has(by)) alive.set(by, (await asked(redis.exists(aliveKey(prefix, by)))) === 1);
        const [workflow, action] = JSON.parse(field) as [string, string]; // as runningField has written it
        const who = by === process ? 'this' : alive.get(by) === true ? 'other' : 'nobody';
        found.push({ stream: { tenant, workflow }, action, by: who });
      }
    }
    return found;
  }

  async claimEnded(): Promise<boolean> {
    const { redis, prefix } = this.#parts;
    let claimed = false;
    for (const process of await asked(redis.smembers(processesKey(prefix)))) {
      if ((await asked(redis.exists(aliveKey(prefix, process)))) === 1) continue;
      // Of several that find it out at once, one has removed it.
      if ((await asked(redis.srem(processesKey(prefix), process))) === 1) claimed = true;
    }
    return claimed;
  }

  /** Entries that came with an answer; `own`: the number of the entry that this process has just made. */
  found(tenant: string, entries: readonly FeedEntry[], own: number | undefined): void {
    if (entries.length > 0 || own !== undefined) this.#feed(tenant, entries, own);
  }

  async close(): Promise<void> {
    this.#moved.clear();
    this.#subscriber.disconnect();
  }

  #hear(message: string): void {
    const [process, tenant, workflow, version] = JSON.parse(message) as [string, string, string, number]; // as the script has it
    if (process === this.#parts.process) return;
    for (const listener of this.#moved) listener({ tenant, workflow }, version);
  }
}
