import type { StoredEvent } from '../action/event.ts';
import type { Head, StreamId } from '../action/log-port.ts';
import { InterlockError } from '../lib/errors.ts';
import { genesisHash } from './chain.ts';

/** The head of a stream without events, as compare-and-append sees it. */
export function emptyHead(stream: StreamId): Head {
  return { version: 0, hash: genesisHash(stream), at: 0 };
}

/**
 * Whether an append on version `expected` may go on (false: it missed events). A caller that is ahead of the log has seen
 * events that never became durable: LOG_UNAVAILABLE, until it has read the workflow again.
 */
export function isCurrent(head: Head, expected: number): boolean {
  if (expected > head.version) {
    throw new InterlockError(
      'LOG_UNAVAILABLE',
      `The log has no event ${expected} of this workflow: it never became durable.`,
    );
  }
  return expected === head.version;
}

/**
 * The head after `events`, which must continue `head` without a gap. A chain that does not is a bug of the caller: INTERNAL.
 */
export function checkAppend(head: Head, events: readonly StoredEvent[]): Head {
  let { version, hash, at } = head;
  for (const event of events) {
    if (event.seq !== version + 1) throw wrongChain(`event ${event.seq} cannot follow event ${version}`);
    if (event.prev !== hash) throw wrongChain(`event ${event.seq} does not continue the event before it`);
    if (event.at < at) throw wrongChain(`event ${event.seq} is older than the event before it`);
    ({ seq: version, hash, at } = event);
  }
  if (version === head.version) throw wrongChain('there is nothing to append');
  return { version, hash, at };
}

function wrongChain(detail: string): InterlockError {
  return new InterlockError('INTERNAL', `The events do not form a chain: ${detail}.`);
}
