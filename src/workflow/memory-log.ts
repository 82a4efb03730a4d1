import type { EventPayloads, StoredEvent } from '../action/event.ts';
import {
  type Head,
  isInternal,
  type StreamId,
  type StreamListing,
  type StreamSummary,
  type WorkflowLog,
} from '../action/log-port.ts';
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
      for (const event of events) if (event.type === 'payloads.erased') erasePayloads(stream.events, event);
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
        .map(listingOf)
        .sort(newestFirst)
        .slice(0, limit);
    },
    async erasable({ before, limit }) {
      open();
      const found = [...streams.values()].filter((stream) => isErasable(stream, before));
      return found.map(listingOf).sort(newestFirst).reverse().slice(0, limit);
    },
    async close() {
      closed = true;
    },
  };
}

function listingOf({ id, head, summary }: Stream): StreamListing {
  return { ...id, ...head, ...summary };
}

function isErasable({ id, events, head, summary }: Stream, before: number): boolean {
  const isOurs = isInternal(id) || id.tenant.startsWith('~');
  return head.at < before && summary.open === 0 && !isOurs && events.at(-1)?.type !== 'payloads.erased';
}

function erasePayloads(events: StoredEvent[], { payload = '{}' }: StoredEvent): void {
  const { from, to }: EventPayloads['payloads.erased'] = JSON.parse(payload);
  for (const [index, event] of events.entries()) {
    const isCovered = event.seq >= from && event.seq <= to && event.type !== 'payloads.erased';
    if (isCovered) events[index] = { ...event, payload: undefined };
  }
}

function newestFirst(a: StreamListing, b: StreamListing): number {
  return b.at - a.at || (a.workflow < b.workflow ? -1 : 1);
}
