import type { PoolClient } from 'pg';
import type { EventPayloads, StoredEvent } from '../../action/event.ts';
import type { Head } from '../../action/log-port.ts';
import { BOUNDS } from '../../lib/bounds.ts';
import { InterlockError } from '../../lib/errors.ts';
import type { Refusal } from './judge-growth.ts';
import { type LedgerRow, streamOfLedgerRow } from './ledger-row.ts';

/** A workflow's events that are to be added, and its head with them. */
export interface Growing {
  readonly workflow: string;
  readonly head: Head;
  readonly events: readonly StoredEvent[];
}

/** What the ledger has of a workflow; `refusal` where its own rows disagree, so that nothing can be added. */
export interface StoredHead {
  readonly head: Head;
  readonly refusal: Refusal | undefined;
}

// One array for each column: the text of a statement is the same for one row and for a thousand.
const LOCK_TENANT = 'SELECT cursor FROM interlock_tenants WHERE tenant = $1 FOR UPDATE SKIP LOCKED';
const SELECT_HEADS = `
  SELECT s.tenant, s.workflow, s.version, s.hash, s.at, tail.seq AS length, tail.hash AS tail
  FROM interlock_streams s LEFT JOIN LATERAL (
    SELECT seq, hash FROM interlock_events WHERE stream = s.id ORDER BY seq DESC LIMIT 1
  ) tail ON true
  WHERE s.tenant = $1 AND s.workflow = ANY ($2::text[])`;
const UPSERT_STREAMS = `
  INSERT INTO interlock_streams AS s (tenant, workflow, version, hash, at)
  SELECT $1, * FROM unnest($2::text[], $3::bigint[], $4::text[], $5::bigint[])
  ON CONFLICT (tenant, workflow) DO UPDATE SET version = excluded.version, hash = excluded.hash, at = excluded.at
    WHERE s.version < excluded.version
  RETURNING id, workflow`;
const INSERT_EVENTS = `
  INSERT INTO interlock_events (stream, seq, v, type, at, prev, payload_digest, hash, payload)
  SELECT * FROM unnest(
    $1::bigint[], $2::bigint[], $3::integer[], $4::text[], $5::bigint[], $6::text[], $7::text[], $8::text[], $9::text[])`;
/** What an erasure covers; who erased what, and why, stays. */
const ERASE_PAYLOADS = `
  UPDATE interlock_events SET payload = NULL
  WHERE stream = $1 AND seq BETWEEN $2 AND $3 AND type <> 'payloads.erased' AND payload IS NOT NULL`;
const INSERT_REFUSAL = `
  INSERT INTO interlock_refusals (tenant, workflow, seq, detail) VALUES ($1, $2, $3, $4)
  ON CONFLICT (tenant, workflow, seq) DO NOTHING`;

/** One tenant's part of the ledger within one transaction, and nobody else's as long as it lasts. */
export class LedgerWriter {
  readonly #client: PoolClient;
  readonly #tenant: string;
  #waiting: Growing[] = [];
  #rows = 0;
  #characters = 0;

  private constructor(client: PoolClient, tenant: string) {
    this.#client = client;
    this.#tenant = tenant;
  }

  /** The tenant's cursor with its writer; undefined where another process is at it. */
  static async lock(
    client: PoolClient,
    tenant: string,
  ): Promise<{ readonly writer: LedgerWriter; readonly cursor: string | undefined } | undefined> {
    const { rows } = await client.query<{ cursor: string }>(LOCK_TENANT, [tenant]);
    const [row] = rows;
    return row && { writer: new LedgerWriter(client, tenant), cursor: row.cursor === '' ? undefined : row.cursor };
  }

  async heads(workflows: readonly string[]): Promise<ReadonlyMap<string, StoredHead>> {
    const { rows } = await this.#client.query<LedgerRow>(SELECT_HEADS, [this.#tenant, workflows]);
    return new Map(rows.map((row) => [String(row['workflow']), storedHead(row)]));
  }

  /** Sends what waits when it has become much. */
  async add(growing: Growing): Promise<void> {
    this.#waiting.push(growing);
    this.#rows += growing.events.length;
    for (const { payload } of growing.events) this.#characters += payload?.length ?? 0;
    if (this.#rows >= BOUNDS.ledgerRows || this.#characters >= BOUNDS.ledgerCharacters) await this.#send();
  }

  /** False where it was known. */
  async refuse({ tenant, workflow, seq, detail }: Refusal): Promise<boolean> {
    const { rowCount } = await this.#client.query(INSERT_REFUSAL, [tenant, workflow, seq, detail]);
    return rowCount === 1;
  }

  /** The last of it. */
  async finish(cursor: string): Promise<void> {
    await this.#send();
    await this.#client.query('UPDATE interlock_tenants SET cursor = $2 WHERE tenant = $1', [this.#tenant, cursor]);
  }

  async #send(): Promise<void> {
    const waiting = this.#waiting;
    if (waiting.length === 0) return;
    this.#waiting = [];
    this.#rows = 0;
    this.#characters = 0;
    const { rows } = await this.#client.query<{ id: string; workflow: string }>(UPSERT_STREAMS, [
      this.#tenant,
      waiting.map(({ workflow }) => workflow),
      ...['version', 'hash', 'at'].map((column) => waiting.map(({ head }) => head[column as keyof Head])),
    ]);
    const ids = new Map(rows.map(({ id, workflow }) => [workflow, id]));
    if (ids.size !== waiting.length)
      throw new InterlockError('LOG_UNAVAILABLE', 'Somebody else changes the ledger while it is written.');
    const events = waiting.flatMap(({ workflow, events: own }) =>
      own.map((event) => ({ ...event, id: ids.get(workflow) })),
    );
    for (let sent = 0; sent < events.length; sent += BOUNDS.ledgerRows) {
      await this.#client.query(INSERT_EVENTS, columnsOf(events.slice(sent, sent + BOUNDS.ledgerRows)));
    }
    for (const { id, type, payload } of events) {
      if (type !== 'payloads.erased' || payload === undefined) continue;
      // Its digest is verified, so the text was made and checked by whoever appended it.
      const { from, to }: EventPayloads['payloads.erased'] = JSON.parse(payload);
      await this.#client.query(ERASE_PAYLOADS, [id, from, to]);
    }
  }
}

const COLUMNS = ['id', 'seq', 'v', 'type', 'at', 'prev', 'payloadDigest', 'hash', 'payload'] as const;

function columnsOf(events: readonly (StoredEvent & { readonly id: string | undefined })[]): unknown[][] {
  return COLUMNS.map((column) => events.map((event) => event[column] ?? null));
}

function storedHead(row: LedgerRow): StoredHead {
  const { tenant, workflow, ...head } = streamOfLedgerRow(row);
  const length = Number(row['length'] ?? 0);
  if (length === head.version && row['tail'] === head.hash) return { head, refusal: undefined };
  const detail = `the ledger names event ${head.version} as the last, but its events end at another one`;
  return { head, refusal: { tenant, workflow, seq: Math.min(length, head.version) + 1, detail, isOfLedger: true } };
}
