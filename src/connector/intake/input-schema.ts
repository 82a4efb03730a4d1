import { z } from 'zod';
import { InterlockError } from '../../lib/errors.ts';
import { isJsonObject, type Json, type JsonObject } from '../../lib/json.ts';
import { plainText } from './plain-text.ts';

/** Keywords under which a schema keeps further schemas: one, a list, or one per name. */
const HOLDS_ONE = [
  'items',
  'additionalItems',
  'contains',
  'propertyNames',
  'not',
  'if',
  'then',
  'else',
  'additionalProperties',
];
const HOLDS_LIST = ['anyOf', 'oneOf', 'allOf', 'prefixItems', 'items'];
const HOLDS_NAMED = ['properties', 'patternProperties', 'dependentSchemas', 'definitions', '$defs'];

/** Keywords that are the system's own business: patterns to run, names in a registry of schemas, extensions. */
const LEFT_OUT = /^(?:pattern|\$id|\$anchor|\$comment|x-.*)$/;

/** Keywords whose text agents read. */
const WORDS = /^(?:title|description)$/;

export type JsonObjectSchema = z.ZodObject<Readonly<Record<string, z.ZodType<Json>>>, z.core.$strict>;

/**
 * An operation's input schema in zod. Objects become strict where the schema leaves it open; patterns are left to the system,
 * because they are its own and could take forever; only references within the schema are followed. Throws
 * RESPONSE_UNEXPECTED for a schema that zod cannot carry: the operation is then refused.
 */
export function inputSchemaOf(schema: JsonObject): JsonObjectSchema {
  const strict = strictSchema(schema, { strictObjects: !JSON.stringify(schema).includes('"allOf"') });
  // Whatever a system says of further arguments: one that nobody declared cannot be classified.
  const root: JsonObject = { ...strict, type: 'object', additionalProperties: false };
  let converted: z.ZodType;
  try {
    converted = z.fromJSONSchema(root);
  } catch (cause) {
    throw new InterlockError(
      'RESPONSE_UNEXPECTED',
      `its input schema is not supported: ${cause instanceof Error ? cause.message : 'unknown'}`,
      { cause },
    );
  }
  if (!(converted instanceof z.ZodObject))
    throw new InterlockError('RESPONSE_UNEXPECTED', 'its input schema is not one plain object');
  return converted as JsonObjectSchema; // whatever a JSON Schema describes is JSON
}

interface Strictness {
  readonly strictObjects: boolean;
}

function strictSchema(schema: JsonObject, strictness: Strictness): JsonObject {
  const out: Record<string, Json> = {};
  for (const [keyword, value] of Object.entries(schema)) {
    if (LEFT_OUT.test(keyword)) continue;
    out[keyword] =
      WORDS.test(keyword) && typeof value === 'string' ? plainText(value) : childSchema(keyword, value, strictness);
  }
  if (
    strictness.strictObjects &&
    isJsonObject(schema['properties']) &&
    typeof schema['additionalProperties'] !== 'object'
  ) {
    out['additionalProperties'] = false;
  }
  return out;
}

function childSchema(keyword: string, value: Json, strictness: Strictness): Json {
  if (HOLDS_ONE.includes(keyword) && isJsonObject(value)) return strictSchema(value, strictness);
  if (HOLDS_LIST.includes(keyword) && Array.isArray(value)) {
    return value.map((child: Json) => (isJsonObject(child) ? strictSchema(child, strictness) : child));
  }
  if (HOLDS_NAMED.includes(keyword) && isJsonObject(value)) {
    return Object.fromEntries(
      Object.entries(value).map(([name, child]) => [
        name,
        isJsonObject(child) ? strictSchema(child, strictness) : child,
      ]),
    );
  }
  return value;
}
