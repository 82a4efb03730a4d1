import type { Pool } from 'pg';
import type { Head, StreamId } from '../../action/log-port.ts';
import type { Digest } from '../../lib/digest.ts';
import type { EventPlace, LedgerReader } from '../../workflow/log-reader.ts';
import {
  endOfLedgerRow,
  eventOfLedgerRow,
  LEDGER_EVENT,
  LEDGER_STREAM,
  type LedgerRow,
  streamOfLedgerRow,
} from './ledger-row.ts';
import { checkFormat } from './ledger-schema.ts';
import { openPool, type PostgresPlace, reachable } from './open-pool.ts';

/** Rows fetched at once: no transaction stays open between two pages, so that an audit stops nobody from tidying up. */
const PAGE = 500;

const STREAM_ID = '(SELECT id FROM interlock_streams WHERE tenant = $1 AND workflow = $2)';
const SELECT_EVENTS = `
  SELECT ${LEDGER_EVENT} FROM interlock_events WHERE stream = ${STREAM_ID} AND seq > $3 ORDER BY seq LIMIT ${PAGE}`;
const SELECT_HASHES = `
  SELECT e.hash FROM unnest($1::text[], $2::text[], $3::bigint[]) WITH ORDINALITY AS p (tenant, workflow, version, place)
  LEFT JOIN interlock_streams s ON s.tenant = p.tenant AND s.workflow = p.workflow
  LEFT JOIN interlock_events e ON e.stream = s.id AND e.seq = p.version ORDER BY p.place`;
const SELECT_STREAM = `SELECT ${LEDGER_STREAM} FROM interlock_streams WHERE tenant = $1 AND workflow = $2`;
const SELECT_WHOLE = `
  SELECT ${LEDGER_STREAM}, (SELECT hash FROM interlock_events WHERE stream = s.id AND seq = s.version) AS tail,
    (SELECT count(*) FROM interlock_events WHERE stream = s.id AND seq BETWEEN 1 AND s.version) AS count
  FROM interlock_streams s WHERE tenant = $1 AND workflow = $2`;
const SELECT_STREAMS = `
  SELECT ${LEDGER_STREAM} FROM interlock_streams WHERE (tenant, workflow) > ($1, $2)
  ORDER BY tenant, workflow LIMIT ${PAGE}`;
const SELECT_ENDS = `
  SELECT tenant, workflow, version, e.hash AS hash FROM interlock_streams s
  LEFT JOIN interlock_events e ON e.stream = s.id AND e.seq = s.version
  WHERE (tenant, workflow) > ($1, $2) ORDER BY tenant, workflow LIMIT ${PAGE}`;
const SELECT_NEWEST = `
  SELECT ${LEDGER_STREAM} FROM interlock_streams WHERE tenant = $1 ORDER BY at DESC, workflow LIMIT $2`;
const SELECT_CHECKPOINT = 'SELECT n, hash FROM interlock_checkpoints WHERE key_id = $1';
const SELECT_ORPHANS = `
  SELECT stream, count(*) AS count FROM interlock_events e
  WHERE NOT EXISTS (SELECT 1 FROM interlock_streams s WHERE s.id = e.stream) GROUP BY stream ORDER BY stream LIMIT ${PAGE}`;
const SELECT_REFUSALS = `
  SELECT r.tenant, r.workflow, r.seq, r.detail FROM interlock_refusals r
  LEFT JOIN interlock_streams s ON s.tenant = r.tenant AND s.workflow = r.workflow
  WHERE r.seq > coalesce(s.version, 0) ORDER BY r.tenant, r.workflow, r.seq LIMIT ${PAGE}`;

/** The long-term ledger, as `openLogReader` has the embedded file. */
export interface PostgresReader extends LedgerReader {
  /** The head of a stream whose events are all there, from the first to the last; undefined where one is not. */
  wholeHead(id: StreamId): Promise<Head | undefined>;
  /** The tenant's workflows, newest first. */
  newest(tenant: string, limit: number): Promise<readonly ReturnType<typeof streamOfLedgerRow>[]>;
  close(): Promise<void>;
}

