import { type ResourceRef, resourceKey } from '../action/resource.ts';
import type { ResourceUse } from '../action/view.ts';
import { BOUNDS } from '../lib/bounds.ts';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
type Named = Pick<ResourceRef, 'type' | 'id'>;

/** A label that a record carries, and the session that brought it there. */
export interface CarriedLabel {
  readonly label: string;
  readonly writtenBy: string;
  readonly resource: string;
}

/**
 * What the workflow has touched, and what it left there: a record carries the labels of those who wrote it, and hands
 * them to those who read it. Past the bound, records are no longer told apart: whoever reads one that is not known is
 * exposed to all that was written to such.
 */
export class ResourceBook {
  readonly uses = new Map<string, Mutable<ResourceUse>>();
  readonly #carried = new Map<string, Map<string, string>>();
  readonly #carriedByForgotten = new Map<string, string>();
  #overflowed = false;

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

  /** What `writtenBy` writes may say whatever it has read. */
  carry(resources: readonly Named[], labels: readonly string[], writtenBy: string): void {
    if (labels.length === 0) return;
    for (const resource of resources) {
      const carried = this.#carriedBy(resource);
      for (const label of labels) if (!carried.has(label)) carried.set(label, writtenBy);
    }
  }

  /** The labels that reading these exposes to, because somebody of this workflow wrote them. */
  carriedBy(resources: readonly Named[]): readonly CarriedLabel[] {
    return resources.flatMap((resource) => {
      const key = resourceKey(resource);
      const carried = this.#carried.get(key) ?? (this.uses.has(key) ? undefined : this.#carriedByForgotten);
      return [...(carried ?? [])].map(([label, writtenBy]) => ({ label, writtenBy, resource: key }));
    });
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

  #carriedBy(resource: Named): Map<string, string> {
    const key = resourceKey(resource);
    if (this.#use(resource) === undefined) return this.#carriedByForgotten;
    const known = this.#carried.get(key);
    if (known !== undefined) return known;
    const carried = new Map<string, string>();
    this.#carried.set(key, carried);
    return carried;
  }
}
