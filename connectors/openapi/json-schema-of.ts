import { BOUNDS } from '../../src/lib/bounds.ts';
import { InterlockError } from '../../src/lib/errors.ts';
import { FORBIDDEN_KEYS } from '../../src/lib/forbidden-keys.ts';
import { isJsonObject, type Json, type JsonObject } from '../../src/lib/json.ts';
import { atPointer, type Description, dereference } from './read-description.ts';

/** What is carried over as it stands. What only narrows further (patterns, formats) is left to the system. */
const CARRIED: Readonly<Record<string, readonly string[]>> = {
  string: ['minLength', 'maxLength'],
  number: ['minimum', 'maximum', 'multipleOf'],
  integer: ['minimum', 'maximum', 'multipleOf'],
  array: ['minItems', 'maxItems'],
  object: [],
  boolean: [],
  null: [],
};
const ANYWHERE = ['enum', 'const', 'title', 'description'];

/** What says what may *not* be there, or what else is then there: ignoring it would change which inputs there are. */
const UNSUPPORTED = ['not', 'if', 'dependentSchemas', 'patternProperties', 'unevaluatedProperties', '$dynamicRef'];

/** Schemas of a description as JSON Schema, in one direction: what is only answered is no part of a request. */
export class SchemaMapper {
  readonly #description: Description;
  readonly #direction: 'request' | 'answer';
  /** By reference: what it maps to, and which references are in it. */
  readonly #mapped = new Map<string, { readonly schema: JsonObject; readonly refers: ReadonlySet<string> }>();

  constructor(description: Description, direction: 'request' | 'answer') {
    this.#description = description;
    this.#direction = direction;
  }

