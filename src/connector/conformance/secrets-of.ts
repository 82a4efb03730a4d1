import type { z } from 'zod';
import { isJsonObject, type Json, type JsonObject } from '../../lib/json.ts';
import { SECRETS } from '../secret-reference.ts';
import { stringsIn } from './json-walk.ts';

type Schema = z.core.$ZodType;

/** The values of the settings that are declared as secrets, wherever they stand. */
export function secretsOf(schema: z.ZodObject, settings: JsonObject): readonly string[] {
  return collect(schema, settings);
}

function collect(schema: Schema, value: Json): readonly string[] {
  if (SECRETS.has(schema)) return stringsIn(value).map(({ text }) => text);
  // Every schema that zod makes is one of these; the base class only forgets which.
  const { def } = (schema as z.core.$ZodTypes)._zod;
  switch (def.type) {
    case 'object':
      return Object.entries(def.shape).flatMap(([name, child]) => {
        const inner = isJsonObject(value) ? value[name] : undefined;
        return inner === undefined ? [] : collect(child, inner);
      });
    case 'array':
      return Array.isArray(value) ? value.flatMap((item) => collect(def.element, item)) : [];
    case 'record':
      return isJsonObject(value) ? Object.values(value).flatMap((item) => collect(def.valueType, item)) : [];
    case 'union':
      return def.options.flatMap((option) => collect(option, value));
    case 'intersection':
      return [...collect(def.left, value), ...collect(def.right, value)];
    default:
      return 'innerType' in def ? collect(def.innerType, value) : [];
  }
}
