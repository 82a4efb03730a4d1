import type { StoredEvent } from '../action/event.ts';
import { openLedgerReader, type PostgresReader } from '../ledger/postgres/open-ledger-reader.ts';
import type { LogArchive } from '../workflow/redis-log/stored-streams.ts';

/** The ledger as the place where dormant workflows are. It is connected to when one of them is first asked for. */
export interface LedgerArchive extends LogArchive {
  close(): Promise<void>;
}

export function ledgerArchive(url: string): LedgerArchive {
  let opening: Promise<PostgresReader> | undefined;
  const reader = (): Promise<PostgresReader> => {
    opening ??= openLedgerReader({ url }).catch((thrown: unknown) => {
      opening = undefined;
      throw thrown;
    });
    return opening;
  };
  return {
    // What is not whole there does not leave the log.
    head: async (stream) => (await reader()).wholeHead(stream),
    read: async (stream, afterVersion, upTo) => {
      const events: StoredEvent[] = [];
      for await (const event of (await reader()).events(stream, afterVersion)) {
        if (event.seq > upTo) break;
        events.push(event);
      }
      return events;
    },
    close: async () => (await opening?.catch(() => undefined))?.close(),
  };
}