/** Opens a ledger for reading, also while others drain into it; the right to read is enough. Throws NOT_FOUND, LOG_VERSION, CONFIG_INVALID or LOG_UNAVAILABLE. */
export async function openLedgerReader(place: PostgresPlace): Promise<PostgresReader> {
  const pool = await openPool(place);
  try {
    await checkFormat(pool);
    return new PoolReader(pool);
  } catch (error) {
    await pool.end();
    throw error;
  }
}

/** Over the connections of someone else, who closes them. */
export function readerOver(pool: Pool): LedgerReader {
  return new PoolReader(pool);
}

class PoolReader implements PostgresReader {
  readonly #pool: Pool;

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  async lastCheckpoint(keyId: string | undefined): Promise<{ readonly n: number; readonly hash: Digest } | undefined> {
    if (keyId === undefined) return undefined;
    const [row] = await this.#rows(SELECT_CHECKPOINT, keyId);
    return row && { n: Number(row['n']), hash: row['hash'] as Digest };
  }

  streams(): ReturnType<PostgresReader['streams']> {
    return this.#pages(SELECT_STREAMS, streamOfLedgerRow);
  }

  ends(): ReturnType<PostgresReader['ends']> {
    return this.#pages(SELECT_ENDS, endOfLedgerRow);
  }

  async stream({ tenant, workflow }: StreamId): Promise<ReturnType<typeof streamOfLedgerRow> | undefined> {
    const [row] = await this.#rows(SELECT_STREAM, tenant, workflow);
    return row && streamOfLedgerRow(row);
  }

  async wholeHead({ tenant, workflow }: StreamId): Promise<Head | undefined> {
    const [row] = await this.#rows(SELECT_WHOLE, tenant, workflow);
    if (row === undefined || row['hash'] !== row['tail']) return undefined;
    const { version, hash, at } = streamOfLedgerRow(row);
    return Number(row['count']) === version ? { version, hash, at } : undefined;
  }

  async newest(tenant: string, limit: number): ReturnType<PostgresReader['newest']> {
    return (await this.#rows(SELECT_NEWEST, tenant, limit)).map(streamOfLedgerRow);
  }

  async *events({ tenant, workflow }: StreamId, afterVersion = 0): AsyncGenerator<ReturnType<typeof eventOfLedgerRow>> {
    let after = afterVersion;
    for (;;) {
      const page = (await this.#rows(SELECT_EVENTS, tenant, workflow, after)).map(eventOfLedgerRow);
      yield* page;
      const last = page.at(-1);
      if (last === undefined || page.length < PAGE) return;
      after = last.seq;
    }
  }

  async eventHashes(places: readonly EventPlace[]): Promise<readonly (Digest | undefined)[]> {
    const columns = (['tenant', 'workflow', 'version'] as const).map((column) => places.map((place) => place[column]));
    return (await this.#rows(SELECT_HASHES, ...columns)).map(({ hash }) => (hash ?? undefined) as Digest | undefined);
  }

  async *damage(): AsyncGenerator<string> {
    for (const { count } of await this.#rows(SELECT_ORPHANS))
      yield `${count} events belong to a workflow that is not listed`;
    for (const { tenant, workflow, seq, detail } of await this.#rows(SELECT_REFUSALS))
      yield `${workflow} of ${tenant} was not drained from event ${seq} on: ${detail}`;
  }

  close(): Promise<void> {
    return this.#pool.end();
  }

  async *#pages<T extends StreamId>(sql: string, of: (row: LedgerRow) => T): AsyncGenerator<T> {
    let [tenant, workflow] = ['', ''];
    for (;;) {
      const page = (await this.#rows(sql, tenant, workflow)).map(of);
      yield* page;
      const last = page.at(-1);
      if (last === undefined || page.length < PAGE) return;
      ({ tenant, workflow } = last);
    }
  }

  async #rows(
    sql: string,
    ...values: readonly (string | number | readonly (string | number)[])[]
  ): Promise<readonly LedgerRow[]> {
    const { rows } = await reachable(() => this.#pool.query<LedgerRow>(sql, [...values]));
    return rows;
  }
}
