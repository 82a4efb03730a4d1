import { z } from 'zod';
import { type Effect, WORST_EFFECT } from '../../src/action/effect.ts';
import type { OperationProvenance } from '../../src/action/provenance.ts';
import type { ResourceRef, ResourceType } from '../../src/action/resource.ts';
import { type AnyOperation, type Execute, readOperation, writeOperation } from '../../src/connector/contract.ts';
import { InterlockError } from '../../src/lib/errors.ts';
import type { JsonObject } from '../../src/lib/json.ts';
import { argumentValues } from './argument-values.ts';
import { conditionOf, placesOf } from './condition.ts';
import { inputSchemaOf } from './input-schema.ts';
import { plainText } from './plain-text.ts';
import type { ToolDefinition } from './tool-definition.ts';
import type { ManifestEffect, ManifestTool } from './tool-manifest.ts';
import { toolResult } from './tool-result.ts';

/** What several tools write to and read from. */
export const STORE_RESOURCE = 'Mcp::Store' satisfies ResourceType;

/** A tool of which the manifest says nothing, or nothing that fits, touches this. */
export const TOOL_RESOURCE = 'Mcp::Tool' satisfies ResourceType;

type Resources = readonly [ResourceRef, ...ResourceRef[]];

export interface ToolOperation {
  readonly name: string;
  readonly definition: ToolDefinition;
  /** Absolute folders that relative paths may start from. */
  readonly roots: readonly string[];
  readonly execute: Execute<JsonObject>;
}

/** The governed operation of a classified tool. Throws RESPONSE_UNEXPECTED where its input schema cannot be carried. */
export function toolOperation(
  { name, definition, roots, execute }: ToolOperation,
  entry: ManifestTool & { readonly effect: NonNullable<ManifestTool['effect']> },
): AnyOperation {
  const resourceType = entry.resource?.type ?? TOOL_RESOURCE;
  const stores = [entry.shares ?? []].flat().map((id): ResourceRef => ({ type: STORE_RESOURCE, id }));
  const named = resourcesOf(entry, definition, roots);
  const input = inputSchemaOf(definition.inputSchema);
  const common = {
    name,
    description: entry.description ?? plainText(definition.description ?? definition.name),
    input,
    output: toolResult,
    resourceTypes: [resourceType, ...stores.slice(0, 1).map(({ type }) => type)] as const,
    resources: (values: JsonObject): Resources => [...named(values), ...stores],
    labels: labelsOf(entry, roots),
    facets: facetsOf(entry, input),
    provenance: provenanceOf(entry),
    execute,
    evidence: [{ mark: 'doc', source: 'the tool manifest of this server' }] as const,
  };
  const effects =
    'cases' in entry.effect
      ? [...entry.effect.cases.map(({ effect }) => effect), entry.effect.otherwise]
      : [entry.effect];
  const kinds = effects.map((effect) => effect?.kind ?? WORST_EFFECT.kind);
  if (kinds.every((kind) => kind === 'read')) {
    return readOperation({ ...common, external: effects.some((effect) => effect?.external === true) });
  }
  return writeOperation({
    ...common,
    effect: effectOf(entry.effect, roots),
    effectKinds: [kinds[0] ?? WORST_EFFECT.kind, ...kinds.slice(1)],
    repeat: entry.repeat,
    undo: { none: 'a tool manifest names no undo' },
  });
}

/** The operation of a tool that is refused: it can be seen and named, and says nothing in the server's words. */
export function refusedOperation(name: string, tool: string): AnyOperation {
  return writeOperation({
    name,
    description: 'A tool that nobody has accepted yet; it refuses to run.',
    input: z.strictObject({}),
    output: toolResult,
    resourceTypes: [TOOL_RESOURCE],
    resources: () => [{ type: TOOL_RESOURCE, id: tool }],
    effect: () => WORST_EFFECT,
    effectKinds: [WORST_EFFECT.kind],
    repeat: { class: 'at-most-once', evidence: { mark: 'mem', source: 'nothing is known of this tool' } },
    undo: { none: 'nothing is known of this tool' },
    execute: async () => ({
      status: 'failed',
      code: 'OPERATION_UNCLASSIFIED',
      detail: 'nobody has accepted this tool',
      exposed: false,
    }),
    evidence: [],
  });
}

/** A tool's own answer stands in a text of MCP's result, or as its structured content. */
const ANSWERS = ['content[*].text', 'structuredContent'];

function provenanceOf({ arguments: roles, destinations, returns, asked }: ManifestTool): OperationProvenance {
  const { default: author, fields = {} } = returns ?? {};
  return {
    arguments: { ...Object.fromEntries(destinations.map((path) => [path, 'destination' as const])), ...roles },
    returns: { within: ANSWERS, ...(author === undefined ? {} : { default: author }), fields },
    asked,
  };
}

/** Every label that the tool can attach. */
export function allLabels(entry: ManifestTool): readonly string[] {
  return entry.labels.map((label) => (typeof label === 'string' ? label : label.label));
}

function labelsOf(entry: ManifestTool, roots: readonly string[]): (input: JsonObject) => readonly string[] {
  const rules = entry.labels.map((rule) => {
    if (typeof rule === 'string') return { label: rule, applies: () => true };
    return { label: rule.label, applies: conditionOf(rule.when, roots, 'any') };
  });
  return (input) => [...new Set(rules.filter(({ applies }) => applies(input)).map(({ label }) => label))];
}

function effectOf(
  effect: NonNullable<ManifestTool['effect']>,
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

function resourcesOf(
  entry: ManifestTool,
  definition: ToolDefinition,
  roots: readonly string[],
): (input: JsonObject) => Resources {
  const type = entry.resource?.type ?? TOOL_RESOURCE;
  const whole: ResourceRef = { type, id: definition.name };
  const { id: paths = [], isPath } = entry.resource ?? { isPath: false };
  return (input) => {
    const ids = [paths]
      .flat()
      .flatMap((path) => argumentValues(input, path))
      .map((value) => (typeof value === 'string' ? value : JSON.stringify(value)));
    const [first, ...rest] = [...new Set(isPath ? ids.map((id) => likeliestPlace(id, roots)) : ids)].filter(
      (id) => id !== '',
    );
    return first === undefined ? [whole] : [{ type, id: first }, ...rest.map((id) => ({ type, id }))];
  };
}

/** A relative path counts from the first root, as servers hold it. */
function likeliestPlace(path: string, roots: readonly string[]): string {
  const [asItStands = path, fromFirstRoot = asItStands] = placesOf(path, roots);
  return fromFirstRoot;
}

function facetsOf(entry: ManifestTool, input: z.ZodObject) {
  if (entry.destinations.length === 0) return undefined;
  if ('destinations' in input.shape)
    throw new InterlockError('CONNECTOR_INVALID', 'a tool with an argument `destinations` cannot name destinations');
  return {
    schema: z.object({ destinations: z.array(z.string()) }),
    of: (values: JsonObject) => ({
      destinations: entry.destinations
        .flatMap((path) => argumentValues(values, path))
        .map((value) => (typeof value === 'string' ? value : JSON.stringify(value))),
    }),
  };
}
