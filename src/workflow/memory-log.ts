import type { StoredEvent } from '../action/event.ts';
import type { Head, StreamId, StreamListing, StreamSummary, WorkflowLog } from '../action/log-port.ts';
import { InterlockError } from '../lib/errors.ts';
import { checkAppend, emptyHead, isCurrent } from './check-append.ts';
import { streamKey } from './stream-key.ts';

interface Stream {
  readonly id: StreamId;
  readonly events: StoredEvent[];
  head: Head;
  summary: StreamSummary;
}

/** A workflow log that lives and dies with the process: for tests, and for benches that leave the disk out. */
export function createMemoryLog(): WorkflowLog {
  const streams = new Map<string, Stream>();
  let closed = false;

  const open = (): void => {
    if (closed) throw new InterlockError('LOG_UNAVAILABLE', 'The log is closed.');
  };
  const after = (stream: StreamId, version: number): readonly StoredEvent[] =>
    streams.get(streamKey(stream))?.events.slice(version) ?? [];

  return {
    durability: 'memory',
    async append(id, expected, events, summary) {
      open();
      const key = streamKey(id);
      const stream = streams.get(key) ?? { id, events: [], head: emptyHead(id), summary };
      if (!isCurrent(stream.head, expected)) return { status: 'conflict', missed: after(id, expected) };
      stream.head = checkAppend(stream.head, events);
      stream.events.push(...events);
      stream.summary = summary;
      streams.set(key, stream);
      return { status: 'appended', durable: Promise.resolve() };
    },
    async read(stream, afterVersion = 0) {
      open();
      return after(stream, afterVersion);
    },
    async list({ tenant, openOnly = false, limit = Number.POSITIVE_INFINITY }) {
      open();
      return [...streams.values()]
        .filter(({ id, summary }) => (tenant === undefined || id.tenant === tenant) && (!openOnly || summary.open > 0))
        .map(({ id, head, summary }): StreamListing => ({ ...id, ...head, ...summary }))
        .sort(newestFirst)
        .slice(0, limit);
    },
    async close() {
      closed = true;
    },
  };
}

function newestFirst(a: StreamListing, b: StreamListing): number {
  return b.at - a.at || (a.workflow < b.workflow ? -1 : 1);
}
