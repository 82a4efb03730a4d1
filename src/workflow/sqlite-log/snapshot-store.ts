import { closeSync, existsSync, openSync, rmSync } from 'node:fs';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import type { KeptSnapshot, StreamId } from '../../action/log-port.ts';
import { pragma } from './log-schema.ts';

const FORMAT_VERSION = 1;
/** Marks the file: "ISna" in ASCII. */
const APPLICATION_ID = 0x49536e61;

const TABLES = `
  CREATE TABLE snapshots (
    tenant TEXT NOT NULL, workflow TEXT NOT NULL, version INTEGER NOT NULL, hash TEXT NOT NULL, bytes BLOB NOT NULL,
    PRIMARY KEY (tenant, workflow)
  ) STRICT;
  PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${FORMAT_VERSION};`;
const UPSERT = `
  INSERT INTO snapshots (tenant, workflow, version, hash, bytes) VALUES (?1, ?2, ?3, ?4, ?5)
  ON CONFLICT (tenant, workflow) DO UPDATE SET version = ?3, hash = ?4, bytes = ?5`;

/**
 * Snapshots in a file beside the log's. Nothing rests on it: it is not synced, one that cannot be used is made anew, and
 * without one, views are folded from their events. What is deleted does not stay in its pages.
 */
export class SnapshotStore {
  readonly #database: DatabaseSync;
  readonly #upsert: StatementSync;
  readonly #select: StatementSync;
  readonly #delete: StatementSync;

  private constructor(database: DatabaseSync) {
    this.#database = database;
    this.#upsert = database.prepare(UPSERT);
    this.#select = database.prepare('SELECT version, hash, bytes FROM snapshots WHERE tenant = ? AND workflow = ?');
    this.#delete = database.prepare('DELETE FROM snapshots WHERE tenant = ? AND workflow = ?');
  }

  /** Undefined where there is no room for one, or no right. */
  static open(file: string): SnapshotStore | undefined {
    for (const attempt of [() => openFile(file), () => openAnew(file)]) {
      try {
        return new SnapshotStore(attempt());
      } catch {
        // Damaged, of another format, or not to be had: tried anew once, then gone without.
      }
    }
    return undefined;
  }

  get({ tenant, workflow }: StreamId): KeptSnapshot | undefined {
    return this.#select.get(tenant, workflow) as KeptSnapshot | undefined; // the table is STRICT
  }

  keep({ tenant, workflow }: StreamId, { version, hash, bytes }: KeptSnapshot): void {
    this.#upsert.run(tenant, workflow, version, hash, bytes);
  }

  delete({ tenant, workflow }: StreamId): void {
    this.#delete.run(tenant, workflow);
  }

  /** Answers whether nothing is left in the write-ahead log. */
  checkpoint(): boolean {
    return truncateWal(this.#database);
  }

  close(): void {
    this.#database.close();
  }
}

/** Moves the write-ahead log into the file and empties it, unless a reader needs a part of it; answers whether it did. */
export function truncateWal(database: DatabaseSync): boolean {
  return database.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get()?.['busy'] === 0;
}

function openFile(file: string): DatabaseSync {
  // SQLite gives the files beside it the same mode.
  if (!existsSync(file)) closeSync(openSync(file, 'a', 0o600));
  const database = new DatabaseSync(file, { timeout: 0 });
  try {
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = off; PRAGMA wal_autocheckpoint = 0');
    database.exec('PRAGMA secure_delete = ON; PRAGMA temp_store = MEMORY');
    if (pragma(database, 'schema_version') === 0) database.exec(`BEGIN IMMEDIATE; ${TABLES} COMMIT`);
    const isOurs = pragma(database, 'application_id') === APPLICATION_ID;
    if (!isOurs || pragma(database, 'user_version') !== FORMAT_VERSION)
      throw new Error('the file is of another format');
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

function openAnew(file: string): DatabaseSync {
  for (const each of ['', '-wal', '-shm']) rmSync(`${file}${each}`, { force: true });
  return openFile(file);
}
