import { isJsonObject, type Json, type JsonObject } from '../../src/lib/json.ts';

/**
 * What of an answer its description declares: everything else is left out, so that an undeclared field can never leak. A
 * schema that says nothing of an object's fields lets all of them through. Values are not judged: descriptions err.
 */
export function projectAnswer(value: Json, schema: JsonObject): Json {
  const { $defs: definitions, ...root } = schema;
  return project(value, [root], isJsonObject(definitions) ? definitions : {});
}

function project(value: Json, schemas: readonly JsonObject[], definitions: JsonObject): Json {
  const all = schemas.flatMap((schema) => alternatives(schema, definitions));
  if (Array.isArray(value)) {
    const items = all.flatMap(({ items }) => (isJsonObject(items) ? [items] : []));
    return value.map((item: Json) => project(item, items, definitions));
  }
  if (!isJsonObject(value)) return value;
  const objects = all.filter((schema) => 'properties' in schema || 'additionalProperties' in schema);
  if (objects.length === 0) return all.some((schema) => schema['type'] === undefined) ? value : {};
  const fields = Object.entries(value).flatMap(([name, field]) => {
    const declared = objects.flatMap((schema) => declarationOf(schema, name));
    return declared.length === 0 ? [] : [[name, project(field, declared, definitions)] as const];
  });
  return Object.fromEntries(fields);
}

function declarationOf({ properties, additionalProperties: others }: JsonObject, name: string): readonly JsonObject[] {
  if (isJsonObject(properties) && Object.hasOwn(properties, name)) {
    const declared = properties[name];
    return isJsonObject(declared) ? [declared] : [];
  }
  if (isJsonObject(others)) return [others];
  return others === true ? [{}] : [];
}

/** A schema itself, or all that it may be. */
function alternatives(schema: JsonObject, definitions: JsonObject, depth = 0): readonly JsonObject[] {
  if (depth > 16) return [];
  const { $ref: reference, anyOf } = schema;
  if (typeof reference === 'string') {
    const found = definitions[reference.replace('#/$defs/', '')];
    return isJsonObject(found) ? alternatives(found, definitions, depth + 1) : [];
  }
  if (!Array.isArray(anyOf)) return [schema];
  return anyOf.filter(isJsonObject).flatMap((option) => alternatives(option, definitions, depth + 1));
}
