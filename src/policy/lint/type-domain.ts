import type { CedarType } from '../cedar-type.ts';
import type { CedarSchemaJson } from '../generate-schema.ts';
import { ANY, type Domain, type FieldDomain, LONG_MAX, LONG_MIN, numbers, UNKNOWN_BOOLEAN } from './domain.ts';

/** What JSON can carry: the integers that policies are given are never larger. */
export const SAFE = BigInt(Number.MAX_SAFE_INTEGER);
/** The milliseconds of a JavaScript date, from which every `datetime` comes. */
const DATE_MS = 8_640_000_000_000_000n;

/** Everything that a value of a type of the schema can be. */
export function typeDomain(type: CedarType, schema: CedarSchemaJson): Domain {
  switch (type.type) {
    case 'String':
      return { is: 'string' };
    case 'Long':
      return numbers(-SAFE, SAFE);
    case 'Boolean':
      return UNKNOWN_BOOLEAN;
    case 'Extension':
      return type.name === 'datetime' ? numbers(-DATE_MS, DATE_MS, 'datetime') : numbers(LONG_MIN, LONG_MAX, 'decimal');
    case 'Entity':
      return { is: 'entity', type: type.name, ids: enumerated(type.name, schema) };
    case 'Set':
      return { is: 'set', element: typeDomain(type.element, schema) };
    case 'Record':
      return { is: 'record', fields: fieldsOf(type.attributes, schema) };
    default: {
      const declared = schema['Interlock']?.commonTypes?.[type.type.slice('Interlock::'.length)];
      return declared === undefined ? ANY : typeDomain(declared, schema);
    }
  }
}

export function fieldsOf(
  attributes: Readonly<Record<string, CedarType & { readonly required?: boolean }>>,
  schema: CedarSchemaJson,
): ReadonlyMap<string, FieldDomain> {
  return new Map(
    Object.entries(attributes).map(([name, type]) => [
      name,
      { domain: typeDomain(type, schema), isRequired: type.required !== false },
    ]),
  );
}

function enumerated(name: string, schema: CedarSchemaJson): ReadonlySet<string> | undefined {
  const type = entityType(name, schema);
  return type !== undefined && 'enum' in type ? new Set(type.enum) : undefined;
}

/** The declaration of an entity type by its full name. */
export function entityType(name: string, schema: CedarSchemaJson) {
  const [local = '', namespace = ''] = name.split('::').reverse();
  return schema[namespace]?.entityTypes[local];
}
