import type { EventPayloads, StoredEvent } from '../../src/action/event.ts';
import type { StreamId, WorkflowLog } from '../../src/action/log-port.ts';
import { actionKey, streamKey } from '../../src/workflow/stream-key.ts';

/** What a stored event says, without its place in the chain. */
export interface Told {
  readonly seq: number;
  readonly at: number;
  readonly type: StoredEvent['type'];
  readonly payload: unknown;
}

interface Open {
  readonly stream: StreamId;
  readonly id: string;
  readonly state: 'held' | 'permitted' | 'executing';
  /** When its time is over, or it is tried again. */
  readonly due: number;
  /** Its open questions. */
  readonly asked: ReadonlySet<string>;
  isAnswered: boolean;
}

/** Milliseconds of real time after which something that should have come did not. */
const STUCK_MS = 30_000;

/** Reads the log as it grows, and knows which actions will go on by themselves, and when. */
export class Unrest {
  readonly events = new Map<string, { readonly stream: StreamId; readonly told: Told[]; head: string }>();
  readonly #log: WorkflowLog;
  readonly #now: () => number;
  readonly #open = new Map<string, Open>();
  /** Actions whose system answers only when it is told to. */
  readonly #waited = new Set<string>();

  constructor(log: WorkflowLog, now: () => number) {
    this.#log = log;
    this.#now = now;
  }

  /** The action executes until {@link mayEnd}: nothing else waits for that. */
  mayTake(stream: StreamId, id: string): void {
    this.#waited.add(actionKey(stream, id));
  }

  mayEnd(stream: StreamId, id: string): void {
    this.#waited.delete(actionKey(stream, id));
  }

  /** When the first of the open actions goes on by itself, if that is at `until` or before. */
  nextDue(until: number): number | undefined {
    const dues = [...this.#open.values()].filter(({ state }) => state !== 'executing').map(({ due }) => due);
    const first = Math.min(...dues);
    return first <= until ? first : undefined;
  }

  /** Resolves when nothing goes on by itself any more, before the time does. Throws where that does not come. */
  async rest(stream?: StreamId): Promise<void> {
    if (stream !== undefined) await this.#read(stream);
    const begun = performance.now();
    for (let open = this.#restless(); open.length > 0; open = this.#restless()) {
      for (const each of open) await this.#read(each.stream);
      if (performance.now() - begun > STUCK_MS)
        throw new Error(`These should have gone on by ${this.#now()}: ${open.map(shown).join(', ')}.`);
      await new Promise(setImmediate);
    }
  }

  #restless(): readonly Open[] {
    return [...this.#open].flatMap(([key, open]) => {
      const isRestless =
        open.state === 'executing' ? !this.#waited.has(key) : open.isAnswered || open.due <= this.#now();
      return isRestless ? [open] : [];
    });
  }

  async #read(stream: StreamId): Promise<void> {
    const key = streamKey(stream);
    const known = this.events.get(key) ?? { stream, told: [], head: '' };
    this.events.set(key, known);
    for (const stored of await this.#log.read(stream, known.told.length)) {
      const { seq, at, type, payload = 'null', hash } = stored;
      known.told.push({ seq, at, type, payload: JSON.parse(payload) });
      known.head = hash;
      this.#note(stream, stored);
    }
  }

  #note(stream: StreamId, { type, payload = 'null' }: StoredEvent): void {
    if (type === 'action.decided') this.#decided(stream, JSON.parse(payload) as EventPayloads['action.decided']);
    if (type === 'action.completed')
      this.#open.delete(actionKey(stream, (JSON.parse(payload) as EventPayloads['action.completed']).action));
    if (type === 'approval.answered')
      this.#answered((JSON.parse(payload) as EventPayloads['approval.answered']).approval);
  }

  #decided(stream: StreamId, decided: EventPayloads['action.decided']): void {
    const { action: id, decision, mode, retryAt, deadline = Number.POSITIVE_INFINITY, approvals } = decided;
    const key = actionKey(stream, id);
    const asked = new Set(approvals.map((each) => each.id));
    const open = { stream, id, asked, isAnswered: false };
    if (decision === 'deny') this.#open.delete(key);
    else if (decision === 'step_up' || decision === 'defer')
      this.#open.set(key, { ...open, state: 'held', due: retryAt ?? deadline });
    else this.#open.set(key, { ...open, state: mode === 'run' ? 'executing' : 'permitted', due: deadline });
  }

  /** It is decided anew, and recorded, at each answer: where others are still open, with those. */
  #answered(approval: string): void {
    for (const open of this.#open.values()) if (open.asked.has(approval)) open.isAnswered = true;
  }
}

function shown({ stream, id, state, due, isAnswered }: Open): string {
  return `${id} of ${stream.workflow} (${state}, due at ${due}${isAnswered ? ', answered' : ''})`;
}
