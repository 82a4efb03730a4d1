import type { EventPayloads, StoredEvent } from '../../action/event.ts';
import type { Head, KeptSnapshot, StreamId } from '../../action/log-port.ts';
import type { Digest } from '../../lib/digest.ts';
import { InterlockError } from '../../lib/errors.ts';
import type { RedisConnection } from '../../lib/open-redis.ts';
import { CONTROLS, tenantKeys } from './keys.ts';
import { packEvent, unpackEvent } from './replies.ts';

/** Where the events are that have left Redis: the ledger. Both throw LOG_UNAVAILABLE. */
export interface LogArchive {
  head(stream: StreamId): Promise<Head | undefined>;
  /** Events after one version, up to another one. */
  read(stream: StreamId, afterVersion: number, upTo: number): Promise<readonly StoredEvent[]>;
}

export interface StoredStreamsParts {
  readonly redis: RedisConnection;
  readonly prefix: string;
  readonly archive?: LogArchive | undefined;
}

/** The head, and what Redis has of the events after a version. `base`: the last event that has left, and its hash. */
const READ = `
local h = redis.call('HMGET', KEYS[1], 'version', 'hash', 'base', 'baseHash')
local base = tonumber(h[3] or '0')
local from = math.max(0, tonumber(ARGV[1]) - base)
return {tonumber(h[1] or '0'), h[2] or '', base, h[4] or '', redis.call('LRANGE', KEYS[2], from, -1)}
`;

/** Lets the events go of a workflow that is where the ledger has it, and has nothing open. */
const SLEEP = `
local h = redis.call('HMGET', KEYS[1], 'version', 'hash', 'open', 'at', 'lost')
if h[1] ~= ARGV[1] or h[2] ~= ARGV[2] or h[3] ~= '0' or h[5] then return 0 end
redis.call('DEL', KEYS[2])
redis.call('HSET', KEYS[1], 'base', h[1], 'baseHash', h[2])
redis.call('ZREM', KEYS[3], ARGV[3])
redis.call('ZADD', KEYS[4], h[4], ARGV[3])
return 1
`;

/** How long the stream is, and of one event the hash, if it is the last that has left, or else its text. */
const END = `
local h = redis.call('HMGET', KEYS[1], 'version', 'base', 'baseHash')
local base, seq = tonumber(h[2] or '0'), tonumber(ARGV[1])
local hash = seq == base and h[3] or ''
return {tonumber(h[1] or '0'), hash, seq > base and redis.call('LINDEX', KEYS[2], seq - 1 - base) or ''}
`;

/** Keeps no view of what was erased, by whoever was slow. */
const KEEP = `
if redis.call('HEXISTS', KEYS[1], 'erased') == 1 then return 0 end
redis.call('HSET', KEYS[2], 'version', ARGV[1], 'hash', ARGV[2], 'bytes', ARGV[3])
return 1
`;

/** Heads that are asked for at once. */
const PAGE = 500;

type Read = readonly [version: number, hash: string, base: number, baseHash: string, events: readonly string[]];

interface Sought {
  readonly before: number;
  readonly limit: number;
  readonly evenErased: boolean;
}

/** The streams as Redis keeps them: the events of dormant ones have left for the ledger, and only heads and snapshots stay. */
export class StoredStreams {
  readonly #parts: StoredStreamsParts;

  constructor(parts: StoredStreamsParts) {
    this.#parts = parts;
  }

  /**
   * Events after a version, in order, wherever they are. Throws LOG_LOST where the ledger has more than Redis, or another
   * history, LOG_UNAVAILABLE where events are in a ledger that cannot be asked, and LOG_BROKEN.
   */
  async read(stream: StreamId, afterVersion: number): Promise<readonly StoredEvent[]> {
    const [, , base, baseHash, texts] = await this.#stored(stream, afterVersion);
    const events = texts.map(unpackEvent);
    if (afterVersion === 0) await this.#compare(stream);
    if (afterVersion >= base) return events;
    const { archive } = this.#parts;
    if (archive === undefined)
      throw new InterlockError(
        'LOG_UNAVAILABLE',
        'these events have left for the ledger, which the configuration does not name',
      );
    const older = await archive.read(stream, afterVersion, base);
    const last = older.at(-1);
    if (last?.seq !== base || last.hash !== baseHash)
      throw new InterlockError('LOG_LOST', `the ledger does not have event ${base} as it was when it left`);
    return [...older, ...events];
  }

