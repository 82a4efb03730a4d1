import { setTimeout } from 'node:timers/promises';
import type { StoredEvent } from '../action/event.ts';
import { openLedgerReader, type PostgresReader } from '../ledger/postgres/open-ledger-reader.ts';
import { InterlockError } from '../lib/errors.ts';
import type { LogArchive } from '../workflow/redis-log/stored-streams.ts';

/** Milliseconds to wait for a head: workflows that wake in Redis wait no longer for a ledger that is away. */
const HEAD_MS = 1_000;
/** Milliseconds for which it is not asked again. */
const AWAY_MS = 5_000;

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
  const away = (): never => {
    throw new InterlockError('LOG_UNAVAILABLE', 'the ledger does not answer');
  };
  let awayUntil = Number.NEGATIVE_INFINITY;
  return {
    // What is not whole there does not leave the log.
    head: async (stream) => {
      if (performance.now() < awayUntil) return away();
      const late = new AbortController();
      try {
        const asked = reader().then((each) => each.wholeHead(stream));
        return await Promise.race([asked, setTimeout(HEAD_MS, undefined, { signal: late.signal }).then(away)]);
      } catch (thrown) {
        awayUntil = performance.now() + AWAY_MS;
        throw thrown;
      } finally {
        late.abort();
      }
    },
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
