import type { StoredEvent } from '../../action/event.ts';
import type {
  AppendGuard,
  AppendResult,
  KeptSnapshot,
  StreamId,
  StreamListing,
  StreamSummary,
  WorkflowLog,
} from '../../action/log-port.ts';
import type { Digest } from '../../lib/digest.ts';
import { InterlockError } from '../../lib/errors.ts';
import { randomIds } from '../../lib/ids.ts';
import type { RedisAddress, RedisConnection } from '../../lib/open-redis.ts';
import { checkAppend, emptyHead } from '../check-append.ts';
import { APPEND_SCRIPT } from './append-script.ts';
import { connectRedis, sendTogether, whenReady } from './connect.ts';
import { examineRedis, whyUnfit } from './examine-redis.ts';
import { CONTROLS, movedChannel, runningField, tenantKeys, tenantsKey } from './keys.ts';
import { Presence } from './presence.ts';
import { feedEntry, packEvent, type ScriptReply, unpackEvent } from './replies.ts';
import { RedisShare } from './share.ts';
import { type LogArchive, StoredStreams } from './stored-streams.ts';

export interface RedisLogOptions extends RedisAddress {
  /** Begins the names of all keys; two deployments on one Redis have two. */
  readonly prefix?: string | undefined;
  /** What the Redis at hand must promise at least. */
  readonly durability: WorkflowLog['durability'];
  /** Where dormant workflows are. */
  readonly archive?: LogArchive | undefined;
}

type ErasableFilter = Parameters<NonNullable<WorkflowLog['erasable']>>[0];

/** Milliseconds that an append waits for a connection that broke under it, to learn whether it got in. */
const AGAIN_MS = 2_000;
const KEYS = 11;

/** Of all sets at once: a workflow that wakes or falls asleep meanwhile is in one of them. */
const NEWEST = `
local found = {}
for _, set in ipairs(KEYS) do
  for _, workflow in ipairs(redis.call('ZREVRANGE', set, 0, ARGV[1])) do found[#found + 1] = workflow end
end
return found
`;

/** With the script of `append-script.ts` as a command. */
interface Appending {
  interlockAppend(...given: readonly (string | number)[]): Promise<ScriptReply>;
}

/**
 * The workflow log of several gateways, in one Redis. Throws LOG_UNAVAILABLE where that does not answer, and
 * CONFIG_INVALID where it promises less than `durability`.
 */
export async function createRedisLog({
  prefix = 'il',
  durability,
  archive,
  ...address
}: RedisLogOptions): Promise<WorkflowLog> {
  const redis = await connectRedis(address);
  try {
    const promise = await examineRedis(redis);
    const unfit = whyUnfit(promise, durability);
    if (unfit !== undefined) throw new InterlockError('CONFIG_INVALID', `This Redis cannot hold the log: ${unfit}.`);
    const process = randomIds().id('gw');
    const presence = await Presence.announce(redis, prefix, process);
    const stored = new StoredStreams({ redis, prefix, archive });
    const share = await RedisShare.open({ redis, presence, stored, prefix, process });
    return new RedisLog({
      redis: withAppend(redis),
      prefix,
      process,
      presence,
      share,
      stored,
      durability: promise.durability ?? durability,
    });
  } catch (thrown) {
    redis.disconnect();
    throw thrown;
  }
}

function withAppend(redis: RedisConnection): RedisConnection & Appending {
  redis.defineCommand('interlockAppend', { numberOfKeys: KEYS, lua: APPEND_SCRIPT });
  return redis as RedisConnection & Appending; // that is what the line above does
}

interface RedisLogParts {
  readonly redis: RedisConnection & Appending;
  readonly prefix: string;
  readonly process: string;
  readonly presence: Presence;
  readonly share: RedisShare;
  readonly stored: StoredStreams;
  readonly durability: WorkflowLog['durability'];
}

class RedisLog implements WorkflowLog {
  readonly durability: WorkflowLog['durability'];
  readonly shared: RedisShare;
  readonly #parts: RedisLogParts;
  /** By tenant: what tells this log from another one under the same names. */
  readonly #epochs = new Map<string, string>();
  readonly #underway = new Set<Promise<unknown>>();
  readonly #ids = randomIds();
  #failure: InterlockError | undefined;
  #closing: Promise<void> | undefined;

  constructor(parts: RedisLogParts) {
    this.durability = parts.durability;
    this.shared = parts.share;
    this.#parts = parts;
  }

