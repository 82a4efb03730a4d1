import type { ActionProvenance, ProvenanceView, ResultAuthors, TracedAction } from '../../action/provenance.ts';
import { BOUNDS } from '../../lib/bounds.ts';
import type { Json, JsonObject } from '../../lib/json.ts';
import { leavesOf } from './leaves-of.ts';
import { NO_ORDER, type Order, readOrder } from './read-order.ts';
import { readResult } from './read-result.ts';
import { shapeOf } from './text-shape.ts';
import { type Asked, askedOf, traceAction } from './trace-action.ts';
import { SEEN, ValueIndex } from './value-index.ts';

const SEED_DIGITS = 16;

interface Read {
  readonly result: Json;
  readonly input: JsonObject;
  readonly authors: ResultAuthors;
}

/** What one workflow has come across: folded from its events, bounded, the same after a replay. */
export class ProvenanceBook implements ProvenanceView {
  readonly #index: ValueIndex;
  #order: Order = NO_ORDER;
  #exposed = false;
  #wasAsked = false;
  /** By operation and kind of effect. */
  readonly #asked = new Map<string, Asked>();
  /** Taken in when something is traced next: folding a sleeping workflow's events stays cheap. */
  #unread: (() => void)[] = [];
  #last: { readonly action: TracedAction; readonly found: ActionProvenance } | undefined;

  /** `seed`: a digest that nobody who chooses values can know. */
  constructor(seed: string, limit: number = BOUNDS.provenanceKeys) {
    this.#index = new ValueIndex(limit, seed.slice(-SEED_DIGITS));
  }

  /** Something of what was taken in was forgotten at the bound; decisions can only have become stricter. */
  get overflowed(): boolean {
    return this.#index.isFull;
  }

  /** What the index takes in memory. */
  get bytes(): number {
    return this.#index.bytes;
  }

  ordered(mandate: string): void {
    this.#note(() => {
      this.#index.add(mandate, SEEN.mandate);
      this.#order = readOrder(mandate);
      this.#asked.clear();
    });
  }

  told(text: string): void {
    this.#note(() => {
      this.#index.add(text, SEEN.agent);
      this.#exposed = true;
    });
  }

  wrote(input: JsonObject): void {
    this.#note(() => {
      for (const { text } of leavesOf(input)) if (shapeOf(text) !== 'prose') this.#index.add(text, SEEN.own);
    });
  }

  read({ result, input, authors }: Read): void {
    this.#note(() => {
      if (readResult(this.#index, result, input, authors)) this.#exposed = true;
    });
  }

  /** A model repeats what it was told: where nobody else's words were read before, none are in its answer. */
  answered({ result, input, authors }: Read): void {
    this.#note(() => {
      if (this.#exposed) readResult(this.#index, result, input, authors);
    });
  }

  /** Something was shown that nobody kept: what it was stays unknown. */
  readUnkept(): void {
    this.#note(() => {
      this.#exposed = true;
    });
  }

  /** The workflow has moved on: what was traced is not of this version. */
  stale(): void {
    this.#last = undefined;
  }

  trace(action: TracedAction): ActionProvenance {
    this.#wasAsked = true;
    this.takeIn();
    if (this.#last?.action === action) return this.#last.found;
    const asked = this.#askedOf(action);
    const found = traceAction({ index: this.#index, order: this.#order, exposed: this.#exposed, asked }, action);
    this.#last = { action, found };
    return found;
  }

  traced(action: TracedAction): ActionProvenance | undefined {
    return this.#last?.action === action ? this.#last.found : undefined;
  }

  /** Indexes what has arrived, so that no decision has to; where none ever asked, nothing is indexed. */
  keepUp(): void {
    if (this.#wasAsked) this.takeIn();
  }

  /** Indexes what has arrived. */
  takeIn(): void {
    const unread = this.#unread;
    if (unread.length === 0) return;
    this.#unread = [];
    for (const note of unread) note();
  }

  /** What the order says of an operation, read once. */
  #askedOf(action: TracedAction): Asked {
    const key = `${action.operation} ${action.effect.kind}`;
    const known = this.#asked.get(key);
    if (known !== undefined) return known;
    const asked = askedOf(this.#order, action);
    this.#asked.set(key, asked);
    return asked;
  }

  #note(note: () => void): void {
    this.stale();
    this.#unread.push(note);
  }
}
