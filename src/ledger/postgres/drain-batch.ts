import type { Pool, PoolClient } from 'pg';
import type { FeedCursor, FeedEntry, LedgerEvents, LedgerSource } from '../../action/ledger-source.ts';
import type { StreamId } from '../../action/log-port.ts';
import { BOUNDS } from '../../lib/bounds.ts';
import { type ErrorCode, InterlockError } from '../../lib/errors.ts';
import type { DurableHead } from '../../workflow/sqlite-log/create-sqlite-log.ts';
import { type Growth, type Judged, judgeGrowth, type Refusal, readAfter } from './judge-growth.ts';
import { LedgerWriter, type StoredHead } from './ledger-writer.ts';
import { inTransaction } from './open-pool.ts';

export interface DrainParts {
  readonly pool: Pool;
  readonly source: LedgerSource;
  readonly log: LedgerEvents;
  /** Called where the connection broke when all was sent: the batch may be in the ledger, or not. */
  readonly onUncertain?: (() => void) | undefined;
}

export interface DrainedBatch {
  /** Up to where the tenant's feed is in the ledger now. */
  readonly cursor: FeedCursor | undefined;
  readonly entries: number;
  readonly heads: readonly DurableHead[];
  /** Those that were not known before. */
  readonly refusals: readonly Refusal[];
}

/**
 * Moves one batch of a tenant's feed into the ledger: events, heads and the cursor in one transaction, so that each event
 * comes once, however often this is killed. Undefined where another process is at this tenant. Throws LOG_UNAVAILABLE.
 */
export async function drainBatch(parts: DrainParts, tenant: string): Promise<DrainedBatch | undefined> {
  let isSent = false;
  try {
    return await inTransaction(parts.pool, async (client) => {
      const batch = await moveBatch(parts, client, tenant);
      isSent = true;
      return batch;
    });
  } catch (thrown) {
    if (isSent) parts.onUncertain?.();
    throw thrown;
  }
}

async function moveBatch({ source, log }: DrainParts, client: PoolClient, tenant: string) {
  const locked = await LedgerWriter.lock(client, tenant);
  if (locked === undefined) return undefined;
  const { writer, cursor } = locked;
  const { entries } = await source.read(tenant, cursor, BOUNDS.ledgerEntries);
  const last = entries.at(-1);
  if (last === undefined) return { cursor, entries: 0, heads: [], refusals: [] };
  const moved = await new Batch(writer, log, tenant).move(growths(entries));
  await writer.finish(last.cursor);
  return { cursor: last.cursor, entries: entries.length, ...moved };
}

const LOST: ReadonlySet<ErrorCode> = new Set(['LOG_LOST', 'LOG_BROKEN']);

class Batch {
  readonly #writer: LedgerWriter;
  readonly #log: LedgerEvents;
  readonly #tenant: string;
  readonly #heads: DurableHead[] = [];
  readonly #refusals: Refusal[] = [];

  constructor(writer: LedgerWriter, log: LedgerEvents, tenant: string) {
    this.#writer = writer;
    this.#log = log;
    this.#tenant = tenant;
  }

  /** Workflows are read some at a time, so that a batch takes neither all memory nor a round trip for each. */
  async move(grown: ReadonlyMap<string, Growth>): Promise<Pick<DrainedBatch, 'heads' | 'refusals'>> {
    const stored = await this.#writer.heads([...grown.keys()]);
    const all = [...grown];
    for (let done = 0; done < all.length; done += BOUNDS.ledgerReads) {
      const read = all.slice(done, done + BOUNDS.ledgerReads).map(async ([workflow, growth]) => ({
        workflow,
        ...(await this.#judge({ tenant: this.#tenant, workflow }, stored.get(workflow), growth)),
      }));
      for (const { workflow, fresh: events, head, refusal } of await Promise.all(read)) {
        if (refusal !== undefined && (await this.#writer.refuse(refusal))) this.#refusals.push(refusal);
        if (head === undefined || events.length === 0) continue;
        await this.#writer.add({ workflow, head, events });
        this.#heads.push({ tenant: this.#tenant, workflow, ...head, events: events.length });
      }
    }
    return { heads: this.#heads, refusals: this.#refusals };
  }

  async #judge(stream: StreamId, stored: StoredHead | undefined, growth: Growth): Promise<Judged> {
    const head = stored?.head;
    if (stored?.refusal !== undefined) return { fresh: [], head, refusal: stored.refusal };
    try {
      const events = await this.#log.read(stream, readAfter(head, growth), growth.to);
      return judgeGrowth(stream, head, { ...growth, events });
    } catch (thrown) {
      // One workflow that its log has lost does not keep the others from the ledger.
      if (!(thrown instanceof InterlockError) || !LOST.has(thrown.code)) throw thrown;
      return { fresh: [], head, refusal: { ...stream, seq: (head?.version ?? 0) + 1, detail: thrown.message } };
    }
  }
}

/** Entries of one workflow taken together. */
function growths(entries: readonly FeedEntry[]): ReadonlyMap<string, Growth> {
  const grown = new Map<string, Growth>();
  for (const { workflow, from, to } of entries) {
    const known = grown.get(workflow);
    grown.set(workflow, { from: Math.min(from, known?.from ?? from), to: Math.max(to, known?.to ?? to) });
  }
  return grown;
}
