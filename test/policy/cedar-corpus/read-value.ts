import { EntityRef, type PolicyRecord, type PolicyValue } from '../../../src/action/policy-port.ts';
import { extensionFunction } from '../../../src/policy/compiled/extension-functions.ts';
import type { ResolvedSchema, TypeJson } from './resolved-schema.ts';

interface Fields {
  readonly [name: string]: unknown;
}

/** The functions that make extension values from texts, by the name of the type; most have its name. */
const CONSTRUCTORS: Readonly<Record<string, string>> = {
  ipaddr: 'ip',
  decimal: 'decimal',
  datetime: 'datetime',
  duration: 'duration',
};

/**
 * A value of Cedar's JSON (https://docs.cedarpolicy.com/auth/entities-syntax.html): entities and extension values are
 * marked as such, or known from the type that the schema declares.
 */
export function readValue(json: unknown, declared: TypeJson | undefined, schema: ResolvedSchema): PolicyValue {
  const type = schema.resolved(declared);
  const name = type?.type === 'Extension' ? type.name : type?.type;
  const extension = CONSTRUCTORS[(name ?? '').replace(/^__cedar::/, '')];
  if (Array.isArray(json)) return json.map((element) => readValue(element, type?.element, schema));
  if (typeof json === 'string' && extension !== undefined) return call(extension, [json]);
  if (typeof json !== 'object' || json === null) return json as PolicyValue; // nothing else has no parts
  const fields = json as Fields;
  if (Object.hasOwn(fields, '__entity')) return readRef(fields);
  if (Object.hasOwn(fields, '__extn')) return readCall(fields['__extn'] as Fields, schema); // what the format has there
  if (extension !== undefined) return readCall(fields, schema);
  return type?.type === 'Entity' ? readRef(fields) : readRecord(fields, type, schema);
}

export function readRecord(json: unknown, declared: TypeJson | undefined, schema: ResolvedSchema): PolicyRecord {
  const attributes = schema.resolved(declared)?.attributes ?? {};
  const fields = Object.entries(json as Fields); // what the format has there
  return Object.fromEntries(
    fields.map(([name, value]) => [
      name,
      readValue(value, Object.hasOwn(attributes, name) ? attributes[name] : undefined, schema),
    ]),
  );
}

export function readRef(json: unknown): EntityRef {
  const fields = json as Fields; // what the format has there
  const { type, id } = (fields['__entity'] ?? fields) as { readonly type: string; readonly id: string };
  return new EntityRef(type, id);
}

function readCall({ fn, arg, args = [arg] }: Fields, schema: ResolvedSchema): PolicyValue {
  return call(
    String(fn),
    (args as readonly unknown[]).map((each) => readValue(each, undefined, schema)), // what the format has there
  );
}

function call(name: string, args: readonly PolicyValue[]): PolicyValue {
  const known = extensionFunction(name);
  if (known === undefined) throw new Error(`there is no function ${name}`);
  return known.apply(...args);
}
