import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { EventPayloads, StoredEvent } from '../../action/event.ts';
import type { Head, KeptSnapshot, StreamId, StreamListing, WorkflowLog } from '../../action/log-port.ts';
import { BOUNDS } from '../../lib/bounds.ts';
import { InterlockError } from '../../lib/errors.ts';
import { streamKey } from '../stream-key.ts';
import { EVENT_COLUMNS, eventOfRow, headOfRow, LISTING_COLUMNS, listingOfRow } from './event-row.ts';
import { openForWriting, pragma } from './log-schema.ts';
import { SnapshotStore, truncateWal } from './snapshot-store.ts';
import type { CheckpointMark, CommitGroup, LogRequests, LogWorkerOptions } from './worker-protocol.ts';
import { takeWriteLock } from './write-lock.ts';

/** The version is compared here once more: whatever the main thread believes, the file has one history. */
const UPSERT_STREAM = `
  INSERT INTO streams (tenant, workflow, version, hash, at, open, held) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
  ON CONFLICT (tenant, workflow) DO UPDATE
    SET version = ?3, hash = ?4, at = ?5, open = ?6, held = ?7 WHERE version = ?8
  RETURNING id`;
/** The same for a stream whose row is known, without looking for it. */
const UPDATE_STREAM = `
  UPDATE streams SET version = ?, hash = ?, at = ?, open = ?, held = ? WHERE id = ? AND version = ?`;
const INSERT_EVENT = `
  INSERT INTO events (stream, seq, v, type, at, prev, payload_digest, hash, payload) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`;
const SELECT_HEAD = `
  SELECT version, hash, at, (SELECT hash FROM events WHERE stream = id ORDER BY seq DESC LIMIT 1) AS tail,
    (SELECT max(seq) FROM events WHERE stream = id) AS length
  FROM streams WHERE tenant = ? AND workflow = ?`;
const SELECT_EVENTS = `
  SELECT ${EVENT_COLUMNS} FROM events
  WHERE stream = (SELECT id FROM streams WHERE tenant = ? AND workflow = ?) AND seq > ? ORDER BY seq`;
/** An event that is there and can be read, in a stream of which nothing was erased: that begins with the first. */
const SELECT_WHOLE = `
  SELECT hash FROM events
  WHERE stream = (SELECT id FROM streams WHERE tenant = ? AND workflow = ?) AND seq = ? AND payload IS NOT NULL
    AND (SELECT payload FROM events AS first WHERE first.stream = events.stream AND seq = 1) IS NOT NULL`;
/** What an erasure covers. Who erased what, and why, stays. */
const ERASE_PAYLOADS = `
  UPDATE events SET payload = NULL
  WHERE stream = ? AND seq BETWEEN ? AND ? AND type <> 'payloads.erased' AND payload IS NOT NULL`;
const SELECT_ERASABLE = `
  SELECT ${LISTING_COLUMNS} FROM streams
  WHERE at < ? AND open = 0 AND workflow NOT LIKE '~%' AND tenant NOT LIKE '~%'
    AND (SELECT type FROM events WHERE stream = id AND seq = streams.version) <> 'payloads.erased'
  ORDER BY streams.at, workflow LIMIT ?`;
/** What a batch of some events takes. It leaves nothing behind but pages for the next one. */
const TAKE_ROOM = `
  CREATE TABLE room (bytes BLOB);
  INSERT INTO room VALUES (zeroblob(65536));
  DROP TABLE room`;
const UPSERT_MARK = `
  INSERT INTO last_checkpoint (id, n, hash) VALUES (1, ?1, ?2) ON CONFLICT (id) DO UPDATE SET n = ?1, hash = ?2`;

