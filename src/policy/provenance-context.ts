import { EntityRef, type PolicyRecord } from '../action/policy-port.ts';
import { type ActionProvenance, SOURCES, type Source, type Sources } from '../action/provenance.ts';
import { BOOLEAN, type CedarRecord, entity, optional, record, setOf } from './cedar-type.ts';

const SOURCE = 'Interlock::Source';
const SOURCE_SET = setOf(entity(SOURCE));

/** The words for where a value comes from: a misspelt one does not load. */
export const SOURCE_ENTITY = { Source: { enum: SOURCES } } as const;

const REFS = Object.fromEntries(SOURCES.map((source) => [source, new EntityRef(SOURCE, source)])) as Readonly<
  Record<Source, EntityRef>
>; // one for each of them

const ROLES = [
  'all',
  'destinations',
  'targets',
  'amounts',
  'dates',
  'flags',
  'credentials',
  'contents',
  'links',
] as const satisfies readonly (keyof ActionProvenance)[];
const CLAIMS = [
  'exposed',
  'ordered',
  'named',
  'acts',
  'delegated',
  'passesLinks',
  'opensPages',
] as const satisfies readonly (keyof ActionProvenance)[];

/** The type of `context.provenance`, for an operation with these top-level arguments. */
export function provenanceType(args: readonly string[]): CedarRecord {
  return record({
    ...Object.fromEntries(CLAIMS.map((name) => [name, BOOLEAN])),
    ...Object.fromEntries(ROLES.map((name) => [name, SOURCE_SET])),
    arguments: record(Object.fromEntries(args.map((name) => [name, optional(SOURCE_SET)]))),
  });
}

/** `context.provenance` of one action. */
export function provenanceRecord(provenance: ActionProvenance): PolicyRecord {
  const sets = ROLES.map((name) => [name, refs(provenance[name])] as const);
  const claims = CLAIMS.map((name) => [name, provenance[name]] as const);
  const args = Object.entries(provenance.arguments).map(([name, sources]) => [name, refs(sources)] as const);
  return Object.fromEntries<PolicyRecord[string]>([...claims, ...sets, ['arguments', Object.fromEntries(args)]]);
}

function refs(sources: Sources) {
  return sources.map((source) => REFS[source]);
}
