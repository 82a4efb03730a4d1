import {
  CedarDatetime,
  CedarDecimal,
  CedarDuration,
  CedarIp,
  EntityRef,
  type PolicyRecord,
  type PolicyValue,
} from '../../action/policy-port.ts';

/** Equal values, and only they, have the same key: sets without order and duplicates, records without order. */
export function canonicalKey(value: PolicyValue): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value !== 'object') return String(value);
  if (value instanceof EntityRef) return `E${JSON.stringify([value.type, value.id])}`;
  if (value instanceof CedarDatetime) return `T${value.epochMs}`;
  if (value instanceof CedarDuration) return `D${value.ms}`;
  if (value instanceof CedarDecimal) return `F${value.units}`;
  if (value instanceof CedarIp) return `I${value.version}/${value.address}/${value.bits}`;
  if (isSetOfValues(value)) return `[${[...new Set(Array.from(value, canonicalKey))].sort().join()}]`;
  const fields: string[] = [];
  for (const [name, field] of Object.entries(value as PolicyRecord)) // nothing else is left of the union
    if (field !== undefined) fields.push(`${JSON.stringify(name)}:${canonicalKey(field)}`);
  return `{${fields.sort().join()}}`;
}

export function isSetOfValues(value: PolicyValue): value is readonly PolicyValue[] | ReadonlySet<PolicyValue> {
  return Array.isArray(value) || value instanceof Set;
}