/** The database behind the log, as its worker thread uses it: every call blocks until the disk has answered. */
export class LogStore {
  readonly #database: DatabaseSync;
  readonly #unlock: () => void;
  readonly #upsertStream: StatementSync;
  readonly #updateStream: StatementSync;
  readonly #insertEvent: StatementSync;
  readonly #selectHead: StatementSync;
  readonly #selectEvents: StatementSync;
  readonly #selectWhole: StatementSync;
  readonly #erasePayloads: StatementSync;
  readonly #upsertMark: StatementSync;
  readonly #snapshots: SnapshotStore | undefined;
  /** Rows of the streams that were appended to last. */
  readonly #ids = new Map<string, number>();
  /** A checkpoint to be remembered with the next commit, which costs nothing. */
  #mark: CheckpointMark | undefined;
  /** What was erased may still be in the write-ahead logs. */
  #isUnclean = false;

  /** Throws LOG_IN_USE, LOG_VERSION or LOG_BROKEN. */
  constructor({ file, synchronous, maxBytes }: LogWorkerOptions) {
    this.#unlock = takeWriteLock(file);
    const database = this.#open(file, synchronous);
    if (maxBytes !== undefined) {
      database.exec(`PRAGMA max_page_count = ${Math.ceil(maxBytes / pragma(database, 'page_size'))}`);
    }
    this.#upsertStream = database.prepare(UPSERT_STREAM);
    this.#updateStream = database.prepare(UPDATE_STREAM);
    this.#insertEvent = database.prepare(INSERT_EVENT);
    this.#selectHead = database.prepare(SELECT_HEAD);
    this.#selectEvents = database.prepare(SELECT_EVENTS);
    this.#selectWhole = database.prepare(SELECT_WHOLE);
    this.#erasePayloads = database.prepare(ERASE_PAYLOADS);
    this.#upsertMark = database.prepare(UPSERT_MARK);
    this.#snapshots = SnapshotStore.open(`${file}.snapshots`);
    this.#database = database;
  }

