import type { Pool } from 'pg';
import type { FeedCursor, FeedEntry, LedgerEvents, LedgerSource } from '../../action/ledger-source.ts';
import { BOUNDS } from '../../lib/bounds.ts';
import type { DurableHead } from '../../workflow/sqlite-log/create-sqlite-log.ts';
import { type Growth, judgeGrowth, type Refusal, readAfter } from './judge-growth.ts';
import { LedgerWriter } from './ledger-writer.ts';
import { inTransaction } from './open-pool.ts';

export interface DrainParts {
  readonly pool: Pool;
  readonly source: LedgerSource;
  readonly log: LedgerEvents;
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
export async function drainBatch({ pool, source, log }: DrainParts, tenant: string): Promise<DrainedBatch | undefined> {
  return inTransaction(pool, async (client) => {
    const locked = await LedgerWriter.lock(client, tenant);
    if (locked === undefined) return undefined;
    const { writer, cursor } = locked;
    const { entries } = await source.read(tenant, cursor, BOUNDS.ledgerEntries);
    const last = entries.at(-1);
    if (last === undefined) return { cursor, entries: 0, heads: [], refusals: [] };
    const moved = await new Batch(writer, log, tenant).move(growths(entries));
    await writer.finish(last.cursor);
    return { cursor: last.cursor, entries: entries.length, ...moved };
  });
}

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
      const read = all.slice(done, done + BOUNDS.ledgerReads).map(async ([workflow, growth]) => {
        const { head, refusal } = stored.get(workflow) ?? { head: undefined, refusal: undefined };
        if (refusal !== undefined) return { workflow, fresh: [], head, refusal };
        const events = await this.#log.read({ tenant: this.#tenant, workflow }, readAfter(head, growth), growth.to);
        return { workflow, ...judgeGrowth({ tenant: this.#tenant, workflow }, head, { ...growth, events }) };
      });
      for (const { workflow, fresh: events, head, refusal } of await Promise.all(read)) {
        if (refusal !== undefined && (await this.#writer.refuse(refusal))) this.#refusals.push(refusal);
        if (head === undefined || events.length === 0) continue;
        await this.#writer.add({ workflow, head, events });
        this.#heads.push({ tenant: this.#tenant, workflow, ...head, events: events.length });
      }
    }
    return { heads: this.#heads, refusals: this.#refusals };
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
