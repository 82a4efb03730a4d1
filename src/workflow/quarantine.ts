import type { EventPayloads } from '../action/event.ts';
import { type ResourceRef, resourceKey } from '../action/resource.ts';
import type { QuarantineView } from '../action/view.ts';

/** The sessions and records that may not be used any more, because of where they had something from. */
export class Quarantine implements QuarantineView {
  readonly sessions = new Set<string>();
  readonly resources = new Set<string>();

  set({ sessions, resources }: EventPayloads['quarantine.set']): void {
    for (const session of sessions) this.sessions.add(session);
    for (const resource of resources) this.resources.add(resource);
  }

  lift({ session, resource }: EventPayloads['quarantine.lifted']): void {
    if (session !== undefined) this.sessions.delete(session);
    if (resource !== undefined) this.resources.delete(resource);
  }

  /** Whoever is shown a quarantined record, as by a call that was under way, shares its fate. */
  shown(session: string, resources: readonly Pick<ResourceRef, 'type' | 'id'>[]): void {
    if (this.resources.size > 0 && resources.some((resource) => this.resources.has(resourceKey(resource))))
      this.sessions.add(session);
  }
}
