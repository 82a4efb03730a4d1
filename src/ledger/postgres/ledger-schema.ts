import type { Pool } from 'pg';
import { InterlockError } from '../../lib/errors.ts';
import { inTransaction, reachable } from './open-pool.ts';

/** Two processes that start at once must not both create the tables; "ILog" in ASCII. */
const MIGRATION_LOCK = 0x494c6f67;

/**
 * What each format adds to the one before; the last is the present one. They lie in the schema that the address leads to.
 * Names are compared byte by byte, so that lists come in the same order as from the embedded file. The summary of a stream
 * is its head alone: what is open in a workflow, the log knows that it came from.
 */
const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE interlock_tenants (
    tenant text COLLATE "C" PRIMARY KEY,
    -- Up to where its feed has been drained; moves in the transaction that adds the events.
    cursor text NOT NULL
  );
  CREATE TABLE interlock_streams (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    tenant text COLLATE "C" NOT NULL, workflow text COLLATE "C" NOT NULL,
    version bigint NOT NULL, hash text NOT NULL, at bigint NOT NULL,
    UNIQUE (tenant, workflow)
  );
  CREATE INDEX interlock_streams_by_time ON interlock_streams (tenant, at);
  CREATE TABLE interlock_events (
    stream bigint NOT NULL, seq bigint NOT NULL, v integer NOT NULL, type text NOT NULL, at bigint NOT NULL,
    prev text NOT NULL, payload_digest text NOT NULL, hash text NOT NULL,
    -- Null once erased.
    payload text,
    PRIMARY KEY (stream, seq)
  );
  -- The last checkpoint of each key: one that is cut off is missed.
  CREATE TABLE interlock_checkpoints (key_id text PRIMARY KEY, n bigint NOT NULL, hash text NOT NULL);
  -- What did not continue the chain that is here, and was left out.
  CREATE TABLE interlock_refusals (
    tenant text COLLATE "C" NOT NULL, workflow text COLLATE "C" NOT NULL, seq bigint NOT NULL,
    detail text NOT NULL, noticed_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant, workflow, seq)
  );
  CREATE TABLE interlock_format (version integer NOT NULL);
  INSERT INTO interlock_format VALUES (0)`,
];
const FORMAT_VERSION = MIGRATIONS.length;

/** Creates what is missing, or brings it up to date. Throws LOG_VERSION, CONFIG_INVALID or LOG_UNAVAILABLE. */
export async function migrate(pool: Pool): Promise<void> {
  await inTransaction(pool, async (client) => {
    await client.query('SELECT pg_advisory_xact_lock($1)', [MIGRATION_LOCK]);
    const { rows } = await client.query<{ encoding: string }>(`SELECT current_setting('server_encoding') AS encoding`);
    if (rows[0]?.encoding !== 'UTF8')
      throw new InterlockError('CONFIG_INVALID', 'The database of the ledger is not one with the encoding UTF8.');
    const format = await formatIn(client);
    if (format === FORMAT_VERSION) return;
    for (const migration of MIGRATIONS.slice(format)) await client.query(migration);
    await client.query('UPDATE interlock_format SET version = $1', [FORMAT_VERSION]);
  });
}

/** For those who only read. Throws NOT_FOUND where there is no ledger, LOG_VERSION or LOG_UNAVAILABLE. */
export async function checkFormat(pool: Pool): Promise<void> {
  if ((await reachable(() => formatIn(pool))) === 0)
    throw new InterlockError('NOT_FOUND', 'There is no ledger in this database.');
}

async function formatIn(client: Pick<Pool, 'query'>): Promise<number> {
  const found = await client.query(`SELECT 1 WHERE to_regclass('interlock_format') IS NOT NULL`);
  if (found.rowCount === 0) return 0;
  const { rows } = await client.query<{ version: number }>('SELECT version FROM interlock_format');
  const format = rows[0]?.version ?? 0;
  if (format > FORMAT_VERSION) throw new InterlockError('LOG_VERSION', `The ledger has format ${format}.`);
  return format;
}