  async append(
    stream: StreamId,
    expected: number,
    events: readonly StoredEvent[],
    summary: StreamSummary,
    guard: AppendGuard = {},
  ): Promise<AppendResult> {
    this.#assertOpen();
    const [first] = events;
    // The script compares the rest with what Redis has.
    const before =
      expected === 0 || first === undefined ? emptyHead(stream) : { version: expected, hash: first.prev, at: 0 };
    const head = checkAppend(before, events);
    const { process } = this.#parts;
    const running = (action: string): string => runningField(stream, action);
    const { memory, begun = [], ended = [] } = guard;
    const erased = await this.#asked(this.#parts.stored.withoutPayloads(stream, events));
    const given = [
      expected,
      before.hash,
      head.version,
      head.hash,
      head.at,
      first?.at ?? 0,
      summary.open,
      summary.held,
      stream.workflow,
      process,
      this.#epochs.get(stream.tenant) ?? '',
      this.#ids.id('ep'),
      guard.controls ?? -1,
      memory?.seen ?? -1,
      memory === undefined ? '-' : memory.touches.join(' '),
      memory?.changes ?? '',
      memory?.reads.length ?? 0,
      begun.length,
      ended.length,
      erased === undefined ? -1 : erased.length,
      movedChannel(this.#parts.prefix),
      stream.tenant,
      memory?.asks.join(' ') ?? '',
      memory?.tells.join(' ') ?? '',
      ...(memory?.reads ?? []),
      ...begun.map(running),
      ...ended.map(running),
      ...(erased ?? []).flat(),
      ...events.map(packEvent),
    ];
    const appending = this.#append(stream, given, events, memory?.seen !== undefined);
    this.#underway.add(appending);
    try {
      return await appending;
    } finally {
      this.#underway.delete(appending);
    }
  }

  async read(stream: StreamId, afterVersion = 0): Promise<readonly StoredEvent[]> {
    this.#assertOpen();
    return this.#asked(this.#parts.stored.read(stream, afterVersion));
  }

  async snapshot(stream: StreamId): ReturnType<NonNullable<WorkflowLog['snapshot']>> {
    this.#assertOpen();
    return this.#asked(this.#parts.stored.snapshot(stream));
  }

  async keepSnapshot(stream: StreamId, snapshot: KeptSnapshot): Promise<void> {
    // Losing it costs time and nothing else.
    if (this.#closing === undefined) await this.#parts.stored.keepSnapshot(stream, snapshot).catch(() => undefined);
  }

  async erasable({ before, limit }: ErasableFilter): Promise<readonly StreamListing[]> {
    this.#assertOpen();
    const { redis, prefix, stored } = this.#parts;
    const tenants = (await this.#asked(redis.smembers(tenantsKey(prefix)))).filter((each) => !each.startsWith('~'));
    const found = await Promise.all(tenants.map((tenant) => this.#asked(stored.erasable(tenant, before, limit))));
    const oldest = found.flat().sort((a, b) => a.at - b.at || (a.workflow < b.workflow ? -1 : 1));
    return oldest.slice(0, limit).map((each) => ({ ...each, open: 0, held: 0 }));
  }

  async list({
    tenant,
    openOnly = false,
    limit,
  }: Parameters<WorkflowLog['list']>[0]): Promise<readonly StreamListing[]> {
    this.#assertOpen();
    const { redis, prefix } = this.#parts;
    const tenants = tenant === undefined ? await this.#asked(redis.smembers(tenantsKey(prefix))) : [tenant];
    const listed = await Promise.all(tenants.map((each) => this.#listed(each, openOnly, limit)));
    return listed.flat().sort(newestFirst).slice(0, limit);
  }

  async failure(): Promise<InterlockError | undefined> {
    if (this.#parts.redis.status !== 'ready')
      return new InterlockError('LOG_UNAVAILABLE', 'the connection to Redis is away');
    // A gateway that is said to fail gets no calls, by which it could find out that it does not any more.
    if (this.#failure !== undefined && this.#closing === undefined && (await this.#parts.presence.sign()))
      this.#failure = undefined;
    return this.#failure;
  }

  close(): Promise<void> {
    this.#closing ??= this.#finish();
    return this.#closing;
  }

  async #finish(): Promise<void> {
    const { redis, presence, share } = this.#parts;
    await Promise.allSettled(this.#underway);
    await presence.close();
    await share.close();
    redis.disconnect();
  }

  async #append(
    stream: StreamId,
    given: readonly (string | number)[],
    events: readonly StoredEvent[],
    follows: boolean,
  ): Promise<AppendResult> {
    const { redis, prefix } = this.#parts;
    const keys = tenantKeys(prefix, stream.tenant);
    const { streams, opened, feed, meta, running, dormant } = keys;
    const named = [keys.head(stream.workflow), keys.events(stream.workflow), streams, opened, feed];
    const all = [
      ...named,
      keys.head(CONTROLS),
      keys.events(CONTROLS),
      meta,
      running,
      dormant,
      keys.snapshot(stream.workflow),
    ];
    if (!this.#epochs.has(stream.tenant)) await this.#asked(redis.sadd(tenantsKey(prefix), stream.tenant));
    const call = (): Promise<ScriptReply> => {
      sendTogether(redis);
      return redis.interlockAppend(...all, ...given);
    };
    const reply = await call().catch((failed: unknown) => this.#again(failed, call));
    if (follows) this.#found(stream, reply);
    if (reply[0] === 'away') return { status: 'conflict', missed: await this.read(stream, Number(given[0])) };
    return this.#understood(stream, reply, events);
  }

  /** A connection that broke does not tell whether the call was made; the same call, made once more, does. */
  async #again(failed: unknown, call: () => Promise<ScriptReply>): Promise<ScriptReply> {
    if (isRefusal(failed) || !(await whenReady(this.#parts.redis, AGAIN_MS))) throw this.#unavailable(failed);
    return this.#asked(call());
  }

  #found({ tenant }: StreamId, reply: ScriptReply): void {
    if (reply[0] === 'ok') this.shared.found(tenant, reply[3].map(feedEntry), reply[1]);
    if (reply[0] === 'conflict') this.shared.found(tenant, reply[3].map(feedEntry), undefined);
    if (reply[0] === 'away') this.shared.found(tenant, reply[1].map(feedEntry), undefined);
  }

  #understood(
    stream: StreamId,
    reply: Exclude<ScriptReply, readonly ['away', ...unknown[]]>,
    events: readonly StoredEvent[],
  ): AppendResult {
    this.#failure = undefined;
    switch (reply[0]) {
      case 'lost':
        throw new InterlockError('LOG_LOST', reply[1]);
      case 'wrong':
        throw new InterlockError('INTERNAL', `The events do not form a chain: ${reply[1]}.`);
      case 'ok': {
        this.#epochs.set(stream.tenant, reply[2]);
        return { status: 'appended', durable: Promise.resolve() };
      }
      case 'conflict': {
        const [, missed, controls] = reply;
        const seen = missed.map(unpackEvent);
        // The first of two calls had got in.
        if (seen[0] !== undefined && seen[0].hash === events[0]?.hash) return appendedBefore(stream, seen, events);
        return { status: 'conflict', missed: seen, controls: controls.map(unpackEvent) };
      }
      default:
        return reply satisfies never;
    }
  }

  async #listed(tenant: string, openOnly: boolean, limit = 0): Promise<readonly StreamListing[]> {
    const { redis, prefix } = this.#parts;
    const keys = tenantKeys(prefix, tenant);
    const sets = openOnly ? [keys.opened] : [keys.streams, keys.dormant];
    const named = await this.#asked(redis.eval(NEWEST, sets.length, ...sets, limit - 1));
    const workflows = named as readonly string[]; // what the script returns
    const pipeline = redis.pipeline();
    for (const workflow of workflows) pipeline.hmget(keys.head(workflow), 'version', 'hash', 'at', 'open', 'held');
    const heads = (await this.#asked(pipeline.exec())) ?? [];
    return workflows.map((workflow, index) => {
      const [failed, values] = heads[index] ?? [];
      if (failed) throw this.#unavailable(failed);
      const [version, hash, at, open, held] = values as readonly string[]; // as the script has written them
      const head = { version: Number(version), hash: hash as Digest, at: Number(at) };
      return { tenant, workflow, ...head, open: Number(open), held: Number(held) };
    });
  }

  async #asked<T>(answer: Promise<T>): Promise<T> {
    try {
      return await answer;
    } catch (thrown) {
      throw thrown instanceof InterlockError ? thrown : this.#unavailable(thrown);
    }
  }

  #unavailable(cause: unknown): InterlockError {
    const said = isRefusal(cause) ? cause.message.split(' ', 1)[0] : 'it does not answer';
    this.#failure = new InterlockError('LOG_UNAVAILABLE', `Redis: ${said}`, { cause });
    return this.#failure;
  }

  #assertOpen(): void {
    if (this.#closing !== undefined) throw new InterlockError('LOG_UNAVAILABLE', 'The log is closed.');
  }
}

/** Appended by a call whose answer was lost. What others appended after it comes with the next conflict. */
function appendedBefore(
  { workflow }: StreamId,
  seen: readonly StoredEvent[],
  events: readonly StoredEvent[],
): AppendResult {
  if (!events.every(({ hash }, index) => seen[index]?.hash === hash))
    throw new InterlockError('LOG_BROKEN', `${workflow} has two histories`);
  return { status: 'appended', durable: Promise.resolve() };
}

/** Redis itself has said no, so nothing was done: out of memory, a replica, still loading. */
function isRefusal(thrown: unknown): thrown is Error {
  return thrown instanceof Error && thrown.name === 'ReplyError';
}

function newestFirst(a: StreamListing, b: StreamListing): number {
  return b.at - a.at || (a.workflow < b.workflow ? -1 : 1);
}
