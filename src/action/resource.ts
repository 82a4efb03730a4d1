/** A Cedar entity type, as `ServiceNow::Incident`. */
export type ResourceType = `${string}::${string}`;

/** The typed thing that an action touches. Attributes are only what the input says about it; facts come later. */
export interface ResourceRef {
  readonly type: ResourceType;
  /** The system's own id; for a thing that is about to be created, its collection, e.g. `incident`. */
  readonly id: string;
  readonly attributes?: Readonly<Record<string, string | number | boolean>>;
  readonly labels?: readonly string[];
}

export function resourceKey(ref: Pick<ResourceRef, 'type' | 'id'>): string {
  return JSON.stringify([ref.type, ref.id]);
}

/** What a key stands for. */
export function resourceOf(key: string): Pick<ResourceRef, 'type' | 'id'> {
  const [type, id] = JSON.parse(key) as [ResourceType, string]; // as resourceKey wrote it
  return { type, id };
}