  #open(file: string, synchronous: 'full' | 'off'): DatabaseSync {
    try {
      return openForWriting(file, synchronous);
    } catch (error) {
      this.#unlock();
      throw error;
    }
  }

  /**
   * One transaction; when it throws, none of it has happened. (If the disk fails to sync it and the machine crashes before
   * the next commit, it may be found after all: events that nobody was told of, whose actions count as unknown.)
   */
  commit(groups: readonly CommitGroup[]): void {
    this.#transact(() => {
      for (const group of groups) this.#append(group);
      if (this.#mark !== undefined) this.#upsertMark.run(this.#mark.n, this.#mark.hash);
    });
    this.#mark = undefined;
  }

  /** Throws what a commit of some events would throw now. */
  room(): void {
    this.#transact(() => this.#database.exec(TAKE_ROOM));
  }

  #transact(write: () => void): void {
    this.#database.exec('BEGIN IMMEDIATE');
    try {
      write();
      this.#database.exec('COMMIT');
    } catch (error) {
      // Rows that came with this transaction are gone.
      this.#ids.clear();
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
      throw error;
    }
  }

  #append(group: CommitGroup): void {
    const id = this.#moveHead(group);
    for (const event of group.events) if (event.type === 'payloads.erased') this.#erase(id, group.stream, event);
    for (const { seq, v, type, at, prev, payloadDigest, hash, payload = null } of group.events) {
      this.#insertEvent.run(id, seq, v, type, at, prev, payloadDigest, hash, payload);
    }
  }

  /** In the transaction that appends the event which says so. The snapshot first: without one, nothing is lost. */
  #erase(id: number, stream: StreamId, erasure: StoredEvent): void {
    const { from, to } = rangeOf(erasure);
    this.#snapshots?.delete(stream);
    this.#erasePayloads.run(id, from, to);
    this.#isUnclean = true;
  }

  /** Answers the row of the stream. */
  #moveHead({ stream, expected, head, summary }: CommitGroup): number {
    const { tenant, workflow } = stream;
    const { version, hash, at } = head;
    const key = streamKey(stream);
    const known = this.#ids.get(key);
    if (known !== undefined) {
      const { changes } = this.#updateStream.run(version, hash, at, summary.open, summary.held, known, expected);
      if (changes !== 1) throw notAt(stream, expected);
      return known;
    }
    const row = this.#upsertStream.get(tenant, workflow, version, hash, at, summary.open, summary.held, expected);
    if (row === undefined) throw notAt(stream, expected);
    const id = row['id'] as number;
    if (this.#ids.size >= BOUNDS.loadedWorkflows) this.#ids.clear();
    this.#ids.set(key, id);
    return id;
  }

  /** Throws LOG_BROKEN where the summary and the last event disagree. */
  head({ tenant, workflow }: StreamId): Head | undefined {
    const row = this.#selectHead.get(tenant, workflow);
    if (row === undefined) return undefined;
    const head = headOfRow(row);
    if (row['length'] !== head.version || row['tail'] !== head.hash) {
      throw new InterlockError(
        'LOG_BROKEN',
        `${workflow} does not end at the event ${head.version} that its summary names.`,
      );
    }
    return head;
  }

  read({ tenant, workflow }: StreamId, afterVersion: number): StoredEvent[] {
    return this.#selectEvents.all(tenant, workflow, afterVersion).map(eventOfRow);
  }

  /** Only where the event that it stands for is still there. A damaged file of snapshots has none. */
  snapshot(stream: StreamId): LogRequests['snapshot']['reply'] {
    const kept = this.#spared(() => this.#snapshots?.get(stream));
    if (kept === undefined || !this.#has(stream, kept)) return undefined;
    return { kept, after: this.read(stream, kept.version) };
  }

  keep(stream: StreamId, snapshot: KeptSnapshot): void {
    if (this.#has(stream, snapshot)) this.#spared(() => this.#snapshots?.keep(stream, snapshot));
  }

  #has({ tenant, workflow }: StreamId, { version, hash }: KeptSnapshot): boolean {
    return this.#selectWhole.get(tenant, workflow, version)?.['hash'] === hash;
  }

  /** Nothing rests on snapshots: what cannot be done with them is left. */
  #spared<T>(use: () => T): T | undefined {
    try {
      return use();
    } catch {
      return undefined;
    }
  }

  erasable({ before, limit }: LogRequests['erasable']['ask']): StreamListing[] {
    return this.#database.prepare(SELECT_ERASABLE).all(before, limit).map(listingOfRow);
  }

  list({ tenant, openOnly = false, limit = -1 }: Parameters<WorkflowLog['list']>[0]): StreamListing[] {
    const conditions = [...(tenant === undefined ? [] : ['tenant = ?']), ...(openOnly ? ['open > 0'] : [])];
    const where = conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`;
    return this.#database
      .prepare(`SELECT ${LISTING_COLUMNS} FROM streams ${where} ORDER BY at DESC, workflow LIMIT ?`)
      .all(...(tenant === undefined ? [] : [tenant]), limit)
      .map(listingOfRow);
  }

  /** Remembers which checkpoint was written last, so that one that is cut off is missed. */
  mark(mark: CheckpointMark): void {
    this.#mark = mark;
  }

  /** What was erased is still in a write-ahead log: the next checkpoint should be soon. */
  get isUnclean(): boolean {
    return this.#isUnclean;
  }

  /** Moves what is committed from the write-ahead log into the database file. Waits for nobody: readers may keep a part of it. */
  checkpoint(): void {
    if (this.#mark !== undefined) this.commit([]);
    const isEmpty = this.#spared(() => this.#snapshots?.checkpoint()) ?? true;
    if (!this.#isUnclean) this.#database.exec('PRAGMA wal_checkpoint(PASSIVE)');
    else this.#isUnclean = !(truncateWal(this.#database) && isEmpty);
  }

  close(): void {
    if (this.#mark !== undefined) this.commit([]);
    this.#spared(() => this.#snapshots?.close());
    this.#database.close();
    this.#unlock();
  }
}

/** Of a `payloads.erased`, whose payload was made and checked by whoever appends it. */
function rangeOf({ payload = '{}' }: StoredEvent): EventPayloads['payloads.erased'] {
  return JSON.parse(payload);
}

function notAt({ workflow }: StreamId, expected: number): InterlockError {
  return new InterlockError('INTERNAL', `${workflow} is not at version ${expected} on the disk.`);
}