  /** A schema with all that it refers to under `$defs` of the second. Throws RESPONSE_UNEXPECTED and TOO_DEEP. */
  map(schema: Json | undefined): { readonly schema: JsonObject; readonly definitions: JsonObject } {
    const refers = new Set<string>();
    const mapped = this.#schema(schema, { refers, depth: 0 });
    for (const reference of refers) for (const further of this.#definition(reference).refers) refers.add(further);
    const definitions = [...refers].map(
      (reference) => [nameOf(reference), this.#definition(reference).schema] as const,
    );
    return { schema: mapped, definitions: Object.fromEntries(definitions) };
  }

  #definition(reference: string): { readonly schema: JsonObject; readonly refers: ReadonlySet<string> } {
    const known = this.#mapped.get(reference);
    if (known !== undefined) return known;
    const refers = new Set<string>();
    const schema = this.#schema(atPointer(this.#description.content, reference), { refers, depth: 0 });
    const made = { schema, refers };
    this.#mapped.set(reference, made);
    return made;
  }

  #schema(schema: Json | undefined, place: Place): JsonObject {
    if (place.depth > BOUNDS.mcpSchemaDepth) throw new InterlockError('TOO_DEEP', 'its schemas are nested too deeply');
    if (schema === undefined || schema === true) return {};
    if (!isJsonObject(schema)) throw unsupported('a schema that is no object');
    const { $ref: reference } = schema;
    if (typeof reference === 'string') {
      if (!reference.startsWith('#/')) atPointer(this.#description.content, reference);
      place.refers.add(reference);
      return { $ref: `#/$defs/${nameOf(reference)}` };
    }
    for (const keyword of UNSUPPORTED) if (keyword in schema) throw unsupported(`the keyword ${keyword}`);
    const deeper = { ...place, depth: place.depth + 1 };
    const merged = Array.isArray(schema['allOf']) ? this.#merged(schema, deeper) : schema;
    const options = [merged['anyOf'], merged['oneOf']].filter((option) => Array.isArray(option));
    if (options.length > 1) throw unsupported('anyOf beside oneOf');
    const typed = this.#typed(merged, deeper);
    if (options.length === 0) return typed;
    if ('properties' in typed) throw unsupported('properties beside anyOf or oneOf');
    const anyOf = options.flat().map((option) => this.#schema(option, deeper));
    return { ...only(merged, ['title', 'description']), anyOf };
  }

  #typed(schema: JsonObject, place: Place): JsonObject {
    const types = [schema['type'] ?? impliedType(schema)].flat().filter((type) => typeof type === 'string');
    const nullable = schema['nullable'] === true && types.length > 0 ? ['null'] : [];
    const all = [...new Set([...types, ...nullable])];
    const [first] = all;
    if (first === undefined) return only(schema, ANYWHERE);
    if (all.length === 1) return this.#ofType(first, schema, place);
    const { title: _title, description: _description, enum: values, ...rest } = schema;
    const branches = all.map((type) => this.#ofType(type, type === 'null' ? {} : enumOf(rest, values), place));
    return { ...only(schema, ['title', 'description']), anyOf: branches };
  }

  #ofType(type: string, schema: JsonObject, place: Place): JsonObject {
    const carried = CARRIED[type];
    if (carried === undefined) throw unsupported(`the type ${JSON.stringify(type)}`);
    const common = { type, ...only(schema, [...ANYWHERE, ...carried]), ...boundsOf(type, schema) };
    if (type === 'array') return { ...common, items: this.#schema(schema['items'], place) };
    return type === 'object' ? { ...common, ...this.#members(schema, place) } : common;
  }

  #members(schema: JsonObject, place: Place): JsonObject {
    const { properties, additionalProperties: others, required } = schema;
    const further = isJsonObject(others) ? this.#schema(others, place) : others;
    if (!isJsonObject(properties)) return { additionalProperties: further ?? true };
    const kept = Object.entries(properties).filter(([, property]) => this.#isSent(property));
    for (const [name] of kept) if (FORBIDDEN_KEYS.has(name)) throw unsupported(`a property named ${name}`);
    const names = new Set(kept.map(([name]) => name));
    return {
      properties: Object.fromEntries(kept.map(([name, property]) => [name, this.#schema(property, place)])),
      required: Array.isArray(required)
        ? required.filter((name: Json) => typeof name === 'string' && names.has(name))
        : [],
      ...(isJsonObject(further) ? { additionalProperties: further } : {}),
    };
  }

  /** Whether a property is part of what goes this way (OpenAPI 3.0.3 §4.7.24.2, `readOnly` and `writeOnly`). */
  #isSent(property: Json): boolean {
    const schema = dereference(property, this.#description);
    const other = this.#direction === 'request' ? 'readOnly' : 'writeOnly';
    return !isJsonObject(schema) || schema[other] !== true;
  }

  /** One object schema of several: all their properties, and what any of them requires. */
  #merged(schema: JsonObject, place: Place): JsonObject {
    if (place.depth > BOUNDS.mcpSchemaDepth) throw new InterlockError('TOO_DEEP', 'its schemas are nested too deeply');
    const { allOf, ...own } = schema;
    const members = [own, ...(Array.isArray(allOf) ? allOf : [])].map((member: Json) => {
      const found = dereference(member, this.#description);
      if (!isJsonObject(found)) throw unsupported('allOf with something that is no schema');
      return Array.isArray(found['allOf']) ? this.#merged(found, { ...place, depth: place.depth + 1 }) : found;
    });
    return members.reduce<JsonObject>(mergeTwo, {});
  }
}

interface Place {
  /** References met on the way. */
  readonly refers: Set<string>;
  readonly depth: number;
}

function mergeTwo(left: JsonObject, right: JsonObject): JsonObject {
  const properties = { ...asObject(left['properties']) };
  for (const [name, property] of Object.entries(asObject(right['properties']))) {
    if (Object.hasOwn(properties, name) && JSON.stringify(properties[name]) !== JSON.stringify(property))
      throw unsupported(`allOf with two meanings of ${JSON.stringify(name)}`);
    properties[name] = property;
  }
  for (const keyword of ['type', 'enum', 'anyOf', 'oneOf'])
    if (keyword in left && keyword in right && JSON.stringify(left[keyword]) !== JSON.stringify(right[keyword]))
      throw unsupported(`allOf with two meanings of ${keyword}`);
  const required = [...asArray(left['required']), ...asArray(right['required'])];
  return {
    ...left,
    ...right,
    ...(Object.keys(properties).length === 0 ? {} : { properties }),
    ...(required.length === 0 ? {} : { required: [...new Set(required)] }),
  };
}

function asObject(value: Json | undefined): JsonObject {
  return isJsonObject(value) ? value : {};
}

function asArray(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? value : [];
}

function only(schema: JsonObject, keywords: readonly string[]): JsonObject {
  return Object.fromEntries(
    keywords.flatMap((keyword) => {
      const value = schema[keyword];
      return value === undefined ? [] : [[keyword, value] as const];
    }),
  );
}

function enumOf(schema: JsonObject, values: Json | undefined): JsonObject {
  return Array.isArray(values) ? { ...schema, enum: values.filter((value: Json) => value !== null) } : schema;
}

/** 3.0 says `exclusiveMinimum: true` beside the bound, 3.1 the bound itself. */
function boundsOf(type: string, schema: JsonObject): JsonObject {
  if (type !== 'number' && type !== 'integer') return {};
  return Object.fromEntries(
    (['minimum', 'maximum'] as const).flatMap((bound) => {
      const name = bound === 'minimum' ? 'exclusiveMinimum' : 'exclusiveMaximum';
      const exclusive = schema[name] === true ? schema[bound] : schema[name];
      return typeof exclusive === 'number' ? [[name, exclusive] as const] : [];
    }),
  );
}

function impliedType(schema: JsonObject): string | undefined {
  if ('properties' in schema || isJsonObject(schema['additionalProperties'])) return 'object';
  return 'items' in schema ? 'array' : undefined;
}

/** A name under `$defs` that needs no escapes; different references never share one. */
function nameOf(reference: string): string {
  return reference.slice(2).replaceAll(/[^A-Za-z0-9]/g, (character) => `_${character.codePointAt(0)?.toString(16)}_`);
}

function unsupported(what: string): InterlockError {
  return new InterlockError('RESPONSE_UNEXPECTED', `its schema uses ${what}, which is not supported`);
}
