import type { Pool } from 'pg';
import type { FeedCursor, LedgerEvents, LedgerSource } from '../../action/ledger-source.ts';
import type { StreamId } from '../../action/log-port.ts';
import { BOUNDS } from '../../lib/bounds.ts';
import type { Clock } from '../../lib/clock.ts';
import { asInterlockError, InterlockError } from '../../lib/errors.ts';
import type { Checkpointer } from '../checkpoints.ts';
import { type DrainParts, drainBatch } from './drain-batch.ts';
import type { Refusal } from './judge-growth.ts';
import { type LedgerCheckpoints, openLedgerCheckpoints } from './ledger-checkpoints.ts';
import { migrate } from './ledger-schema.ts';
import { openPool, type PostgresPlace, reachable } from './open-pool.ts';

export interface LedgerDrainOptions {
  readonly postgres: PostgresPlace;
  readonly source: LedgerSource;
  /** Where the events are that the source tells of. */
  readonly log: LedgerEvents;
  readonly clock: Clock;
  /** Left out: a rewrite of the whole ledger cannot be seen. */
  readonly checkpoints?: LedgerCheckpoints | undefined;
  /** Milliseconds between two looks at a source that had nothing more. */
  readonly everyMs: number;
  /** Hears once, with LOG_BROKEN, of each place where a workflow does not continue what the ledger has of it. */
  readonly onRefused: (alarm: InterlockError) => void;
  /** Closes a workflow of the log whose history is not the one that the ledger has. */
  readonly onLost?: ((stream: StreamId, why: string) => Promise<void>) | undefined;
  /** Hears of the first of several passes in a row that fail. */
  readonly onFailure?: ((failure: InterlockError) => void) | undefined;
}

export interface LedgerDrainStatus {
  /** Events that this process has put into the ledger. */
  readonly events: number;
  readonly refusals: number;
  /** Milliseconds since the ledger had everything that the source had; 0 where it has it now. */
  readonly lagMs: number;
}

/** Moves what a log has into the long-term ledger, each event once, as long as it runs. Several may run at once. */
export interface LedgerDrain {
  /** One batch of each tenant; answers whether there may be more. Throws LOG_UNAVAILABLE, or LOG_BROKEN for a ledger that has lost what was signed. */
  pass(): Promise<boolean>;
  /** Passes from now on, by itself; what fails is tried again, at longer and longer intervals. */
  start(): void;
  status(): LedgerDrainStatus;
  /** Why the last pass failed, or the last checkpoint; undefined when all is well. */
  failure(): InterlockError | undefined;
  /** Ends the pass that is on its way, signs what it brought, and closes the connections. */
  close(): Promise<void>;
}

/** Connects at the first pass. Throws CONFIG_INVALID for an address that is none. */
export async function createLedgerDrain(options: LedgerDrainOptions): Promise<LedgerDrain> {
  return new Drain(options, await openPool(options.postgres));
}

const INSERT_TENANT = `INSERT INTO interlock_tenants (tenant, cursor) VALUES ($1, '') ON CONFLICT DO NOTHING`;

class Drain implements LedgerDrain {
  readonly #options: LedgerDrainOptions;
  readonly #parts: DrainParts;
  readonly #pool: Pool;
  /** Up to where each tenant's feed is known to be drained: whether there is more is asked without a transaction. */
  readonly #cursors = new Map<string, FeedCursor | undefined>();
  #ready = false;
  #checkpointer: Checkpointer | undefined;
  #events = 0;
  #refusals = 0;
  #caughtUpAt: number;
  #isBehind = true;
  #failure: InterlockError | undefined;
  #failures = 0;
  #running = false;
  #current: Promise<unknown> = Promise.resolve();
  #cancelTimer: (() => void) | undefined;

  constructor(options: LedgerDrainOptions, pool: Pool) {
    this.#options = options;
    this.#pool = pool;
    const onUncertain = (): void => {
      this.#ready = false;
    };
    this.#parts = { pool, source: options.source, log: options.log, onUncertain };
    this.#caughtUpAt = options.clock.now();
  }

