import type { StreamId, WorkflowLog } from '../action/log-port.ts';
import { InterlockError } from '../lib/errors.ts';
import type { LedgerReader } from '../workflow/log-reader.ts';
import { createMemoryLog } from '../workflow/memory-log.ts';
import { SYSTEM_STREAM } from './policy-journal.ts';

/**
 * What a ledger keeps, as a log to look at: nothing can be added to a workflow, and nothing in it is open. What a gateway
 * notes about its own policies is forgotten with it. Reading throws LOG_UNAVAILABLE, appending FORBIDDEN.
 */
export function pastLog(reader: LedgerReader): WorkflowLog {
  const own = createMemoryLog();
  let closing: Promise<void> | undefined;
  const isOwn = ({ tenant, workflow }: StreamId): boolean =>
    tenant === SYSTEM_STREAM.tenant && workflow === SYSTEM_STREAM.workflow;
  return {
    // What is drained is on a disk, or it is not there.
    durability: 'synced',
    append: async (stream, ...rest) => {
      if (!isOwn(stream)) throw new InterlockError('FORBIDDEN', 'a ledger is only looked at');
      return own.append(stream, ...rest);
    },
    read: async (stream, afterVersion) => {
      if (isOwn(stream)) return own.read(stream, afterVersion);
      const events = [];
      for await (const event of reader.events(stream, afterVersion)) events.push(event);
      return events;
    },
    list: async () => [],
    close: () => {
      closing ??= Promise.resolve(reader.close());
      return closing;
    },
  };
}
