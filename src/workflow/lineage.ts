import { type ResourceRef, resourceKey } from '../action/resource.ts';
import type { Descendants, QuarantineSource } from '../action/view.ts';
import { BOUNDS } from '../lib/bounds.ts';

type Named = Pick<ResourceRef, 'type' | 'id'>;

/** A node: an agent session, a record, or an action whose answer or effect is meant. */
type Node = { readonly session: string } | { readonly resource: string } | { readonly action: string };

/** All that a {@link Lineage} knows, in JSON. */
export interface LineageState {
  readonly from: readonly string[];
  readonly to: readonly string[];
  readonly forgot: boolean;
}

/** Who had what from whom, in the order in which it happened: what is needed to say what descends from a session or a read. */
export class Lineage {
  readonly #from: string[] = [];
  readonly #to: string[] = [];
  #forgot = false;

  /** Edges were forgotten at the bound; from then on everything counts as descending from everything. */
  get overflowed(): boolean {
    return this.#forgot;
  }

  told(from: string, to: string): void {
    this.#edge({ session: from }, { session: to });
  }

  wrote({ action, session }: { readonly action: string; readonly session: string }, resources: readonly Named[]): void {
    for (const resource of resources) {
      this.#edge({ session }, { resource: resourceKey(resource) });
      this.#edge({ action }, { resource: resourceKey(resource) });
    }
  }

  read({ action, session }: { readonly action: string; readonly session: string }, resources: readonly Named[]): void {
    this.#edge({ action }, { session });
    for (const resource of resources) this.#edge({ resource: resourceKey(resource) }, { session });
  }

  /** All that had something of the source, itself included where it is a session. Costs one walk over the whole past. */
  descendantsOf(source: QuarantineSource | { readonly resource: string }): Descendants | 'everything' {
    if (this.#forgot) return 'everything';
    const reached = new Set([keyOf(source)]);
    for (const [index, from] of this.#from.entries()) {
      const to = this.#to[index];
      if (to !== undefined && reached.has(from)) reached.add(to);
    }
    const keys = [...reached];
    return { sessions: ofKind(keys, SESSION), resources: ofKind(keys, RESOURCE) };
  }

  get state(): LineageState {
    return { from: [...this.#from], to: [...this.#to], forgot: this.#forgot };
  }

  /** Into one that knows nothing yet. */
  restore({ from, to, forgot }: LineageState): void {
    for (const key of from) this.#from.push(key);
    for (const key of to) this.#to.push(key);
    this.#forgot = forgot;
  }

  #edge(from: Node, to: Node): void {
    if (this.#from.length >= BOUNDS.lineageEdges) this.#forgot = true;
    else {
      this.#from.push(keyOf(from));
      this.#to.push(keyOf(to));
    }
  }
}

const SESSION = 's';
const RESOURCE = 'r';
const ACTION = 'a';

function keyOf(node: Node): string {
  if ('session' in node) return SESSION + node.session;
  return 'resource' in node ? RESOURCE + node.resource : ACTION + node.action;
}

function ofKind(keys: readonly string[], kind: string): readonly string[] {
  return keys.filter((key) => key.startsWith(kind)).map((key) => key.slice(kind.length));
}
