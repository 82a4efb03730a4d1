import type { CedarValueJson, EntityUidJson } from '@cedar-policy/cedar-wasm/nodejs';
import { internedRef } from '../../action/entity-ref.ts';
import { EntityRef, type Long, toLong } from '../../action/policy-port.ts';
import type { Expression } from './expression.ts';
import type { ExpressionTable } from './expression-table.ts';
import { INT64_MAX, INT64_MIN } from './int64.ts';
import { boundedDepth, invalidPolicy } from './invalid-policy.ts';
import { extensionCall, recordOf, setOf } from './lower-collection.ts';

const INTERNED_TYPES = ['Action', 'System', 'Label'] as const;

/** A literal (https://docs.cedarpolicy.com/policies/json-format.html). Integers beyond 2^53 come as `bigint`; as `number` they would be wrong. */
export function lowerValue(table: ExpressionTable, value: CedarValueJson | bigint, depth: number): Expression {
  boundedDepth(depth);
  if (typeof value === 'string' || typeof value === 'boolean') return table.constant(value);
  if (typeof value === 'number' || typeof value === 'bigint') return table.constant(lowerLong(value));
  if (value === null || typeof value !== 'object') throw invalidPolicy(`${String(value)} is no value of Cedar`);
  const lower = (part: CedarValueJson) => lowerValue(table, part, depth + 1);
  if (Array.isArray(value)) return setOf(table, value.map(lower));
  if (Object.hasOwn(value, '__entity')) return table.constant(lowerRef(value as EntityUidJson)); // checked by lowerRef
  const fields = Object.entries(value as Record<string, CedarValueJson>); // the one member of the union that is left
  const extension = fields.find(([name]) => name === '__extn');
  if (extension === undefined)
    return recordOf(
      table,
      fields.map(([name, field]) => [name, lower(field)]),
    );
  const { fn, arg, args = [arg] } = extension[1] as { fn: string; arg: CedarValueJson; args?: CedarValueJson[] }; // `fn` is checked by name, the rest by lowerValue
  return extensionCall(table, fn, args.map(lower));
}

function lowerLong(value: number | bigint): Long {
  if (typeof value === 'number' && !Number.isSafeInteger(value))
    throw invalidPolicy(`${value} is not an exact integer`);
  if (value < INT64_MIN || value > INT64_MAX) throw invalidPolicy(`${value} is beyond 64 bits`);
  return toLong(BigInt(value));
}

/** The entity that a scope or a literal names. */
export function lowerRef(json: EntityUidJson): EntityRef {
  const { type, id } = '__entity' in json ? json.__entity : json;
  if (typeof type !== 'string' || typeof id !== 'string') throw invalidPolicy('an entity has a type and an id');
  const interned = INTERNED_TYPES.find((known) => known === type);
  return interned === undefined ? new EntityRef(type, id) : internedRef(interned, id);
}
