import { exportLog } from '../../../src/ledger/export-log.ts';
import type { Verdict } from '../../../src/ledger/finding.ts';
import { createLedgerDrain, type LedgerDrainOptions } from '../../../src/ledger/postgres/ledger-drain.ts';
import { openLedgerReader } from '../../../src/ledger/postgres/open-ledger-reader.ts';
import { verifyLog } from '../../../src/ledger/verify-log.ts';
import { systemClock } from '../../../src/lib/clock.ts';
import type { InterlockError } from '../../../src/lib/errors.ts';
import type { LedgerReader } from '../../../src/workflow/log-reader.ts';
import { openLogFeed } from '../../../src/workflow/sqlite-log/open-log-feed.ts';
import { openLogReader } from '../../../src/workflow/sqlite-log/open-log-reader.ts';
import { linesOf } from '../../support/lines-of.ts';

/** A drain of the embedded file into a database, with the alarms it gave. */
export async function drainOf(
  { file, url, directory }: { readonly file: string; readonly url: string; readonly directory?: string | undefined },
  changes: Partial<LedgerDrainOptions> = {},
) {
  const alarms: InterlockError[] = [];
  const feed = openLogFeed({ file });
  const drain = await createLedgerDrain({
    postgres: { url },
    source: feed,
    log: feed.log,
    clock: systemClock,
    checkpoints: directory === undefined ? undefined : { directory, everyMs: 3_600_000, everyEvents: 1_000_000 },
    everyMs: 20,
    onRefused: (alarm) => alarms.push(alarm),
    ...changes,
  });
  return {
    drain,
    alarms,
    close: async () => {
      await drain.close();
      feed.close();
    },
  };
}

/** Drains what there is, and ends. */
export async function drainAll(...args: Parameters<typeof drainOf>) {
  const { drain, alarms, close } = await drainOf(...args);
  try {
    while (await drain.pass());
    return { ...drain.status(), alarms };
  } finally {
    await close();
  }
}

export async function withLedger<T>(url: string, use: (reader: LedgerReader) => Promise<T>): Promise<T> {
  const reader = await openLedgerReader({ url });
  try {
    return await use(reader);
  } finally {
    await reader.close();
  }
}

export const exportedLedger = (url: string): Promise<string[]> =>
  withLedger(url, (reader) => linesOf(exportLog({ reader })));

export const verifyLedger = (url: string, checkpointDirectory?: string): Promise<Verdict> =>
  withLedger(url, (reader) => verifyLog({ reader, checkpointDirectory }));

export async function exportedFile(file: string): Promise<string[]> {
  const reader = openLogReader({ file });
  try {
    return await linesOf(exportLog({ reader }));
  } finally {
    reader.close();
  }
}
