import { existsSync } from 'node:fs';
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import type { StreamId } from '../../action/log-port.ts';
import { InterlockError } from '../../lib/errors.ts';
import type { LogReader } from '../log-reader.ts';
import { EVENT_COLUMNS, endOfRow, eventOfRow, LISTING_COLUMNS, listingOfRow, type Row } from './event-row.ts';
import { checkFormat } from './log-schema.ts';

/** Streams fetched at once: between two pages the writer is free to tidy up. */
const PAGE = 500;
/** Milliseconds to wait for a writer that is just starting or tidying up. */
const BUSY_MS = 5_000;

const STREAM_ID = '(SELECT id FROM streams WHERE tenant = ? AND workflow = ?)';
const SELECT_EVENTS = `SELECT ${EVENT_COLUMNS} FROM events WHERE stream = ${STREAM_ID} AND seq > ? ORDER BY seq`;
const SELECT_HASH = `SELECT hash FROM events WHERE stream = ${STREAM_ID} AND seq = ?`;
const SELECT_STREAM = `SELECT ${LISTING_COLUMNS} FROM streams WHERE tenant = ? AND workflow = ?`;
const SELECT_PAGE = `
  SELECT ${LISTING_COLUMNS} FROM streams WHERE (tenant, workflow) > (?, ?) ORDER BY tenant, workflow LIMIT ${PAGE}`;
const SELECT_ENDS = `
  SELECT tenant, workflow, version, e.hash AS hash FROM streams s LEFT JOIN events e ON e.stream = s.id AND e.seq = s.version
  WHERE (tenant, workflow) > (?, ?) ORDER BY tenant, workflow LIMIT ${PAGE}`;
const SELECT_ORPHANS = `
  SELECT stream, count(*) AS count FROM events WHERE stream NOT IN (SELECT id FROM streams) GROUP BY stream LIMIT ${PAGE}`;

/** Opens a log for reading, also while a gateway writes it. Throws NOT_FOUND, LOG_BROKEN or LOG_VERSION. */
export function openLogReader({ file }: { readonly file: string }): LogReader {
  if (!existsSync(file)) throw new InterlockError('NOT_FOUND', `There is no workflow log at ${file}.`);
  return readable(() => {
    const database = new DatabaseSync(file, { readOnly: true, timeout: BUSY_MS });
    try {
      checkFormat(database, file);
    } catch (error) {
      database.close();
      throw error;
    }
    return new SqliteLogReader(database);
  });
}

class SqliteLogReader implements LogReader {
  readonly #database: DatabaseSync;
  /** Those that are asked for one row, by their text: to prepare one takes longer than to run it. */
  readonly #prepared = new Map<string, StatementSync>();

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  lastCheckpoint(): ReturnType<LogReader['lastCheckpoint']> {
    return this.#get('SELECT n, hash FROM last_checkpoint') as ReturnType<LogReader['lastCheckpoint']>;
  }

  streams(): ReturnType<LogReader['streams']> {
    return this.#pages(SELECT_PAGE, listingOfRow);
  }

  ends(): ReturnType<LogReader['ends']> {
    return this.#pages(SELECT_ENDS, endOfRow);
  }

  stream({ tenant, workflow }: Parameters<LogReader['stream']>[0]): ReturnType<LogReader['stream']> {
    const row = this.#get(SELECT_STREAM, tenant, workflow);
    return row && listingOfRow(row);
  }

  *events({ tenant, workflow }: Parameters<LogReader['events']>[0], afterVersion = 0): ReturnType<LogReader['events']> {
    for (const row of this.#iterate(SELECT_EVENTS, tenant, workflow, afterVersion)) yield eventOfRow(row);
  }

  eventHashes(places: Parameters<LogReader['eventHashes']>[0]): ReturnType<LogReader['eventHashes']> {
    const hashes = places.map(
      ({ tenant, workflow, version }) => this.#get(SELECT_HASH, tenant, workflow, version)?.['hash'],
    );
    return hashes as ReturnType<LogReader['eventHashes']>;
  }

  *damage(): ReturnType<LogReader['damage']> {
    for (const row of this.#iterate('PRAGMA integrity_check')) {
      if (row['integrity_check'] !== 'ok') yield String(row['integrity_check']);
    }
    for (const { count } of this.#iterate(SELECT_ORPHANS))
      yield `${count} events belong to a workflow that is not listed`;
  }

  close(): void {
    this.#database.close();
  }

  #get(sql: string, ...values: SQLInputValue[]): Row | undefined {
    return readable(() => {
      const statement = this.#prepared.get(sql) ?? this.#database.prepare(sql);
      this.#prepared.set(sql, statement);
      return statement.get(...values);
    });
  }

  *#pages<T extends StreamId>(sql: string, of: (row: Row) => T): Generator<T> {
    let [tenant, workflow] = ['', ''];
    for (;;) {
      const page = [...this.#iterate(sql, tenant, workflow)].map(of);
      yield* page;
      const last = page.at(-1);
      if (last === undefined) return;
      ({ tenant, workflow } = last);
    }
  }

  *#iterate(sql: string, ...values: SQLInputValue[]): Generator<Row> {
    const rows = readable(() => this.#database.prepare(sql).iterate(...values));
    for (;;) {
      const { done, value } = readable(() => rows.next());
      if (done) return;
      yield value;
    }
  }
}

/** What SQLite cannot read is a broken log. */
function readable<T>(read: () => T): T {
  try {
    return read();
  } catch (cause) {
    if (cause instanceof InterlockError) throw cause;
    throw new InterlockError(
      'LOG_BROKEN',
      `The file cannot be read: ${cause instanceof Error ? cause.message : String(cause)}.`,
      { cause },
    );
  }
}
