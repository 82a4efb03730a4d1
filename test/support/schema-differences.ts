import { isJsonObject, type Json, type JsonObject } from '../../src/lib/json.ts';

/** References deeper than this are taken for a circle. */
const DEPTH = 40;

interface At {
  readonly document: JsonObject;
  readonly path: string;
  readonly depth: number;
}

/**
 * What of a body that is sent a published description (OpenAPI 2 and 3, JSON Schema) does not have, at any depth: fields
 * that no part of it names, required ones that are missing, values of another type, outside an enum or a pattern. Of
 * alternatives the closest counts. A schema that says nothing of a value allows it.
 */
export function schemaDifferences(document: JsonObject, schema: Json | undefined, value: Json): readonly string[] {
  return differences(schema, value, { document, path: 'body', depth: 0 });
}

function differences(given: Json | undefined, value: Json, at: At): readonly string[] {
  if (at.depth > DEPTH) return [`${at.path}: the schema refers to itself`];
  const parts = flattened(given, at);
  const here = parts.flatMap((part) => valueDifferences(part, value, at));
  const choices = parts
    .flatMap((part) => [listOf(part['oneOf']), listOf(part['anyOf'])])
    .filter(({ length }) => length > 0);
  if (isJsonObject(value)) return [...here, ...objectDifferences(parts, choices, { value, at })];
  const items = parts.flatMap((part) => (part['items'] === undefined ? [] : [part['items']]));
  const inner = Array.isArray(value)
    ? items.flatMap((item) => value.flatMap((each, i) => differences(item, each, inside(at, `${at.path}[${i}]`))))
    : [];
  return [
    ...here,
    ...inner,
    ...choices.flatMap((choice) => closest(choice, (one) => differences(one, value, inside(at)))),
  ];
}

interface OfObject {
  readonly value: JsonObject;
  readonly at: At;
}

/** Fields beside alternatives count for each of them, so both are compared together. */
function objectDifferences(
  parts: readonly JsonObject[],
  choices: readonly (readonly Json[])[],
  { value, at }: OfObject,
): readonly string[] {
  const [first, ...others] = choices;
  if (first !== undefined)
    return closest(first, (one) => {
      const chosen = flattened(one, inside(at));
      const own = chosen.flatMap((part) => valueDifferences(part, value, at));
      const more = chosen
        .flatMap((part) => [listOf(part['oneOf']), listOf(part['anyOf'])])
        .filter(({ length }) => length > 0);
      return [...own, ...objectDifferences([...parts, ...chosen], [...more, ...others], { value, at: inside(at) })];
    });
  const described = parts.flatMap(({ properties }) => (isJsonObject(properties) ? [properties] : []));
  const open =
    described.length === 0 || parts.some(({ additionalProperties: more }) => more !== undefined && more !== false);
  const required = parts.flatMap((part) => listOf(part['required'])).filter((name) => typeof name === 'string');
  const missing = required.filter((name) => !Object.hasOwn(value, name)).map((name) => `${at.path}.${name} is missing`);
  const extra = parts.flatMap(({ additionalProperties: more }) => (isJsonObject(more) ? [more] : []));
  const fields = Object.entries(value).flatMap(([name, inner]) => {
    const path = `${at.path}.${name}`;
    const schemas = described.flatMap((properties) => (Object.hasOwn(properties, name) ? [properties[name]] : []));
    if (schemas.length === 0 && !open) return [`${path} is not described`];
    const all = schemas.length === 0 ? extra : schemas;
    return all.flatMap((schema) => differences(schema, inner, inside(at, path)));
  });
  return [...missing, ...fields];
}

/** A schema, followed through its references, and the parts that it is composed of. */
function flattened(given: Json | undefined, at: At): readonly JsonObject[] {
  if (!isJsonObject(given) || at.depth > DEPTH) return [];
  const { $ref: reference } = given;
  const referred = typeof reference === 'string' ? flattened(lookUp(at.document, reference), inside(at)) : [];
  return [given, ...referred, ...listOf(given['allOf']).flatMap((part) => flattened(part, inside(at)))];
}

function lookUp(document: JsonObject, reference: string): Json {
  const steps = reference.replace(/^#\//, '').split('/');
  const names = steps.map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
  const found = names.reduce<Json | undefined>((at, step) => (isJsonObject(at) ? at[step] : undefined), document);
  if (found === undefined) throw new Error(`${reference} is not in the description`);
  return found;
}

/** Of one schema by itself, without what it is composed of and what is inside the value. */
function valueDifferences(schema: JsonObject, value: Json, { path }: At): readonly string[] {
  const { enum: allowed, const: only, pattern, nullable } = schema;
  if (value === null && nullable === true) return [];
  const types = [schema['type'] ?? []].flat().filter((type) => typeof type === 'string');
  const found: string[] = [];
  if (types.length > 0 && !types.some((type) => isOfType(value, type)))
    found.push(`${path} is no ${types.join(' or ')}`);
  if (Array.isArray(allowed) && !allowed.includes(value)) found.push(`${path} is none of ${JSON.stringify(allowed)}`);
  if (only !== undefined && only !== value) found.push(`${path} is not ${JSON.stringify(only)}`);
  if (typeof pattern === 'string' && typeof value === 'string' && !new RegExp(pattern, 'u').test(value))
    found.push(`${path} has another form than ${pattern}`);
  return found;
}

function isOfType(value: Json, type: string): boolean {
  switch (type) {
    case 'null':
      return value === null;
    case 'array':
      return Array.isArray(value);
    case 'object':
      return isJsonObject(value);
    case 'integer':
      return Number.isInteger(value);
    default:
      return typeof value === type;
  }
}

/** The differences from the alternative that is nearest: none where one fits. */
function closest(choices: readonly Json[], differencesOf: (choice: Json) => readonly string[]): readonly string[] {
  const [first = [], ...others] = choices.map(differencesOf);
  return others.reduce((best, next) => (next.length < best.length ? next : best), first);
}

function inside({ document, path, depth }: At, deeper: string = path): At {
  return { document, path: deeper, depth: depth + 1 };
}

function listOf(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? value : [];
}
