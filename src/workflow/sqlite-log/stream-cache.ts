import type { StoredEvent } from '../../action/event.ts';
import type { Head, StreamId } from '../../action/log-port.ts';

/** What the main thread knows of a stream: its head, which may be ahead of the disk by the pending events. */
export interface StreamState {
  readonly stream: StreamId;
  head: Head;
  /** Appended and not durable yet, in order. */
  readonly pending: StoredEvent[];
}

/** The streams used last. One with pending events stays: only here is its head known. */
export class StreamCache {
  readonly #states = new Map<string, StreamState>();
  readonly #limit: number;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get(key: string): StreamState | undefined {
    const state = this.#states.get(key);
    if (state !== undefined) this.#touch(key, state);
    return state;
  }

  set(key: string, state: StreamState): void {
    this.#touch(key, state);
    if (this.#states.size > this.#limit) this.#evictOne();
  }

  clear(): void {
    this.#states.clear();
  }

  #touch(key: string, state: StreamState): void {
    this.#states.delete(key);
    this.#states.set(key, state);
  }

  #evictOne(): void {
    for (const [key, { pending }] of this.#states) {
      if (pending.length > 0) continue;
      this.#states.delete(key);
      return;
    }
  }
}
