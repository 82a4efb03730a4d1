import { closeSync, existsSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { InterlockError } from '../../lib/errors.ts';

/** Format of the tables below; a file with a greater one was written by a newer Interlock. */
const FORMAT_VERSION = 1;
/** Marks the file as an Interlock log: "ILog" in ASCII. */
const APPLICATION_ID = 0x494c6f67;

/**
 * `streams` is the summary that lists are made of; it changes in the transaction that appends the events it sums up.
 * Events of all streams lie in the order of their arrival, so that one batch dirties few pages; the primary key makes a
 * second event at the same place impossible.
 */
const TABLES = `
  CREATE TABLE streams (
    id INTEGER PRIMARY KEY, tenant TEXT NOT NULL, workflow TEXT NOT NULL,
    version INTEGER NOT NULL, hash TEXT NOT NULL, at INTEGER NOT NULL, open INTEGER NOT NULL, held INTEGER NOT NULL,
    UNIQUE (tenant, workflow)
  ) STRICT;
  CREATE INDEX streams_by_time ON streams (tenant, at);
  CREATE INDEX streams_open ON streams (at) WHERE open > 0;
  CREATE TABLE events (
    stream INTEGER NOT NULL, seq INTEGER NOT NULL, v INTEGER NOT NULL, type TEXT NOT NULL, at INTEGER NOT NULL,
    prev TEXT NOT NULL, payload_digest TEXT NOT NULL, hash TEXT NOT NULL, payload TEXT,
    PRIMARY KEY (stream, seq)
  ) STRICT;
  CREATE TABLE last_checkpoint (
    id INTEGER PRIMARY KEY CHECK (id = 1), n INTEGER NOT NULL, hash TEXT NOT NULL
  ) STRICT;
`;

/** Opens the file for the one process that writes it, and creates it with its tables where there is none. Throws as {@link checkFormat}. */
export function openForWriting(file: string, synchronous: 'full' | 'off'): DatabaseSync {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  // SQLite gives the files beside it the same mode.
  if (!existsSync(file)) closeSync(openSync(file, 'a', 0o600));
  const database = new DatabaseSync(file);
  try {
    database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = ${synchronous}; PRAGMA wal_autocheckpoint = 0;`);
    // What is erased stays neither in the file's pages nor in a temporary one.
    database.exec('PRAGMA secure_delete = ON; PRAGMA temp_store = MEMORY');
    if (pragma(database, 'application_id') === 0 && pragma(database, 'schema_version') === 0) createTables(database);
    checkFormat(database, file);
  } catch (error) {
    database.close();
    throw error;
  }
  return database;
}

function createTables(database: DatabaseSync): void {
  database.exec(`
    BEGIN IMMEDIATE; ${TABLES}
    PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${FORMAT_VERSION}; COMMIT;`);
}

/** Throws LOG_BROKEN for a file that is no workflow log, and LOG_VERSION for a newer one. */
export function checkFormat(database: DatabaseSync, file: string): void {
  if (pragma(database, 'application_id') !== APPLICATION_ID) {
    throw new InterlockError('LOG_BROKEN', `${file} is not a workflow log.`);
  }
  const version = pragma(database, 'user_version');
  if (version > FORMAT_VERSION) throw new InterlockError('LOG_VERSION', `${file} has format ${version}.`);
}

/** The value of a pragma that is one integer. */
export function pragma(database: DatabaseSync, name: string): number {
  return Number(Object.values(database.prepare(`PRAGMA ${name}`).get() ?? {})[0]);
}
