import type { PolicyJson } from '@cedar-policy/cedar-wasm/nodejs';
import { isJsonObject, type Json } from '../../lib/json.ts';
import { type CedarAttribute, type CedarRecord, record } from '../cedar-type.ts';
import { type ActionType, type CedarSchemaJson, PLACEHOLDER } from '../generate-schema.ts';

/** A part of a schema that gives one policy the same verdict as the whole; equal parts have equal keys. */
export interface SchemaSlice {
  readonly key: string;
  readonly schema: CedarSchemaJson;
}

/**
 * Validation costs policies × actions. To one policy, actions look alike that are in the same of the groups it names,
 * have the same resource types, and the same types in the fields that it names of what differs from operation to
 * operation: one of them stands for all.
 */
export function schemaSlicer(schema: CedarSchemaJson): (policy: PolicyJson) => SchemaSlice {
  const actions = Object.entries(schema['']?.actions ?? {});
  const slices = new Map<string, SchemaSlice>();
  return (policy) => {
    const mentions = mentionsOf(policy);
    const key = JSON.stringify([
      policy.action.op,
      [...mentions.actions].sort(),
      [...mentions.scope].sort(),
      mentions.wholeParts || [...mentions.attributes].sort(),
    ]);
    const known = slices.get(key);
    if (known !== undefined) return known;
    const slice = {
      key,
      schema: { ...schema, '': { entityTypes: {}, ...schema[''], actions: representatives(actions, mentions) } },
    };
    slices.set(key, slice);
    return slice;
  };
}

interface Mentions {
  /** Actions and groups, anywhere. */
  readonly actions: Set<string>;
  /** Those of them that the head is limited to; empty: it is not. */
  readonly scope: Set<string>;
  readonly attributes: Set<string>;
  /** `context`, or a part of it that differs, is used other than by naming a field of it. */
  wholeParts: boolean;
}

function representatives(
  actions: readonly (readonly [string, ActionType])[],
  mentions: Mentions,
): Record<string, ActionType> {
  // The type Action exists only where there is an action.
  const chosen: Record<string, ActionType> = { [PLACEHOLDER]: {} };
  const classes = new Set<string>();
  for (const [id, { memberOf = [], appliesTo }] of actions) {
    const groups = memberOf.filter((group) => mentions.actions.has(group.id));
    const isNamed = mentions.actions.has(id);
    const isCovered =
      mentions.scope.size === 0 || mentions.scope.has(id) || groups.some((group) => mentions.scope.has(group.id));
    if (appliesTo === undefined || !isCovered) {
      if (isNamed) chosen[id] = { memberOf: groups };
      continue;
    }
    const parts = Object.fromEntries(PARTS.map((part) => [part, projected(appliesTo.context, part, mentions)]));
    const alike = JSON.stringify([isNamed && id, groups, appliesTo.resourceTypes, parts]);
    if (classes.has(alike)) continue;
    classes.add(alike);
    chosen[id] = {
      memberOf: groups,
      appliesTo: { ...appliesTo, context: record({ ...appliesTo.context.attributes, ...parts }) },
    };
  }
  return chosen;
}

/** Parts of the context whose type differs from operation to operation. */
const PARTS: readonly string[] = ['input', 'provenance', 'facts', 'signals'];

/** The type of such a part, as far as the policy names its fields. */
function projected({ attributes }: CedarRecord, part: string, mentions: Mentions): CedarAttribute {
  const whole = attributes[part];
  if (whole?.type !== 'Record') return record({});
  if (mentions.wholeParts) return whole;
  return record(Object.fromEntries(Object.entries(whole.attributes).filter(([name]) => mentions.attributes.has(name))));
}

function mentionsOf(policy: PolicyJson): Mentions {
  const mentions: Mentions = { actions: new Set(), scope: new Set(), attributes: new Set(), wholeParts: false };
  // Cedar's JSON is JSON.
  visit(policy.action as unknown as Json, mentions);
  for (const id of mentions.actions) mentions.scope.add(id);
  visit(policy.conditions as unknown as Json, mentions);
  return mentions;
}

function visit(node: Json, mentions: Mentions): void {
  if (Array.isArray(node)) {
    for (const item of node) visit(item, mentions);
    return;
  }
  if (!isJsonObject(node)) return;
  if (isContextOrPart(node)) mentions.wholeParts = true;
  if (node['type'] === 'Action' && typeof node['id'] === 'string') mentions.actions.add(node['id']);
  for (const [operator, operand] of Object.entries(node)) {
    const left = (operator === '.' || operator === 'has') && isJsonObject(operand) ? operand['left'] : undefined;
    if (left === undefined || !isJsonObject(operand)) {
      visit(operand, mentions);
      continue;
    }
    for (const name of [operand['attr'] ?? []].flat()) if (typeof name === 'string') mentions.attributes.add(name);
    // A field of the context, or of such a part, is named: that is what slices are made for.
    if (isJsonObject(left) && isContextOrPart(left)) continue;
    visit(left, mentions);
  }
}

/** `context`, or e.g. `context.input`. */
function isContextOrPart(node: Json): boolean {
  if (!isJsonObject(node)) return false;
  if (node['Var'] === 'context') return true;
  const access = node['.'];
  return (
    isJsonObject(access) &&
    typeof access['attr'] === 'string' &&
    PARTS.includes(access['attr']) &&
    isJsonObject(access['left']) &&
    access['left']['Var'] === 'context'
  );
}