  start(): void {
    if (this.#running) return;
    this.#running = true;
    this.#next(0);
  }

  async pass(): Promise<boolean> {
    this.#isBehind = true;
    const now = this.#options.clock.now();
    await this.#prepare();
    let more = false;
    let failure: unknown;
    for (const tenant of await this.#options.source.tenants()) {
      try {
        if (await this.#drainTenant(tenant)) more = true;
      } catch (thrown) {
        failure ??= thrown;
        // What is wrong with one tenant keeps no other one from the ledger; a server that is away keeps all.
        await reachable(() => this.#pool.query('SELECT 1'));
      }
    }
    if (failure !== undefined) throw failure;
    if (!more) this.#caughtUpAt = now;
    this.#isBehind = more;
    return more;
  }

  status(): LedgerDrainStatus {
    const lagMs = this.#isBehind ? Math.max(0, this.#options.clock.now() - this.#caughtUpAt) : 0;
    return { events: this.#events, refusals: this.#refusals, lagMs };
  }

  failure(): InterlockError | undefined {
    return this.#failure ?? this.#checkpointer?.failure();
  }

  async close(): Promise<void> {
    this.#running = false;
    this.#cancelTimer?.();
    await this.#current;
    try {
      await this.#checkpointer?.close();
    } finally {
      await this.#pool.end();
    }
  }

  /** At the start, and again where a batch may have come into the ledger without being signed. */
  async #prepare(): Promise<void> {
    if (this.#ready) return;
    await migrate(this.#pool);
    const { checkpoints, clock } = this.#options;
    await this.#checkpointer?.close();
    this.#checkpointer = undefined;
    if (checkpoints !== undefined) this.#checkpointer = await openLedgerCheckpoints(this.#pool, clock, checkpoints);
    this.#ready = true;
  }

  /** Answers whether there may be more. */
  async #drainTenant(tenant: string): Promise<boolean> {
    const { source } = this.#options;
    const isKnown = this.#cursors.has(tenant);
    if (isKnown && (await source.read(tenant, this.#cursors.get(tenant), 1)).entries.length === 0) return false;
    if (!isKnown) await reachable(() => this.#pool.query(INSERT_TENANT, [tenant]));
    const batch = await drainBatch(this.#parts, tenant);
    if (batch === undefined) return false;
    for (const head of batch.heads) {
      this.#events += head.events;
      this.#checkpointer?.note(head);
    }
    for (const refusal of batch.refusals) {
      this.#alarm(refusal);
      if (refusal.isOfLedger !== true) await this.#options.onLost?.(refusal, refusal.detail);
    }
    // A first look acknowledges again: the process before this one may have ended before it did.
    if (batch.cursor !== undefined) await source.acknowledge?.(tenant, batch.cursor);
    this.#cursors.set(tenant, batch.cursor);
    return batch.entries > 0;
  }

  #alarm({ tenant, workflow, seq, detail }: Refusal): void {
    this.#refusals++;
    const text = `Workflow ${workflow} of ${tenant} does not continue what the ledger has of it: ${detail}.`;
    this.#options.onRefused(new InterlockError('LOG_BROKEN', text, { data: { tenant, workflow, seq } }));
  }

  #next(delayMs: number): void {
    this.#cancelTimer = this.#options.clock.after(delayMs, () => {
      this.#current = this.#passAndGoOn();
    });
  }

  async #passAndGoOn(): Promise<void> {
    let delayMs = this.#options.everyMs;
    try {
      if (await this.pass()) delayMs = 0;
      this.#failure = undefined;
      this.#failures = 0;
    } catch (thrown) {
      this.#failure = asInterlockError(thrown);
      if (this.#failures === 0) this.#options.onFailure?.(this.#failure);
      delayMs = Math.min(BOUNDS.ledgerBackoffMs * 2 ** this.#failures, BOUNDS.ledgerBackoffMaxMs);
      this.#failures++;
    }
    if (this.#running) this.#next(delayMs);
  }
}
