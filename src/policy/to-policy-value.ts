import { CedarDatetime, CedarDecimal, type PolicyRecord, type PolicyValue, toLong } from '../action/policy-port.ts';
import { InterlockError } from '../lib/errors.ts';
import { isJsonObject, type Json, type JsonObject } from '../lib/json.ts';
import type { CedarRecord, CedarType } from './cedar-type.ts';

/** The declared members of `object`; the rest, and what is null, policies don't see. Throws INVALID_INPUT. */
export function toPolicyRecord(object: JsonObject, type: CedarRecord, path: string): PolicyRecord {
  const out: Record<string, PolicyValue> = {};
  for (const [name, attribute] of Object.entries(type.attributes)) {
    const value = Object.hasOwn(object, name) ? object[name] : undefined;
    if (value === undefined || value === null) continue;
    out[name] = toPolicyValue(value, attribute, `${path}.${name}`);
  }
  return out;
}

function toPolicyValue(value: Json, type: CedarType, path: string): PolicyValue {
  switch (type.type) {
    case 'String':
      if (typeof value === 'string' && value.isWellFormed()) return value;
      break;
    case 'Long':
      if (Number.isSafeInteger(value)) return value as number; // isSafeInteger is true for numbers only
      break;
    case 'Boolean':
      if (typeof value === 'boolean') return value;
      break;
    case 'Record':
      if (isJsonObject(value)) return toPolicyRecord(value, type, path);
      break;
    case 'Set':
      if (Array.isArray(value))
        return value.filter((item) => item !== null).map((item) => toPolicyValue(item, type.element, `${path}[*]`));
      break;
    case 'Extension': {
      const extension = type.name === 'decimal' ? decimalOf(value) : datetimeOf(value);
      if (extension !== undefined) return extension;
      break;
    }
    default:
      break;
  }
  throw new InterlockError('INVALID_INPUT', `${path} is not the ${type.type} that its schema declares`, {
    data: { path },
  });
}

/** The largest decimal: 2^63-1 ten-thousandths, here the largest double below it that has four digits (https://docs.cedarpolicy.com/policies/syntax-datatypes.html#datatype-decimal). */
const DECIMAL_MAX = 922_337_203_685_477;
const DECIMAL_DIGITS = 4;

/** Rounded away from zero to four digits and kept within Cedar's range, so that no limit is passed by what was cut off. */
function decimalOf(value: Json): CedarDecimal | undefined {
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
