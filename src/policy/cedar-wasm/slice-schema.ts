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
 * have the same resource types, and the same types in the input fields it names: one of them stands for all.
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
      mentions.wholeInput || [...mentions.attributes].sort(),
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
  /** `context` or `context.input` is used other than by naming a field of it. */
  wholeInput: boolean;
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
    const input = projected(appliesTo.context, mentions);
    const alike = JSON.stringify([isNamed && id, groups, appliesTo.resourceTypes, input]);
    if (classes.has(alike)) continue;
    classes.add(alike);
    chosen[id] = {
      memberOf: groups,
      appliesTo: { ...appliesTo, context: record({ ...appliesTo.context.attributes, input }) },
    };
  }
  return chosen;
}

/** The type of `context.input`, as far as the policy names its fields. */
function projected({ attributes }: CedarRecord, mentions: Mentions): CedarAttribute {
  const input = attributes['input'];
  if (input?.type !== 'Record') return record({});
  if (mentions.wholeInput) return input;
  return record(Object.fromEntries(Object.entries(input.attributes).filter(([name]) => mentions.attributes.has(name))));
}

function mentionsOf(policy: PolicyJson): Mentions {
  const mentions: Mentions = { actions: new Set(), scope: new Set(), attributes: new Set(), wholeInput: false };
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
  if (isContextOrInput(node)) mentions.wholeInput = true;
  if (node['type'] === 'Action' && typeof node['id'] === 'string') mentions.actions.add(node['id']);
  for (const [operator, operand] of Object.entries(node)) {
    const left = (operator === '.' || operator === 'has') && isJsonObject(operand) ? operand['left'] : undefined;
    if (left === undefined || !isJsonObject(operand)) {
      visit(operand, mentions);
      continue;
    }
    for (const name of [operand['attr'] ?? []].flat()) if (typeof name === 'string') mentions.attributes.add(name);
    // A field of the context, or of its input, is named: that is what slices are made for.
    if (isJsonObject(left) && isContextOrInput(left)) continue;
    visit(left, mentions);
  }
}

/** `context`, or `context.input`. */
function isContextOrInput(node: Json): boolean {
  if (!isJsonObject(node)) return false;
  if (node['Var'] === 'context') return true;
  const access = node['.'];
  return (
    isJsonObject(access) &&
    access['attr'] === 'input' &&
    isJsonObject(access['left']) &&
    access['left']['Var'] === 'context'
  );
}
