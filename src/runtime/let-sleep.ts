import type { SharedLog } from '../action/log-port.ts';
import type { LogArchive } from '../workflow/redis-log/stored-streams.ts';

/** Workflows of a tenant that leave at one look: some, so that the ledger is asked in turns with others. */
const AT_ONCE = 500;

/**
 * Lets the events of workflows leave Redis that nobody has used since `before` and that the ledger has wholly. Answers how
 * many. Throws LOG_UNAVAILABLE.
 */
export async function letSleep(
  shared: SharedLog,
  { archive, before }: { readonly archive: Pick<LogArchive, 'head'>; readonly before: number },
): Promise<number> {
  let left = 0;
  for (const tenant of await shared.source.tenants()) {
    for (const { version, hash, ...stream } of await shared.idle(tenant, before, AT_ONCE)) {
      const kept = await archive.head(stream);
      // What the ledger does not have stays: it is late, or it has refused.
      if (kept?.version === version && kept.hash === hash && (await shared.sleep(stream, { version, hash }))) left += 1;
    }
  }
  return left;
}
