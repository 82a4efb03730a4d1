import type { NewEvent, StoredEvent } from '../../src/action/event.ts';
import type { AppendResult, Head, StreamId, WorkflowLog } from '../../src/action/log-port.ts';
import { chainEvents } from '../../src/workflow/chain.ts';

export const T0 = 1_767_225_600_000;
export const NOTHING_OPEN = { open: 0, held: 0 };

/** A small event whose text says which one it is. */
export function message(text: string): NewEvent {
  return { type: 'message.sent', payload: { from: 'ses_a', to: 'ses_b', kind: 'message', text } };
}

export function headOf(events: readonly StoredEvent[]): Head | undefined {
  const last = events.at(-1);
  return last && { version: last.seq, hash: last.hash, at: last.at };
}

/** Events that continue `head`; `salt` is fixed so that the same call gives the same events. */
export function chain(stream: StreamId, head: Head | undefined, texts: readonly string[], now = T0): StoredEvent[] {
  return chainEvents({ stream, head, events: texts.map(message), now, salt: () => 'salt' });
}

export function textOf({ payload }: StoredEvent): string {
  return JSON.parse(payload ?? '{}').text;
}

/** One writer of a stream, which knows the head that it saw last. */
export class Appender {
  readonly #log: WorkflowLog;
  readonly #stream: StreamId;
  head: Head | undefined;
  conflicts = 0;

  constructor(log: WorkflowLog, stream: StreamId) {
    this.#log = log;
    this.#stream = stream;
  }

  try(texts: readonly string[], summary = NOTHING_OPEN, now = T0): Promise<AppendResult> {
    return this.#log.append(this.#stream, this.head?.version ?? 0, chain(this.#stream, this.head, texts, now), summary);
  }

  /** Appends, after as many conflicts as it takes, and waits until it is durable. */
  async append(texts: readonly string[], summary = NOTHING_OPEN, now = T0): Promise<void> {
    for (;;) {
      const events = chain(this.#stream, this.head, texts, now);
      const result = await this.#log.append(this.#stream, this.head?.version ?? 0, events, summary);
      if (result.status === 'appended') {
        this.head = headOf(events);
        return result.durable;
      }
      this.conflicts++;
      this.head = headOf(result.missed);
    }
  }
}
