import { CedarDatetime, CedarDecimal, type PolicyRecord, type PolicyValue, toLong } from '../action/policy-port.ts';
import { InterlockError } from '../lib/errors.ts';
import { isJsonObject, type Json, type JsonObject } from '../lib/json.ts';
import type { CedarRecord, CedarType } from './cedar-type.ts';

/** Reads one JSON value as policies see it. Throws INVALID_INPUT naming its path. */
type Read<V extends PolicyValue> = (value: Json) => V;

/**
 * Reads the declared members of an object; the rest, and what is null, policies don't see. An object that they see as it
 * is comes by reference. Make it once per type and keep it.
 */
export function recordReader(type: CedarRecord, path: string): (object: JsonObject) => PolicyRecord {
  const members = Object.entries(type.attributes).map(([name, attribute]) => ({
    name,
    read: readerOf(attribute, `${path}.${name}`),
  }));
  return (object) => {
    const out: Record<string, PolicyValue> = {};
    let isSame = Object.keys(object).length === members.length;
    for (const { name, read } of members) {
      const value = Object.hasOwn(object, name) ? object[name] : undefined;
      const seen = value === undefined || value === null ? undefined : read(value);
      if (seen !== undefined) out[name] = seen;
      isSame &&= seen !== undefined && seen === value;
    }
    return isSame ? (object as PolicyRecord) : out; // policies see each of its members as it is
  };
}

function readerOf(type: CedarType, path: string): Read<PolicyValue> {
  const wrong = (): InterlockError =>
    new InterlockError('INVALID_INPUT', `${path} is not the ${type.type} that its schema declares`, { data: { path } });
  switch (type.type) {
    case 'String':
      return (value) => {
        if (typeof value === 'string' && value.isWellFormed()) return value;
        throw wrong();
      };
    case 'Long':
      return (value) => {
        if (Number.isSafeInteger(value)) return value as number; // isSafeInteger is true for numbers only
        throw wrong();
      };
    case 'Boolean':
      return (value) => {
        if (typeof value === 'boolean') return value;
        throw wrong();
      };
    case 'Record': {
      const read = recordReader(type, path);
      return (value) => {
        if (isJsonObject(value)) return read(value);
        throw wrong();
      };
    }
    case 'Set':
      return setReader(readerOf(type.element, `${path}[*]`), wrong);
    case 'Extension': {
      const read = type.name === 'decimal' ? decimalOf : datetimeOf;
      return (value) => {
        const extension = read(value);
        if (extension !== undefined) return extension;
        throw wrong();
      };
    }
    default:
      return () => {
        throw wrong();
      };
  }
}

function setReader(read: Read<PolicyValue>, wrong: () => InterlockError): Read<readonly PolicyValue[]> {
  return (value) => {
    if (!Array.isArray(value)) throw wrong();
    const items: readonly Json[] = value;
    const out: PolicyValue[] = [];
    for (const item of items) if (item !== null) out.push(read(item));
    return out;
  };
}

/** The largest decimal: 2^63-1 ten-thousandths, here the largest double below it that has four digits (https://docs.cedarpolicy.com/policies/syntax-datatypes.html#datatype-decimal). */
const DECIMAL_MAX = 922_337_203_685_477;
const DECIMAL_DIGITS = 4;

/** Rounded away from zero to four digits and kept within Cedar's range, so that no limit is passed by what was cut off. */
export function decimalOf(value: Json): CedarDecimal | undefined {
  if (typeof value !== 'number' || !Number.isFinite(value)) return undefined;
  const size = Math.min(Math.abs(value), DECIMAL_MAX);
  const rounded = size.toFixed(DECIMAL_DIGITS);
  const units = BigInt(rounded.replace('.', '')) + (Number(rounded) < size ? 1n : 0n);
  return new CedarDecimal(toLong(value < 0 ? -units : units));
}

/** ISO 8601 as zod's `z.iso` checks it; a time without an offset is read as UTC, wherever the process runs. */
function datetimeOf(value: Json): CedarDatetime | undefined {
  if (typeof value !== 'string') return undefined;
  const isLocal = value.includes('T') && !/(Z|[+-]\d{2}(:?\d{2})?)$/.test(value);
  const epochMs = Date.parse(isLocal ? `${value}Z` : value);
  return Number.isNaN(epochMs) ? undefined : new CedarDatetime(epochMs);
}
