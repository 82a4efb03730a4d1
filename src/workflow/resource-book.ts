import { type ResourceRef, resourceKey, resourceOf } from '../action/resource.ts';
import type { ResourceUse } from '../action/view.ts';
import { BOUNDS } from '../lib/bounds.ts';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
type Named = Pick<ResourceRef, 'type' | 'id'>;

/** A label that a record carries, and the session or the fact that brought it there. */
export type CarriedLabel = { readonly label: string; readonly resource: string } & (
  | { readonly writtenBy: string }
  | { readonly fact: string }
);

/** By label: who wrote it, by action. */
type Carried = Map<string, Map<string, string>>;

export interface Write {
  readonly action: string;
  readonly session: string;
}

/** All that a {@link ResourceBook} knows, in JSON. */
export interface ResourceBookState {
  readonly uses: readonly (readonly [resource: string, use: ResourceUse])[];
  readonly carried: readonly (readonly [resource: string, carried: CarriedState])[];
  readonly carriedByForgotten: CarriedState;
  readonly overflowed: boolean;
}

type CarriedState = readonly (readonly [
  label: string,
  writers: readonly (readonly [action: string, session: string])[],
])[];

/** Stands for every write that is known to have happened; no action has this id. */
const HAPPENED = '';
/** Stand for what a fact says of the record, and of one that it came from; nor has any action these. */
const OBSERVED = '\0';
const DERIVED = '\0\0';

/**
 * What the workflow has touched, and what it left there: a record carries the labels of those who wrote it, and hands
 * them to those who read it. Past the bound, records are no longer told apart: whoever reads one that is not known is
 * exposed to all that was written to such.
 */
export class ResourceBook {
  readonly uses = new Map<string, Mutable<ResourceUse>>();
  readonly #carried = new Map<string, Carried>();
  readonly #carriedByForgotten: Carried = new Map();
  #overflowed = false;
  #observes = false;

  /** Detail was forgotten at the bound. */
  get overflowed(): boolean {
    return this.#overflowed;
  }

  note(resources: readonly Named[], how: 'read' | 'written' | 'denied'): void {
    for (const resource of resources) {
      const use = this.#use(resource);
      if (use !== undefined) use[how] += 1;
    }
  }

  /** What a session writes may say whatever it has read. Until the write has an outcome, it may yet come to nothing. */
  carry(resources: readonly Named[], labels: readonly string[], { action, session }: Write): void {
    if (labels.length === 0) return;
    for (const resource of resources) {
      const carried = this.#carriedBy(resource);
      for (const label of labels) {
        const writers = carried.get(label) ?? new Map<string, string>();
        if (!writers.has(HAPPENED)) writers.set(action, session);
        carried.set(label, writers);
      }
    }
  }

  /** The write has an outcome: it happened, or may have, and stays; or it certainly did not, and carried nothing. */
  settle(resources: readonly Named[], { action, session }: Write, happened: boolean): void {
    for (const resource of resources) {
      const carried = this.#carried.get(resourceKey(resource)) ?? this.#carriedByForgotten;
      for (const [label, writers] of carried) {
        if (!writers.delete(action)) continue;
        // One that happened vouches for the label; which others would is not needed any more.
        if (happened) carried.set(label, new Map([...factsAmong(writers), [HAPPENED, session]]));
        else if (writers.size === 0) carried.delete(label);
      }
    }
  }

  /** A fact says that a record carries these, for good. Answers those that no fact has said of it before. */
  observe(resource: Named, labels: readonly string[], fact: string): readonly string[] {
    if (labels.length === 0) return [];
    this.#observes = true;
    const carried = this.#carriedBy(resource);
    const added = labels.filter((label) => carried.get(label)?.has(OBSERVED) !== true);
    for (const label of added) carried.set(label, new Map([[OBSERVED, fact], ...(carried.get(label) ?? [])]));
    return added;
  }

  /** The same reaches what came from the record: those that are named, or all that there is. */
  derive(from: readonly Named[] | 'everything', labels: readonly string[], fact: string): void {
    const reached =
      from === 'everything'
        ? [...[...this.uses.keys()].map((key) => this.#carriedBy(resourceOf(key))), this.#carriedByForgotten]
        : from.map((resource) => this.#carriedBy(resource));
    for (const carried of reached)
      for (const label of labels) carried.set(label, new Map([...(carried.get(label) ?? []), [DERIVED, fact]]));
  }

  /** What facts say of a record itself. */
  observedOf(resource: Named): readonly string[] {
    if (!this.#observes) return NONE;
    return [...this.#known(resourceKey(resource))].flatMap(([label, writers]) =>
      writers.has(OBSERVED) ? [label] : [],
    );
  }

  /** The labels that reading these exposes to, because somebody of this workflow wrote them, or a fact says so. */
  carriedBy(resources: readonly Named[]): readonly CarriedLabel[] {
    return resources.flatMap((resource) => {
      const key = resourceKey(resource);
      return [...this.#known(key)].flatMap(([label, writers]) =>
        [...writers]
          .slice(0, 1)
          .map(([action, by]) => ({ label, resource: key, ...(isFact(action) ? { fact: by } : { writtenBy: by }) })),
      );
    });
  }

  #known(key: string): Iterable<[string, Map<string, string>]> {
    return this.#carried.get(key) ?? (this.uses.has(key) ? [] : this.#carriedByForgotten);
  }

  get state(): ResourceBookState {
    return {
      uses: [...this.uses].map(([resource, use]) => [resource, { ...use }]),
      carried: [...this.#carried].map(([resource, carried]) => [resource, stateOf(carried)]),
      carriedByForgotten: stateOf(this.#carriedByForgotten),
      overflowed: this.#overflowed,
    };
  }

  /** Into one that knows nothing yet. */
  restore({ uses, carried, carriedByForgotten, overflowed }: ResourceBookState): void {
    for (const [resource, use] of uses) this.uses.set(resource, { ...use });
    for (const [resource, state] of carried) this.#carried.set(resource, restored(state));
    for (const [label, writers] of restored(carriedByForgotten)) this.#carriedByForgotten.set(label, writers);
    this.#overflowed = overflowed;
    const all = [...this.#carried.values(), this.#carriedByForgotten].flatMap((known) => [...known.values()]);
    this.#observes = all.some((writers) => writers.has(OBSERVED));
  }

  #use({ type, id }: Named): Mutable<ResourceUse> | undefined {
    const key = resourceKey({ type, id });
    const known = this.uses.get(key);
    if (known !== undefined) return known;
    if (this.uses.size >= BOUNDS.workflowResources) {
      this.#overflowed = true;
      return undefined;
    }
    const use = { type, id, read: 0, written: 0, denied: 0 };
    this.uses.set(key, use);
    return use;
  }

  #carriedBy(resource: Named): Carried {
    const key = resourceKey(resource);
    if (this.#use(resource) === undefined) return this.#carriedByForgotten;
    const known = this.#carried.get(key);
    if (known !== undefined) return known;
    const carried: Carried = new Map();
    this.#carried.set(key, carried);
    return carried;
  }
}

const NONE: readonly string[] = [];

const isFact = (action: string): boolean => action === OBSERVED || action === DERIVED;

const factsAmong = (writers: ReadonlyMap<string, string>) => [...writers].filter(([action]) => isFact(action));

function stateOf(carried: Carried): CarriedState {
  return [...carried].map(([label, writers]) => [label, [...writers]]);
}

function restored(state: CarriedState): Carried {
  return new Map(state.map(([label, writers]) => [label, new Map(writers)]));
}
