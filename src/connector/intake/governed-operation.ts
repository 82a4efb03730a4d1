import { z } from 'zod';
import { type Effect, WORST_EFFECT } from '../../action/effect.ts';
import type { OperationProvenance } from '../../action/provenance.ts';
import type { ResourceRef, ResourceType } from '../../action/resource.ts';
import { InterlockError } from '../../lib/errors.ts';
import type { JsonObject } from '../../lib/json.ts';
import {
  type AnyOperation,
  type Execute,
  type Probe,
  type Repeat,
  readOperation,
  type Undo,
  writeOperation,
} from '../contract.ts';
import { argumentValues } from './argument-values.ts';
import { conditionOf, placesOf } from './condition.ts';
import type { JsonObjectSchema } from './input-schema.ts';
import type { ClassifiedEntry, ManifestEffect, ManifestEntry } from './manifest-entry.ts';

type Resources = readonly [ResourceRef, ...ResourceRef[]];

/** What is known of an operation without its manifest. */
export interface Governed {
  readonly name: string;
  readonly description: string;
  readonly input: JsonObjectSchema;
  readonly output: z.ZodType;
  /** What it touches where the manifest says nothing, or nothing that fits. */
  readonly whole: ResourceRef;
  /** What a store that operations share is called in policies. */
  readonly storeType: ResourceType;
  /** Absolute folders that relative paths may start from. */
  readonly roots: readonly string[];
  /** Where the system's own answer stands in the result. */
  readonly answers: readonly string[];
  /** Where the manifest says nothing of it. */
  readonly repeat: Extract<Repeat, { readonly class: 'at-most-once' }>;
  /** Made when it is known whether the operation only reads. */
  readonly execute: (sent: { readonly reads: boolean; readonly repeatable: boolean }) => Execute<JsonObject>;
  /** How an unknown outcome of a write is settled. */
  readonly probe?: Probe<JsonObject> | undefined;
  /** What takes a write back; then its effect can be reversed by an operation. */
  readonly undo?: Undo<JsonObject> | undefined;
  /** Where the manifest comes from, in words. */
  readonly source: string;
}

/** The operation of an entry that somebody has classified. Throws CONNECTOR_INVALID. */
export function governedOperation(governed: Governed, entry: ClassifiedEntry): AnyOperation {
  const { name, description, input, output, roots } = governed;
  const stores = [entry.shares ?? []].flat().map((id): ResourceRef => ({ type: governed.storeType, id }));
  const named = resourcesOf(entry, governed);
  const effects =
    'cases' in entry.effect
      ? [...entry.effect.cases.map(({ effect }) => effect), entry.effect.otherwise]
      : [entry.effect];
  const kinds = [...new Set(effects.map((effect) => effect?.kind ?? WORST_EFFECT.kind))];
  const reads = kinds.every((kind) => kind === 'read');
  const repeat = entry.repeat ?? governed.repeat;
  const common = {
    name,
    description: entry.description ?? description,
    input,
    output,
    resourceTypes: [
      entry.resource?.type ?? governed.whole.type,
      ...stores.slice(0, 1).map(({ type }) => type),
    ] as const,
    resources: (values: JsonObject): Resources => [...named(values), ...stores],
    labels: labelsOf(entry, roots),
    facets: facetsOf(entry, input),
    provenance: provenanceOf(entry, governed.answers),
    execute: governed.execute({ reads, repeatable: reads || repeat.class === 'naturally-idempotent' }),
    evidence: [{ mark: 'doc', source: governed.source }] as const,
  };
  if (reads) return readOperation({ ...common, external: effects.some((effect) => effect?.external === true) });
  const effect = effectOf(entry.effect, roots);
  return writeOperation({
    ...common,
    effect: governed.undo === undefined ? effect : (values) => reversibleBy(effect(values)),
    effectKinds: [kinds[0] ?? WORST_EFFECT.kind, ...kinds.slice(1)],
    repeat,
    probe: governed.probe,
    undo: governed.undo ?? { none: 'the manifest names no undo' },
  });
}

function reversibleBy(effect: Effect): Effect {
  return effect.kind === 'read' ? effect : { ...effect, reversible: 'operation' };
}

