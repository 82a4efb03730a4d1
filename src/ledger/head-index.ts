import { DatabaseSync, type StatementSync } from 'node:sqlite';
import type { StreamId } from '../action/log-port.ts';
import type { Digest } from '../lib/digest.ts';
import type { Checkpoint } from './checkpoint-line.ts';

// Rows are what `add` put in, so their type is known where they come out.

/** What checkpoint `n` says that a stream was. */
export interface KnownHead {
  readonly n: number;
  readonly version: number;
  readonly hash: Digest;
}

/** All heads of a checkpoint file by stream, in a temporary database: there may be more of them than memory. */
export class HeadIndex {
  readonly #database = new DatabaseSync('');
  readonly #insert: StatementSync;
  readonly #select: StatementSync;
  readonly #selectLatest: StatementSync;
  readonly #meet: StatementSync;
  readonly #hasMet: StatementSync;
  #last: Checkpoint | undefined;

  constructor() {
    this.#database.exec(`
      PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;
      CREATE TABLE heads (tenant TEXT, workflow TEXT, version INTEGER, hash TEXT, n INTEGER, PRIMARY KEY (tenant, workflow, n)) WITHOUT ROWID;
      CREATE TABLE met (tenant TEXT, workflow TEXT, PRIMARY KEY (tenant, workflow)) WITHOUT ROWID;
      BEGIN`);
    this.#insert = this.#database.prepare(
      'INSERT OR REPLACE INTO heads (tenant, workflow, version, hash, n) VALUES (?, ?, ?, ?, ?)',
    );
    this.#select = this.#database.prepare(
      'SELECT n, version, hash FROM heads WHERE tenant = ? AND workflow = ? ORDER BY version, n',
    );
    this.#selectLatest = this.#database.prepare(
      'SELECT n, version, hash FROM heads WHERE tenant = ? AND workflow = ? ORDER BY version DESC LIMIT 1',
    );
    this.#meet = this.#database.prepare('INSERT OR IGNORE INTO met (tenant, workflow) VALUES (?, ?)');
    this.#hasMet = this.#database.prepare('SELECT 1 FROM met WHERE tenant = ? AND workflow = ?');
  }

  /** The checkpoint that was added last. */
  get last(): Checkpoint | undefined {
    return this.#last;
  }

  /** Streams that a checkpoint names. */
  get size(): number {
    const row = this.#database
      .prepare('SELECT count(*) AS size FROM (SELECT DISTINCT tenant, workflow FROM heads)')
      .get();
    return Number(row?.['size']);
  }

  add(checkpoint: Checkpoint): void {
    this.#last = checkpoint;
    for (const { tenant, workflow, version, hash } of checkpoint.heads) {
      this.#insert.run(tenant, workflow, version, hash, checkpoint.n);
    }
  }

  /** By version, the lowest first. */
  *headsOf({ tenant, workflow }: StreamId): Generator<KnownHead> {
    for (const row of this.#select.iterate(tenant, workflow)) yield row as unknown as KnownHead;
  }

  /** Every stream with the highest version that a checkpoint names. */
  *streams(): Generator<StreamId & KnownHead> {
    // With max(), SQLite takes the other columns from the row that has it (its documentation, "Bare columns in an aggregate query").
    const rows = this.#database
      .prepare('SELECT tenant, workflow, max(version) AS version, hash, n FROM heads GROUP BY tenant, workflow')
      .iterate();
    for (const row of rows) yield row as unknown as StreamId & KnownHead;
  }

  latest({ tenant, workflow }: StreamId): KnownHead | undefined {
    return this.#selectLatest.get(tenant, workflow) as KnownHead | undefined;
  }

  /** Notes that the stream was met; false when it was before. */
  meet({ tenant, workflow }: StreamId): boolean {
    return this.#meet.run(tenant, workflow).changes === 1;
  }

  hasMet({ tenant, workflow }: StreamId): boolean {
    return this.#hasMet.get(tenant, workflow) !== undefined;
  }

  close(): void {
    this.#database.close();
  }
}
