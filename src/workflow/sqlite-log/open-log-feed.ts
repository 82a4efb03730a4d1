import { existsSync } from 'node:fs';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import type { FeedEntry, LedgerEvents, LedgerSource } from '../../action/ledger-source.ts';
import { InterlockError } from '../../lib/errors.ts';
import { EVENT_COLUMNS, eventOfRow } from './event-row.ts';
import { checkFormat } from './log-schema.ts';

/** Milliseconds to wait for a writer that is just starting or tidying up. */
const BUSY_MS = 5_000;

// Events are only ever added, so the row ids that SQLite gives them are the order of their arrival. A CROSS JOIN is read in
// the order in which it is written (SQLite's documentation, "Manual Control Of Query Plans Using CROSS JOIN").
const SELECT_FEED = `
  SELECT e.rowid AS place, s.workflow, e.seq FROM events e CROSS JOIN streams s
  WHERE e.rowid > ? AND e.rowid <= ? AND s.id = e.stream AND s.tenant = ? ORDER BY e.rowid LIMIT ?`;
const SELECT_LAST = 'SELECT coalesce(max(rowid), 0) AS last FROM events';
const SELECT_EVENTS = `
  SELECT ${EVENT_COLUMNS} FROM events
  WHERE stream = (SELECT id FROM streams WHERE tenant = ? AND workflow = ?) AND seq > ? AND seq <= ?
  ORDER BY seq`;

/** The embedded log as a feed of what was appended, beside the process that writes it. */
export interface LogFeed extends LedgerSource {
  readonly log: LedgerEvents;
  close(): void;
}

/** Throws NOT_FOUND, LOG_BROKEN or LOG_VERSION. */
export function openLogFeed({ file }: { readonly file: string }): LogFeed {
  if (!existsSync(file)) throw new InterlockError('NOT_FOUND', `There is no workflow log at ${file}.`);
  const database = new DatabaseSync(file, { readOnly: true, timeout: BUSY_MS });
  try {
    checkFormat(database, file);
    return new SqliteLogFeed(database);
  } catch (error) {
    database.close();
    throw error;
  }
}

class SqliteLogFeed implements LogFeed {
  readonly #database: DatabaseSync;
  readonly #feed: StatementSync;
  readonly #events: StatementSync;
  readonly #last: StatementSync;
  /** Where a tenant's feed was found empty: other tenants' events are not gone through again at each look. */
  readonly #empty = new Map<string, { readonly after: number; readonly upTo: number }>();

  constructor(database: DatabaseSync) {
    this.#database = database;
    this.#feed = database.prepare(SELECT_FEED);
    this.#events = database.prepare(SELECT_EVENTS);
    this.#last = database.prepare(SELECT_LAST);
  }

  async tenants(): Promise<readonly string[]> {
    return this.#database
      .prepare('SELECT DISTINCT tenant FROM streams ORDER BY tenant')
      .all()
      .map(({ tenant }) => String(tenant));
  }

  async read(tenant: string, after = '0', limit: number): ReturnType<LogFeed['read']> {
    const last = Number(this.#last.get()?.['last']);
    const cursor = Number(after);
    const empty = this.#empty.get(tenant);
    const start = empty !== undefined && cursor >= empty.after ? Math.max(cursor, empty.upTo) : cursor;
    const rows = this.#feed.all(start, last, tenant, limit);
    if (rows.length === 0) this.#empty.set(tenant, { after: cursor, upTo: last });
    const entries: FeedEntry[] = [];
    for (const row of rows) {
      const [workflow, version] = [String(row['workflow']), Number(row['seq'])];
      const before = entries.at(-1);
      const grows = before !== undefined && before.workflow === workflow && before.to === version - 1;
      if (grows) entries.pop();
      entries.push({ cursor: String(row['place']), workflow, from: grows ? before.from : version, to: version });
    }
    return { entries };
  }

  readonly log: LogFeed['log'] = {
    read: async ({ tenant, workflow }, afterVersion, upTo) =>
      this.#events.all(tenant, workflow, afterVersion, upTo).map(eventOfRow),
  };

  close(): void {
    this.#database.close();
  }
}
