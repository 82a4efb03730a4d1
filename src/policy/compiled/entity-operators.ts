import {
  CedarDatetime,
  CedarDecimal,
  CedarDuration,
  CedarIp,
  EntityRef,
  type PolicyRecord,
  type PolicyValue,
} from '../../action/policy-port.ts';
import { isSetOfValues } from './canonical-key.ts';
import { EvaluationError } from './evaluation-error.ts';
import type { EvaluationState } from './evaluation-state.ts';
import type { Members } from './members.ts';
import { sameRef } from './values-equal.ts';

/** `value.name`, of a record or of an entity. */
export function attribute(state: EvaluationState, value: PolicyValue, name: string): PolicyValue {
  const record = value instanceof EntityRef ? knownEntity(state, value).attributes : asRecord(value);
  const field = Object.hasOwn(record, name) ? record[name] : undefined;
  if (field === undefined) throw new EvaluationError(`there is no attribute \`${name}\``);
  return field;
}

/** `value has name`: false for an entity that nobody has described. */
export function hasAttribute(state: EvaluationState, value: PolicyValue, name: string): boolean {
  const record = value instanceof EntityRef ? state.describe(value)?.attributes : asRecord(value);
  return record !== undefined && Object.hasOwn(record, name) && record[name] !== undefined;
}

export function hasTag(state: EvaluationState, value: PolicyValue, name: PolicyValue): boolean {
  const tags = state.describe(asEntity(value))?.tags;
  const key = asString(name);
  return tags !== undefined && Object.hasOwn(tags, key) && tags[key] !== undefined;
}

export function getTag(state: EvaluationState, value: PolicyValue, name: PolicyValue): PolicyValue {
  const { tags } = knownEntity(state, asEntity(value));
  const key = asString(name);
  const tag = tags !== undefined && Object.hasOwn(tags, key) ? tags[key] : undefined;
  if (tag === undefined) throw new EvaluationError(`there is no tag \`${key}\``);
  return tag;
}

/** `value in other`: the other is an entity, or a set of nothing but entities. */
export function isIn(state: EvaluationState, value: PolicyValue, other: PolicyValue): boolean {
  const ref = asEntity(value);
  if (other instanceof EntityRef) return state.isIn(ref, other);
  if (!isSetOfValues(other)) throw new EvaluationError('type error: expected an entity or a set of entities');
  const ancestors = state.ancestorsOf(ref);
  let found = false;
  for (const element of other) {
    const within = asEntity(element);
    found ||= sameRef(ref, within) || ancestors.has(within);
  }
  return found;
}

/** `value in [other, …]`, where the others are a constant set of entities: asked for what the value is in, which is little. */
export function isInMembers(state: EvaluationState, value: PolicyValue, others: Members): boolean {
  const ref = asEntity(value);
  return others.has(ref) || state.ancestorsOf(ref).refs.some((ancestor) => others.has(ancestor));
}

export function isOfType(_state: EvaluationState, value: PolicyValue, type: string): boolean {
  return asEntity(value).type === type;
}

export function asEntity(value: PolicyValue): EntityRef {
  if (value instanceof EntityRef) return value;
  throw new EvaluationError('type error: expected an entity');
}

export function asString(value: PolicyValue): string {
  if (typeof value === 'string') return value;
  throw new EvaluationError('type error: expected a String');
}

function knownEntity(state: EvaluationState, ref: EntityRef) {
  const entity = state.describe(ref);
  if (entity === undefined)
    throw new EvaluationError(`nothing is known of the entity ${ref.type}::${JSON.stringify(ref.id)}`);
  return entity;
}

function asRecord(value: PolicyValue): PolicyRecord {
  if (isRecord(value)) return value;
  throw new EvaluationError('type error: expected a record or an entity');
}

function isRecord(value: PolicyValue): value is PolicyRecord {
  return typeof value === 'object' && !isSetOfValues(value) && !isOurs(value);
}

function isOurs(value: object): boolean {
  return (
    value instanceof EntityRef ||
    value instanceof CedarDatetime ||
    value instanceof CedarDuration ||
    value instanceof CedarDecimal ||
    value instanceof CedarIp
  );
}
