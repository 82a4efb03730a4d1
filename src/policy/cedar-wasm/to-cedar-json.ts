import type { CedarValueJson } from '@cedar-policy/cedar-wasm/nodejs';
import {
  CedarDatetime,
  CedarDecimal,
  CedarDuration,
  CedarIp,
  EntityRef,
  type Long,
  type PolicyRecord,
  type PolicyValue,
} from '../../action/policy-port.ts';
import { InterlockError } from '../../lib/errors.ts';

/** Keys by which Cedar's JSON marks what is not a plain record (https://docs.cedarpolicy.com/auth/entities-syntax.html). */
const ESCAPES = new Set(['__entity', '__extn', '__expr']);

/**
 * A value in Cedar's JSON format, integers beyond 2^53 as `bigint`. Only our own classes become entities and extension
 * values. Throws FORBIDDEN_KEY, UNSAFE_NUMBER.
 */
export function toCedarJson(value: PolicyValue): CedarValueJson {
  if (typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number' || typeof value === 'bigint') {
    if (typeof value === 'number' && !Number.isSafeInteger(value))
      throw new InterlockError('UNSAFE_NUMBER', `${value} is not an integer that policies can compare`);
    // Cedar's type says number, and means whatever has 64 bits.
    return value as number;
  }
  if (value instanceof EntityRef) return { __entity: { type: value.type, id: value.id } };
  if (value instanceof CedarDecimal) return { __extn: { fn: 'decimal', arg: decimalText(value.units) } };
  if (value instanceof CedarDatetime) return datetimeJson(value.epochMs);
  if (value instanceof CedarDuration) return { __extn: { fn: 'duration', arg: `${value.ms}ms` } };
  if (value instanceof CedarIp) return { __extn: { fn: 'ip', arg: ipText(value) } };
  if (value instanceof Set || Array.isArray(value)) return Array.from(value as Iterable<PolicyValue>, toCedarJson); // both hold policy values
  return recordJson(value as PolicyRecord); // nothing else is left of the union
}

export function recordJson(record: PolicyRecord): Record<string, CedarValueJson> {
  // Without a prototype, so that `__proto__` is a field like any other.
  const json: Record<string, CedarValueJson> = Object.create(null);
  for (const [name, value] of Object.entries(record)) {
    if (ESCAPES.has(name)) throw new InterlockError('FORBIDDEN_KEY', `${name} cannot be a field of a record`);
    if (value !== undefined) json[name] = toCedarJson(value);
  }
  return json;
}

function decimalText(units: Long): string {
  const size = units < 0 ? -BigInt(units) : BigInt(units);
  return `${units < 0 ? '-' : ''}${size / 10_000n}.${String(size % 10_000n).padStart(4, '0')}`;
}

function ipText({ version, address, bits }: CedarIp): string {
  const [parts, width, radix, separator] = version === 4 ? ([4, 8n, 10, '.'] as const) : ([8, 16n, 16, ':'] as const);
  const groups = Array.from({ length: parts }, (_, index) =>
    ((address >> (width * BigInt(parts - 1 - index))) & ((1n << width) - 1n)).toString(radix),
  );
  return `${groups.join(separator)}/${bits}`;
}

/** As an offset from 1970, because texts reach only from year 0 to 9999. */
function datetimeJson(epochMs: Long): CedarValueJson {
  const epoch = { __extn: { fn: 'datetime', arg: '1970-01-01' } };
  return { __extn: { fn: 'offset', args: [epoch, { __extn: { fn: 'duration', arg: `${epochMs}ms` } }] } };
}
