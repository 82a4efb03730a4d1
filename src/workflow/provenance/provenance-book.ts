import type { ActionProvenance, ProvenanceView, ResultAuthors, TracedAction } from '../../action/provenance.ts';
import { BOUNDS } from '../../lib/bounds.ts';
import type { Json, JsonObject } from '../../lib/json.ts';
import type { KeyTableState } from './key-table.ts';
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

/** Something that arrived. */
export type Note =
  | { readonly kind: 'ordered'; readonly mandate: string }
  | { readonly kind: 'told'; readonly text: string }
  | { readonly kind: 'wrote'; readonly input: JsonObject }
  | ({ readonly kind: 'read' } & Read)
  | ({ readonly kind: 'answered' } & Read)
  | { readonly kind: 'unkept' };

/** All that a {@link ProvenanceBook} knows, in JSON once its notes are. */
export interface ProvenanceState {
  readonly seed: string;
  readonly mandate: string | undefined;
  readonly exposed: boolean;
  readonly wasAsked: boolean;
  readonly index: KeyTableState | undefined;
  readonly unread: readonly Note[];
}

/** What one workflow has come across: folded from its events, bounded, the same after a replay. */
export class ProvenanceBook implements ProvenanceView {
  readonly #seed: string;
  readonly #index: ValueIndex;
  /** As far as it was taken in. */
  #mandate: string | undefined;
  /** Read from the mandate when it is needed. */
  #order: Order | undefined;
  #exposed = false;
  #wasAsked = false;
  /** By operation and kind of effect. */
  readonly #asked = new Map<string, Asked>();
  /** Taken in when something is traced next: folding a sleeping workflow's events stays cheap. */
  #unread: Note[] = [];
  #last: { readonly action: TracedAction; readonly found: ActionProvenance } | undefined;

  /** `seed`: a digest that nobody who chooses values can know. */
  constructor(seed: string, limit: number = BOUNDS.provenanceKeys) {
    this.#seed = seed;
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

  get state(): ProvenanceState {
    return {
      seed: this.#seed,
      mandate: this.#mandate,
      exposed: this.#exposed,
      wasAsked: this.#wasAsked,
      index: this.#index.state,
      unread: this.#unread,
    };
  }

  static restored({ seed, mandate, exposed, wasAsked, index, unread }: ProvenanceState): ProvenanceBook {
    const book = new ProvenanceBook(seed);
    book.#mandate = mandate;
    book.#exposed = exposed;
    book.#wasAsked = wasAsked;
    if (index !== undefined) book.#index.restore(index);
    book.#unread = [...unread];
    return book;
  }

  ordered(mandate: string): void {
    this.#note({ kind: 'ordered', mandate });
  }

  told(text: string): void {
    this.#note({ kind: 'told', text });
  }

  wrote(input: JsonObject): void {
    this.#note({ kind: 'wrote', input });
  }

  read(read: Read): void {
    this.#note({ kind: 'read', ...read });
  }

  /** A model repeats what it was told: where nobody else's words were read before, none are in its answer. */
  answered(read: Read): void {
    this.#note({ kind: 'answered', ...read });
  }

  /** Something was shown that nobody kept: what it was stays unknown. */
  readUnkept(): void {
    this.#note({ kind: 'unkept' });
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
    const found = traceAction({ index: this.#index, order: this.#orderRead(), exposed: this.#exposed, asked }, action);
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
    for (const note of unread) this.#takeIn(note);
  }

  #takeIn(note: Note): void {
    switch (note.kind) {
      case 'ordered':
        this.#index.add(note.mandate, SEEN.mandate);
        this.#mandate = note.mandate;
        this.#order = undefined;
        this.#asked.clear();
        return;
      case 'told':
        this.#index.add(note.text, SEEN.agent);
        this.#exposed = true;
        return;
      case 'wrote':
        for (const { text } of leavesOf(note.input)) if (shapeOf(text) !== 'prose') this.#index.add(text, SEEN.own);
        return;
      case 'read':
        if (readResult(this.#index, note.result, note.input, note.authors)) this.#exposed = true;
        return;
      case 'answered':
        if (this.#exposed) readResult(this.#index, note.result, note.input, note.authors);
        return;
      case 'unkept':
        this.#exposed = true;
        return;
      default:
        note satisfies never;
    }
  }

  #orderRead(): Order {
    this.#order ??= this.#mandate === undefined ? NO_ORDER : readOrder(this.#mandate);
    return this.#order;
  }

  /** What the order says of an operation, read once. */
  #askedOf(action: TracedAction): Asked {
    const key = `${action.operation} ${action.effect.kind}`;
    const known = this.#asked.get(key);
    if (known !== undefined) return known;
    const asked = askedOf(this.#orderRead(), action);
    this.#asked.set(key, asked);
    return asked;
  }

  #note(note: Note): void {
    this.stale();
    this.#unread.push(note);
  }
}