  /** The last snapshot, if the stream still has its event, and the events after it. Throws LOG_LOST as {@link read}. */
  async snapshot(stream: StreamId): Promise<{ kept: KeptSnapshot; after: readonly StoredEvent[] } | undefined> {
    const { redis } = this.#parts;
    const { version, hash, bytes } = await redis.hgetallBuffer(this.#keys(stream).snapshot);
    if (version === undefined || hash === undefined || bytes === undefined) return undefined;
    const kept = { version: Number(version), hash: hash.toString() as Digest, bytes };
    // One event more shows whether the stream has the very event.
    const [, , base, baseHash, texts] = await this.#stored(stream, Math.max(kept.version - 1, 0));
    const events = texts.map(unpackEvent);
    const own = kept.version === base ? baseHash : events.find(({ seq }) => seq === kept.version)?.hash;
    await this.#compare(stream);
    return own === kept.hash ? { kept, after: events.filter(({ seq }) => seq > kept.version) } : undefined;
  }

  async keepSnapshot(stream: StreamId, { version, hash, bytes }: KeptSnapshot): Promise<void> {
    const { head, snapshot } = this.#keys(stream);
    await this.#parts.redis.eval(KEEP, 2, head, snapshot, version, hash, Buffer.from(bytes));
  }

  /**
   * What is to stand in Redis instead of what an erasure among `events` covers, by `seq`; undefined where there is none. What has left for the ledger is erased there, by the same event.
   */
  async withoutPayloads(
    stream: StreamId,
    events: readonly StoredEvent[],
  ): Promise<readonly (readonly [seq: number, event: string])[] | undefined> {
    const erasures = events.flatMap(({ type, payload }) => (type === 'payloads.erased' && payload ? [payload] : []));
    if (erasures.length === 0) return undefined;
    const ranges = erasures.map((payload): EventPayloads['payloads.erased'] => JSON.parse(payload));
    const [, , , , texts] = await this.#stored(stream, 0);
    return texts.map(unpackEvent).flatMap(({ payload: _, ...event }) => {
      const { seq, type } = event;
      const isCovered = type !== 'payloads.erased' && ranges.some(({ from, to }) => seq >= from && seq <= to);
      return isCovered ? [[seq, packEvent({ ...event, payload: undefined })] as const] : [];
    });
  }

  /** Workflows with nothing open, and not erased, whose last event is older than `before`: the oldest first. */
  async erasable(tenant: string, before: number, limit: number): Promise<readonly (StreamId & Head)[]> {
    const { streams, dormant } = tenantKeys(this.#parts.prefix, tenant);
    const sought = { before, limit, evenErased: false };
    return (await Promise.all([streams, dormant].map((set) => this.#idleIn(tenant, set, sought)))).flat();
  }

  /** Workflows with nothing open whose last event is older than `before`: the oldest first. */
  async idle(tenant: string, before: number, limit: number): Promise<readonly (StreamId & Head)[]> {
    const { streams } = tenantKeys(this.#parts.prefix, tenant);
    return this.#idleIn(tenant, streams, { before, limit, evenErased: true });
  }

  /** However many are older that are not sought, they keep nobody from being found. */
  async #idleIn(tenant: string, set: string, { before, limit, evenErased }: Sought) {
    const { redis, prefix } = this.#parts;
    const keys = tenantKeys(prefix, tenant);
    const found: (StreamId & Head)[] = [];
    for (let looked = 0; found.length < limit; looked += PAGE) {
      const page = await redis.zrangebyscore(set, '-inf', `(${before}`, 'LIMIT', looked, PAGE);
      const heads = await Promise.all(
        page.map((workflow) => redis.hmget(keys.head(workflow), 'version', 'hash', 'at', 'open', 'erased')),
      );
      for (const [index, workflow] of page.entries()) {
        const [version, hash, at, open, erased] = heads[index] ?? [];
        if (open !== '0' || workflow.startsWith('~') || (erased !== null && !evenErased)) continue;
        found.push({ tenant, workflow, version: Number(version), hash: hash as Digest, at: Number(at) });
      }
      if (page.length < PAGE) break;
    }
    return found.slice(0, limit);
  }

  /** False where the workflow has moved on, or has something open. */
  async sleep(stream: StreamId, { version, hash }: Pick<Head, 'version' | 'hash'>): Promise<boolean> {
    const { head, events, streams, dormant } = this.#keys(stream);
    const given = [head, events, streams, dormant, version, hash, stream.workflow];
    return (await this.#parts.redis.eval(SLEEP, 4, ...given)) === 1;
  }

  async #stored(stream: StreamId, afterVersion: number): Promise<Read> {
    const { head, events } = this.#keys(stream);
    return (await this.#parts.redis.eval(READ, 2, head, events, afterVersion)) as unknown as Read; // what the script returns
  }

  /** See `SharedLog`. */
  async lose(stream: StreamId, why: string): Promise<void> {
    const { head, meta } = this.#keys(stream);
    await this.#parts.redis.hset(stream.workflow === CONTROLS ? meta : head, 'lost', why);
  }

  /**
   * A Redis that was emptied or put back has less than the ledger, or another history. One ledger that cannot be asked does
   * not stop what Redis has whole.
   */
  async #compare(stream: StreamId): Promise<void> {
    const kept = await this.#parts.archive?.head(stream).catch(() => undefined);
    if (kept === undefined) return;
    const { head, events } = this.#keys(stream);
    // Only now: what others append meanwhile comes to Redis first.
    const end = await this.#parts.redis.eval(END, 2, head, events, kept.version);
    const [version, leftHash, text] = end as [number, string, string]; // what the script returns
    const hash = text === '' ? leftHash : unpackEvent(text).hash;
    const why =
      version < kept.version
        ? `the ledger has ${kept.version} events of this workflow, and Redis ${version}`
        : `event ${kept.version} of this workflow is not the one that the ledger has`;
    // Of what has left before the last one, the chain speaks.
    if (version >= kept.version && (hash === kept.hash || hash === '')) return;
    await this.lose(stream, why);
    throw new InterlockError('LOG_LOST', why);
  }

  #keys(stream: StreamId) {
    const keys = tenantKeys(this.#parts.prefix, stream.tenant);
    const { workflow } = stream;
    return { ...keys, head: keys.head(workflow), events: keys.events(workflow), snapshot: keys.snapshot(workflow) };
  }
}
