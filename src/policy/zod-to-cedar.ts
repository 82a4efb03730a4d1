import type { z } from 'zod';
import { InterlockError } from '../lib/errors.ts';
import { BOOLEAN, type CedarAttribute, DATETIME, DECIMAL, LONG, STRING } from './cedar-type.ts';
import {
  ABSENT,
  attributesOf,
  type Field,
  HIDDEN,
  intersectionOf,
  objectField,
  setField,
  unionOf,
  valueField,
} from './field.ts';

type Schema = z.core.$ZodType;

/** Where in a schema the walk is: for messages, and to end at schemas that contain themselves. */
interface Place {
  readonly path: string;
  readonly inside: readonly Schema[];
}

/** Names with which Cedar's JSON marks entities and extension values, and JavaScript its prototypes. */
const RESERVED_NAMES = new Set(['__entity', '__extn', '__expr', '__proto__']);

/** The fields of an object schema that policies see, with their Cedar types. Throws CONNECTOR_INVALID. */
export function cedarAttributes(schema: z.ZodObject, path: string): Readonly<Record<string, CedarAttribute>> {
  return attributesOf(fieldsOf(schema.shape, { path, inside: [schema] }));
}

function fieldsOf(shape: z.core.$ZodShape, place: Place): Map<string, Field> {
  const fields = new Map<string, Field>();
  for (const [name, schema] of Object.entries(shape)) {
    const path = `${place.path}.${name}`;
    if (RESERVED_NAMES.has(name))
      throw new InterlockError('CONNECTOR_INVALID', `${path}: this name has a meaning of its own in Cedar's JSON`);
    fields.set(name, fieldOf(schema, { ...place, path }));
  }
  return fields;
}

function fieldOf(schema: Schema, { path, inside }: Place): Field {
  if (inside.includes(schema)) return HIDDEN;
  // Every schema that zod makes is one of these; the base class only forgets which.
  const { def } = (schema as z.core.$ZodTypes)._zod;
  const place = { path, inside: [...inside, schema] };
  const within = (inner: Schema): Field => fieldOf(inner, place);
  switch (def.type) {
    case 'string':
      return valueField('format' in def && (def.format === 'datetime' || def.format === 'date') ? DATETIME : STRING);
    case 'template_literal':
      return valueField(STRING);
    case 'number':
      return valueField(isInteger(def) ? LONG : DECIMAL);
    case 'boolean':
      return valueField(BOOLEAN);
    case 'enum':
      return literalsOf(Object.values(def.entries));
    case 'literal':
      return literalsOf(def.values);
    case 'optional':
    case 'nullable':
      return { ...within(def.innerType), required: false };
    case 'default':
    case 'prefault':
    case 'nonoptional':
      return { ...within(def.innerType), required: true };
    case 'catch':
    case 'readonly':
      return within(def.innerType);
    case 'lazy':
      return within(def.getter());
    case 'pipe':
      return within(def.out);
    case 'object':
      return objectField(fieldsOf(def.shape, place), isOpen(def));
    case 'array':
      return setField(within(def.element));
    case 'tuple':
      return setField(unionOf([...def.items, ...(def.rest === null ? [] : [def.rest])].map(within)));
    case 'union':
      return unionOf(def.options.map(within));
    case 'intersection':
      return intersectionOf(within(def.left), within(def.right));
    case 'null':
    case 'never':
    case 'undefined':
    case 'void':
      return ABSENT;
    case 'record':
    case 'any':
    case 'unknown':
    case 'transform':
    case 'custom':
      return HIDDEN;
    default:
      throw new InterlockError(
        'CONNECTOR_INVALID',
        `${path}: a ${def.type} is not JSON, so neither policies nor the log can hold it`,
      );
  }
}

function isInteger(def: z.core.$ZodNumberDef): boolean {
  const formats = [def, ...(def.checks ?? []).map((check) => check._zod.def)];
  return formats.some((holder) => 'format' in holder && ['safeint', 'int32', 'uint32'].includes(String(holder.format)));
}

function isOpen(def: z.core.$ZodObjectDef): boolean {
  return def.catchall !== undefined && (def.catchall as z.core.$ZodTypes)._zod.def.type !== 'never'; // the base class forgets which, as above
}

function literalsOf(values: readonly z.core.util.Literal[]): Field {
  return unionOf(
    values.map((value) => {
      if (typeof value === 'string') return valueField(STRING);
      if (typeof value === 'boolean') return valueField(BOOLEAN);
      if (value === null || value === undefined) return ABSENT;
      return Number.isSafeInteger(value) ? valueField(LONG) : valueField(DECIMAL);
    }),
  );
}
