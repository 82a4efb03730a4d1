import type { Pool, PoolClient } from 'pg';
import { BOUNDS } from '../../lib/bounds.ts';
import { InterlockError } from '../../lib/errors.ts';

export interface PostgresPlace {
  /** `postgres://user:password@host:port/database`, with `?sslmode=verify-full` where the way there is not private. */
  readonly url: string;
  /** At once. */
  readonly connections?: number | undefined;
}

/** Connects when it is first used. Throws CONFIG_INVALID, without the address: it may hold a password. */
export async function openPool({ url, connections = 4 }: PostgresPlace): Promise<Pool> {
  if (!/^postgres(ql)?:$/.test(URL.parse(url)?.protocol ?? ''))
    throw new InterlockError('CONFIG_INVALID', 'The address of the ledger does not begin with postgres://.');
  // Only who has a ledger there pays for the library.
  const { Pool } = await import('pg');
  const pool = new Pool({
    connectionString: url,
    max: connections,
    connectionTimeoutMillis: BOUNDS.ledgerConnectMs,
    query_timeout: BOUNDS.ledgerQueryMs,
    keepAlive: true,
    application_name: 'interlock',
    // A process that has nothing else to do may end.
    allowExitOnIdle: true,
  });
  // A connection that breaks says so again to whoever uses it; nobody has to hear of one that is idle.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  return pool;
}

/** Runs `work` in a transaction that is durable when this resolves. Throws LOG_UNAVAILABLE for all that PostgreSQL refuses. */
export function inTransaction<T>(pool: Pool, work: (client: PoolClient) => Promise<T>): Promise<T> {
  return reachable(async () => {
    const client = await pool.connect();
    let failure: Error | undefined;
    try {
      await client.query(BEGIN);
      const result = await work(client);
      await client.query('COMMIT');
      return result;
    } catch (thrown) {
      await client.query('ROLLBACK').catch((error: Error) => {
        failure = error;
      });
      throw thrown;
    } finally {
      client.release(failure);
    }
  });
}

/** A server may be set to answer before its disk has: not here, where the source forgets what was answered. */
const BEGIN = `
  BEGIN;
  SELECT set_config('synchronous_commit', 'on', true) WHERE current_setting('synchronous_commit') IN ('off', 'local')`;

/** Whatever goes wrong with the server is LOG_UNAVAILABLE; what we say ourselves, and our own bugs, stay what they are. */
export async function reachable<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof InterlockError || cause instanceof TypeError) throw cause;
    const why = cause instanceof Error && cause.message !== '' ? cause.message : 'it does not answer';
    throw new InterlockError('LOG_UNAVAILABLE', `The ledger in PostgreSQL cannot be used: ${why}.`, { cause });
  }
}
