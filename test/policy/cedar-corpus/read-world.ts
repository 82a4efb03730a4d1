import type { EntityRef, PolicyEntity, PolicyRecord, PolicyRequest } from '../../../src/action/policy-port.ts';
import type { CorpusRequest } from './corpus-cases.ts';
import { readRecord, readRef, readValue } from './read-value.ts';
import type { ResolvedSchema } from './resolved-schema.ts';

interface EntityFile {
  readonly uid: unknown;
  readonly attrs: unknown;
  readonly parents: readonly unknown[];
  readonly tags?: Readonly<Record<string, unknown>>;
}

/** Entities of a file in Cedar's format, and the requests that are asked about them. */
export function readWorld(
  entities: unknown,
  schema: ResolvedSchema,
): (asked: Pick<CorpusRequest, 'principal' | 'action' | 'resource' | 'context'>) => PolicyRequest {
  const known = new Map<string, readonly [EntityRef, PolicyEntity]>();
  for (const file of entities as readonly EntityFile[]) {
    const ref = readRef(file.uid); // what the format has there
    known.set(keyOf(ref), [ref, readEntity(ref, file, schema)]);
  }
  return ({ principal, action, resource, context }) => ({
    principal,
    action,
    resource,
    context: readRecord(context, schema.contextOf(action), schema),
    entity: (ref) => known.get(keyOf(ref))?.[1],
    entities: () => known.values(),
  });
}

function readEntity({ type }: EntityRef, file: EntityFile, schema: ResolvedSchema): PolicyEntity {
  const attributes = readRecord(file.attrs, schema.attributesOf(type), schema);
  const parents = file.parents.map(readRef);
  if (file.tags === undefined) return { attributes, parents };
  const tags: PolicyRecord = Object.fromEntries(
    Object.entries(file.tags).map(([name, tag]) => [name, readValue(tag, schema.tagsOf(type), schema)]),
  );
  return { attributes, parents, tags };
}

function keyOf({ type, id }: EntityRef): string {
  return JSON.stringify([type, id]);
}
