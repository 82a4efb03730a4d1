import { isDeepStrictEqual } from 'node:util';
import { isJsonObject, type Json, type JsonObject } from '../../lib/json.ts';
import type { ConnectorDescriptor, DescribedOperation } from './descriptor.ts';

/** From the most to the least that may be done with a call again. */
const REPEAT: readonly string[] = ['read-only', 'naturally-idempotent', 'idempotent-key', 'at-most-once'];

/**
 * What whoever relied on the former descriptor cannot rely on any more: an operation that is gone, an input that no longer
 * fits, an effect, a label or a way back that is missing, a repetition that
 * was not allowed. A descriptor is what `descriptorOf` made.
 */
export function incompatibilities(before: JsonObject, now: ConnectorDescriptor): readonly string[] {
  return [...factChanges(before, now), ...operationChanges(before, now)];
}

function operationChanges(before: JsonObject, now: ConnectorDescriptor): readonly string[] {
  const old = Array.isArray(before['operations']) ? before['operations'].filter(isJsonObject) : [];
  return old.flatMap((former) => {
    const name = String(former['name']);
    const operation = now.operations.find((each) => each.name === name);
    return operation === undefined
      ? [`${name} is gone`]
      : changesOf(former, operation).map((words) => `${name}: ${words}`);
  });
}

/** Policies read facts by name and type. */
function factChanges(before: JsonObject, now: ConnectorDescriptor): readonly string[] {
  const old = Array.isArray(before['facts']) ? before['facts'].filter(isJsonObject) : [];
  return old.flatMap(({ name, type }) => {
    const fact = now.facts.find((each) => each.name === name);
    if (fact === undefined) return [`the fact ${String(name)} is gone`];
    return isDeepStrictEqual(fact.type, type) ? [] : [`the fact ${String(name)} is of another type`];
  });
}

function changesOf(former: JsonObject, now: DescribedOperation): readonly string[] {
  const lost = (field: 'effectKinds' | 'resourceTypes' | 'labels', what: string): readonly string[] =>
    textsOf(former[field])
      .filter((each) => !now[field].includes(each))
      .map((each) => `${what} ${each} is gone`);
  const isMoreOften = REPEAT.indexOf(now.repeat) < REPEAT.indexOf(String(former['repeat']));
  return [
    ...inputChanges(former['input'], now.input),
    ...outputChanges(former['output'], now.output),
    ...(former['kind'] === now.kind ? [] : [`was a ${String(former['kind'])}, and is a ${now.kind}`]),
    ...lost('effectKinds', 'the effect'),
    ...textsOf(former['mayBe'])
      .filter((each) => !now.mayBe.includes(each))
      .map((each) => `no case is ${each} any more`),
    ...lost('resourceTypes', 'the resource type'),
    ...lost('labels', 'the label'),
    ...(isMoreOften ? [`was ${String(former['repeat'])}, and may now be repeated as ${now.repeat}`] : []),
    ...(former['undo'] === 'operation' && now.undo === 'none' ? ['can no longer be undone'] : []),
    ...(former['readBack'] === true && !now.readBack ? ['can no longer be read back'] : []),
  ];
}

function inputChanges(before: Json | undefined, now: Json): readonly string[] {
  const [old, next] = [propertiesOf(before), propertiesOf(now)];
  const required = textsOf(isJsonObject(now) ? now['required'] : undefined);
  const formerlyRequired = new Set(textsOf(isJsonObject(before) ? before['required'] : undefined));
  return [
    ...required.filter((field) => !formerlyRequired.has(field)).map((field) => `the input now requires ${field}`),
    ...Object.keys(old).flatMap((field) => {
      if (!(field in next)) return [`the input no longer takes ${field}`];
      return narrowed(old[field], next[field]) ? [`${field} of the input takes less than before`] : [];
    }),
  ];
}

function outputChanges(before: Json | undefined, now: Json): readonly string[] {
  const next = propertiesOf(now);
  return Object.keys(propertiesOf(before))
    .filter((field) => !(field in next))
    .map((field) => `the output no longer has ${field}`);
}

/** Another type, or a choice that is missing. What else narrows (a pattern, a bound) is a judgement, and is left to people. */
function narrowed(before: Json | undefined, now: Json | undefined): boolean {
  if (!isJsonObject(before) || !isJsonObject(now)) return false;
  const choices = Array.isArray(now['enum']) ? now['enum'] : undefined;
  if (choices !== undefined) {
    const former = Array.isArray(before['enum']) ? before['enum'] : undefined;
    return former === undefined || former.some((each) => !choices.some((choice) => isDeepStrictEqual(choice, each)));
  }
  return before['type'] !== undefined && now['type'] !== undefined && !isDeepStrictEqual(before['type'], now['type']);
}

function propertiesOf(schema: Json | undefined): JsonObject {
  const properties = isJsonObject(schema) ? schema['properties'] : undefined;
  return isJsonObject(properties) ? properties : {};
}

function textsOf(value: Json | undefined): readonly string[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];
}
