import { DatabaseSync } from 'node:sqlite';
import type { StreamId } from '../../src/action/log-port.ts';
import { checkAgainstCheckpoints } from '../../src/ledger/check-against-checkpoints.ts';
import { createCheckpointer } from '../../src/ledger/checkpoints.ts';
import type { Verdict } from '../../src/ledger/finding.ts';
import { verifyLog } from '../../src/ledger/verify-log.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { createSqliteLog } from '../../src/workflow/sqlite-log/create-sqlite-log.ts';
import { openLogReader } from '../../src/workflow/sqlite-log/open-log-reader.ts';
import { Appender } from '../workflow/chain-fixture.ts';

export interface Place {
  readonly file: string;
  readonly directory: string;
}

export const stream = (workflow: string, tenant = 'acme'): StreamId => ({ tenant, workflow });

/** A running log with its checkpoints, wired as a gateway does it. */
export async function openLedger({ file, directory }: Place) {
  const log = await createSqliteLog({
    file,
    synchronous: 'off',
    onDurable: (heads) => {
      for (const head of heads) checkpointer.note(head);
    },
  });
  const checkpointer = await createCheckpointer({
    directory,
    clock: systemClock,
    everyMs: 3_600_000,
    everyEvents: 1_000_000,
    onWritten: (mark) => log.markCheckpoint(mark),
  });
  const reader = openLogReader({ file });
  try {
    await checkAgainstCheckpoints({ reader, directory, checkpointer });
  } catch (error) {
    await checkpointer.close();
    await log.close();
    throw error;
  } finally {
    reader.close();
  }
  return {
    log,
    checkpointer,
    async close() {
      await checkpointer.flush();
      await log.close();
      await checkpointer.close();
    },
  };
}

/** Three workflows of ten events each and one of another tenant, a checkpoint after each round of two events. */
export async function writeHistory(place: Place): Promise<void> {
  const { log, checkpointer, close } = await openLedger(place);
  const appenders = [stream('wf_a'), stream('wf_b'), stream('wf_c'), stream('wf_a', 'globex')].map(
    (id) => new Appender(log, id),
  );
  for (let round = 0; round < 5; round++) {
    for (const [i, appender] of appenders.entries())
      await appender.append([`${i} ${round} first`, `${i} ${round} second`]);
    await checkpointer.flush();
  }
  await close();
}

export async function verify({ file, directory }: Place, publicKey?: string): Promise<Verdict> {
  const reader = openLogReader({ file });
  try {
    return await verifyLog({ reader, checkpointDirectory: directory, publicKey });
  } finally {
    reader.close();
  }
}

/** Changes the file as someone does who has write access to it. */
export function tamper({ file }: Place, change: (database: DatabaseSync) => void): void {
  const database = new DatabaseSync(file);
  change(database);
  database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  database.close();
}
