import {
  CedarDatetime,
  CedarDecimal,
  CedarDuration,
  CedarIp,
  EntityRef,
  type PolicyRecord,
  type PolicyRequest,
  type PolicyValue,
} from '../action/policy-port.ts';
import type { Json } from '../lib/json.ts';

/** One value that a policy looked at; left out where there was none. */
export interface ReadValue {
  readonly path: string;
  readonly value?: Json | undefined;
}

/** Items of a set that are shown. */
const SHOWN = 50;

/** The values at these paths (see `readPaths`) of a request, as people read them. Paths of principals name no values. */
export function readValues(request: PolicyRequest, paths: Iterable<string>): readonly ReadValue[] {
  return [...new Set(paths)].sort().flatMap((path) => {
    const [variable = '', ...names] = path.split('.');
    const root = rootOf(request, variable);
    if (root === undefined) return [];
    const value = names.reduce<PolicyValue | undefined>((at, name) => fieldOf(request, at, name), root);
    return [{ path, ...(value === undefined ? {} : { value: shown(value) }) }];
  });
}

function rootOf(request: PolicyRequest, variable: string): PolicyRecord | undefined {
  if (variable === 'context') return request.context;
  return variable === 'resource' ? request.entity(request.resource)?.attributes : undefined;
}

function fieldOf(request: PolicyRequest, value: PolicyValue | undefined, name: string): PolicyValue | undefined {
  const record = value instanceof EntityRef ? request.entity(value)?.attributes : value;
  if (typeof record !== 'object' || record === null || Array.isArray(record) || record instanceof Set) return undefined;
  // Members that are computed when they are asked for stand on the prototype.
  const member: unknown = name === 'constructor' ? undefined : Reflect.get(record, name);
  return typeof member === 'function' || name in Object.prototype ? undefined : (member as PolicyValue | undefined);
}

function shown(value: PolicyValue): Json {
  if (value instanceof EntityRef) return `${value.type}::${JSON.stringify(value.id)}`;
  if (value instanceof CedarDatetime) return new Date(Number(value.epochMs)).toISOString();
  if (value instanceof CedarDuration) return `${value.ms} ms`;
  if (value instanceof CedarDecimal) return Number(value.units) / 10_000;
  if (value instanceof CedarIp) return `${value.version}:${value.address}/${value.bits}`;
  if (typeof value === 'bigint') return String(value);
  if (typeof value !== 'object') return value;
  if (Array.isArray(value) || value instanceof Set)
    return Array.from(value as Iterable<PolicyValue>, shown).slice(0, SHOWN); // both hold policy values
  const record = value as PolicyRecord; // nothing else is left of the union
  return Object.fromEntries(
    Object.entries(record).flatMap(([name, member]) => (member === undefined ? [] : [[name, shown(member)]])),
  );
}
