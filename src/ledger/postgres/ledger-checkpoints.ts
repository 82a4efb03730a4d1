import type { Pool } from 'pg';
import type { Clock } from '../../lib/clock.ts';
import type { CheckpointMark } from '../../workflow/sqlite-log/worker-protocol.ts';
import { checkAgainstCheckpoints } from '../check-against-checkpoints.ts';
import { openSigningKey } from '../checkpoint-key.ts';
import { type Checkpointer, createCheckpointer } from '../checkpoints.ts';
import { readerOver } from './open-ledger-reader.ts';
import { reachable } from './open-pool.ts';

/** Where and how often a process signs what it has drained; every process needs a folder, and so a key, of its own. */
export interface LedgerCheckpoints {
  readonly directory: string;
  readonly everyMs: number;
  readonly everyEvents: number;
}

const UPSERT_MARK = `
  INSERT INTO interlock_checkpoints AS c (key_id, n, hash) VALUES ($1, $2, $3)
  ON CONFLICT (key_id) DO UPDATE SET n = excluded.n, hash = excluded.hash WHERE c.n < excluded.n`;

/**
 * Signs the heads of the ledger, outside of it. What became durable there and is under no checkpoint of this key yet is
 * signed first. Throws LOG_BROKEN where the ledger is behind a checkpoint, and LOG_UNAVAILABLE.
 */
export async function openLedgerCheckpoints(
  pool: Pool,
  clock: Clock,
  { directory, everyMs, everyEvents }: LedgerCheckpoints,
): Promise<Checkpointer> {
  const { keyId } = openSigningKey(directory);
  let marked: Promise<unknown> = Promise.resolve();
  const mark = ({ n, hash }: CheckpointMark): void => {
    // A mark that does not get in is replaced by the next one; an older mark only proves less.
    marked = reachable(() => pool.query(UPSERT_MARK, [keyId, n, hash])).catch(() => undefined);
  };
  const checkpointer = await createCheckpointer({ directory, clock, everyMs, everyEvents, onWritten: mark });
  try {
    await checkAgainstCheckpoints({ reader: readerOver(pool), directory, checkpointer });
  } catch (error) {
    await checkpointer.close();
    throw error;
  }
  return {
    note: (head) => checkpointer.note(head),
    flush: () => checkpointer.flush(),
    failure: () => checkpointer.failure(),
    close: async () => {
      await checkpointer.close();
      await marked;
    },
  };
}
