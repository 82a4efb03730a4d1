import type { StoredEvent } from '../../action/event.ts';
import type { Head, StreamId } from '../../action/log-port.ts';

/** What the main thread knows of a stream: its head, which may be ahead of the disk by the pending events. */
export interface StreamState {
  readonly stream: StreamId;
  head: Head;
  /** Appended and not durable yet, in order. */
  readonly pending: StoredEvent[];
}

/** Streams looked at to make room for one: more than one, so that the cache shrinks again after a burst of pinned ones. */
const LOOKS = 4;

/** The streams used last. One with pending events stays, also past the limit: only here is its head known. */
export class StreamCache {
  readonly #states = new Map<string, StreamState>();
  readonly #limit: number;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get(key: string): StreamState | undefined {
    const state = this.#states.get(key);
    if (state !== undefined) this.#moveToEnd(key, state);
    return state;
  }

  set(key: string, state: StreamState): void {
    this.#moveToEnd(key, state);
    for (let looks = 0; looks < LOOKS && this.#states.size > this.#limit; looks++) this.#dropOldest();
  }

  clear(): void {
    this.#states.clear();
  }

  #moveToEnd(key: string, state: StreamState): void {
    this.#states.delete(key);
    this.#states.set(key, state);
  }

  #dropOldest(): void {
    for (const [key, state] of this.#states) {
      if (state.pending.length > 0) this.#moveToEnd(key, state);
      else this.#states.delete(key);
      return;
    }
  }
}
