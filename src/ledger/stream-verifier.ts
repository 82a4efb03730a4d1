import type { EventPayloads, StoredEvent } from '../action/event.ts';
import type { Head, StreamId } from '../action/log-port.ts';
import { verifyLink } from '../workflow/chain.ts';
import type { FindingKind, Tally } from './finding.ts';
import type { HeadIndex, KnownHead } from './head-index.ts';

/** Verifies one stream event by event, in constant memory: its own chain, and what the checkpoints say of it. */
export class StreamVerifier {
  readonly #stream: StreamId;
  readonly #tally: Tally;
  readonly #known: Iterator<KnownHead>;
  #nextKnown: KnownHead | undefined;
  #lastMatch = 0;
  #rewritten = false;
  #head: Head | undefined;
  #lastErased = 0;
  #coveredTo = 0;

  constructor(stream: StreamId, index: HeadIndex, tally: Tally) {
    const { tenant, workflow } = stream;
    this.#stream = { tenant, workflow };
    this.#tally = tally;
    this.#known = index.headsOf(stream);
    this.#advance();
    tally.streams++;
  }

  /** The last event so far, as it says of itself. */
  get head(): Head | undefined {
    return this.#head;
  }

  event(event: StoredEvent): void {
    this.#tally.events++;
    this.#noteErased(event);
    this.#link(event, this.#head);
    // After a break the chain is taken up again where it is, so that the next break is found too.
    this.#head = { version: event.seq, hash: event.hash, at: event.at };
    this.#compare(event);
  }

  /** An erasure covers everything up to where it says, and comes behind it. */
  #noteErased({ seq, type, payload }: StoredEvent): void {
    if (payload === undefined) {
      this.#tally.erased++;
      this.#lastErased = seq;
    } else if (type === 'payloads.erased') {
      this.#coveredTo = Math.max(this.#coveredTo, coveredBy(payload));
    }
  }

  /** After the last event. */
  end(): void {
    if (this.#lastErased > this.#coveredTo) this.#tally.unrecorded++;
    for (; this.#nextKnown !== undefined; this.#advance()) {
      const { version, n } = this.#nextKnown;
      if (version <= (this.#head?.version ?? 0)) continue;
      const seq = (this.#head?.version ?? 0) + 1;
      this.report('truncated', seq, `the events from ${seq} to ${version}, which checkpoint ${n} saw, are gone`);
      break;
    }
    this.#known.return?.();
  }

  report(kind: FindingKind, seq: number, detail: string): void {
    this.#tally.report({ kind, ...this.#stream, seq, detail });
  }

  #link(event: StoredEvent, head: Head | undefined): void {
    const link = verifyLink(this.#stream, head, event);
    if (link.ok) return;
    this.report(link.kind, link.seq, link.problem);
    // What is missing hides nothing else: the event behind the gap is judged by itself.
    if (link.kind === 'missing') this.#link(event, { version: event.seq - 1, hash: event.prev, at: 0 });
  }

  #compare({ seq, hash }: StoredEvent): void {
    for (; this.#nextKnown !== undefined && this.#nextKnown.version <= seq; this.#advance()) {
      const { version, n, hash: known } = this.#nextKnown;
      if (version !== seq) continue;
      if (hash === known) this.#lastMatch = seq;
      else this.#reportRewrite(seq, n);
    }
  }

  #reportRewrite(seq: number, n: number): void {
    if (this.#rewritten) return;
    this.#rewritten = true;
    const since = this.#lastMatch === 0 ? 'its beginning' : `event ${this.#lastMatch}, which still matches`;
    this.report(
      'rewritten',
      seq,
      `event ${seq} is not the one that checkpoint ${n} saw; the change lies after ${since}`,
    );
  }

  #advance(): void {
    const next = this.#known.next();
    this.#nextKnown = next.done === true ? undefined : next.value;
  }
}

/** What is no erasure covers nothing. */
function coveredBy(payload: string): number {
  try {
    const { to }: Partial<EventPayloads['payloads.erased']> = JSON.parse(payload);
    return to ?? 0;
  } catch {
    return 0;
  }
}