/** The operation of what is refused: it can be seen and named, and says nothing in the system's words. */
export function refusedOperation(name: string, whole: ResourceRef, output: z.ZodType): AnyOperation {
  return writeOperation({
    name,
    description: 'An operation that nobody has accepted yet; it refuses to run.',
    input: z.strictObject({}),
    output,
    resourceTypes: [whole.type],
    resources: () => [whole],
    effect: () => WORST_EFFECT,
    effectKinds: [WORST_EFFECT.kind],
    repeat: { class: 'at-most-once', evidence: { mark: 'mem', source: 'nothing is known of this operation' } },
    undo: { none: 'nothing is known of this operation' },
    execute: async () => ({
      status: 'failed',
      code: 'OPERATION_UNCLASSIFIED',
      detail: 'nobody has accepted this operation',
      exposed: false,
    }),
    evidence: [],
  });
}

function provenanceOf(
  { arguments: roles, destinations, returns, asked }: ManifestEntry,
  answers: readonly string[],
): OperationProvenance {
  const { default: author, fields = {} } = returns ?? {};
  return {
    arguments: { ...Object.fromEntries(destinations.map((path) => [path, 'destination' as const])), ...roles },
    returns: { within: answers, ...(author === undefined ? {} : { default: author }), fields },
    asked,
  };
}

/** Every label that the operation can attach. */
export function allLabels(entry: ManifestEntry): readonly string[] {
  return entry.labels.map((label) => (typeof label === 'string' ? label : label.label));
}

function labelsOf(entry: ManifestEntry, roots: readonly string[]): (input: JsonObject) => readonly string[] {
  const rules = entry.labels.map((rule) => {
    if (typeof rule === 'string') return { label: rule, applies: () => true };
    return { label: rule.label, applies: conditionOf(rule.when, roots, 'any') };
  });
  return (input) => [...new Set(rules.filter(({ applies }) => applies(input)).map(({ label }) => label))];
}

function effectOf(
  effect: NonNullable<ManifestEntry['effect']>,
  roots: readonly string[],
): (input: JsonObject) => Effect {
  if (!('cases' in effect)) return (input) => oneEffect(effect, input);
  const cases = effect.cases.map(({ when, effect: of }) => ({ holds: conditionOf(when, roots, 'all'), of }));
  return (input) => {
    const found = cases.find(({ holds }) => holds(input))?.of ?? effect.otherwise;
    return found === undefined ? WORST_EFFECT : oneEffect(found, input);
  };
}

function oneEffect({ kind, reversible, external, privileged, count }: ManifestEffect, input: JsonObject): Effect {
  if (kind === 'read')
    return { kind, reversible: 'operation', external: external ?? false, privileged: false, count: 1 };
  return {
    kind,
    reversible,
    external: external ?? true,
    privileged: privileged ?? true,
    count: count === undefined ? 1 : Math.max(1, argumentValues(input, count).length),
  };
}

function resourcesOf(entry: ManifestEntry, { whole, roots }: Governed): (input: JsonObject) => Resources {
  const type = entry.resource?.type ?? whole.type;
  const { id: paths = [], isPath } = entry.resource ?? { isPath: false };
  return (input) => {
    const ids = [paths]
      .flat()
      .flatMap((path) => argumentValues(input, path))
      .map((value) => (typeof value === 'string' ? value : JSON.stringify(value)));
    const [first, ...rest] = [...new Set(isPath ? ids.map((id) => likeliestPlace(id, roots)) : ids)].filter(
      (id) => id !== '',
    );
    return first === undefined ? [{ type, id: whole.id }] : [{ type, id: first }, ...rest.map((id) => ({ type, id }))];
  };
}

/** A relative path counts from the first root, as servers hold it. */
function likeliestPlace(path: string, roots: readonly string[]): string {
  const [asItStands = path, fromFirstRoot = asItStands] = placesOf(path, roots);
  return fromFirstRoot;
}

function facetsOf(entry: ManifestEntry, input: z.ZodObject) {
  if (entry.destinations.length === 0) return undefined;
  if ('destinations' in input.shape)
    throw new InterlockError(
      'CONNECTOR_INVALID',
      'an operation with an argument `destinations` cannot name destinations',
    );
  return {
    schema: z.object({ destinations: z.array(z.string()) }),
    of: (values: JsonObject) => ({
      destinations: entry.destinations
        .flatMap((path) => argumentValues(values, path))
        .map((value) => (typeof value === 'string' ? value : JSON.stringify(value))),
    }),
  };
}
