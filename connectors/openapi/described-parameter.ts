import { InterlockError } from '../../src/lib/errors.ts';
import { FORBIDDEN_KEYS } from '../../src/lib/forbidden-keys.ts';
import { isJsonObject, type Json, type JsonObject } from '../../src/lib/json.ts';
import { OVERRIDES_METHOD } from './method-override.ts';
import { type Description, dereference } from './read-description.ts';

export interface DescribedParameter {
  readonly place: 'path' | 'query' | 'header';
  readonly name: string;
  readonly required: boolean;
  /** A scalar, or a list of scalars joined by commas. */
  readonly list: boolean;
  readonly schema: JsonObject;
}

/** Headers that belong to the transport, or that OpenAPI says are none of a parameter's business (3.0.3 §4.7.12.1). */
const NOT_A_PARAMETER =
  /^(?:accept|authorization|connection|content-.*|cookie|expect|host|proxy-.*|te|trailer|transfer-encoding|upgrade|x-forwarded-.*|x-http-method.*|x-method-override|x-original-.*|x-rewrite-url)$/i;

/**
 * The parameters of an operation, its own before those of its path. One that cannot be carried is left out, and so is
 * refused; throws RESPONSE_UNEXPECTED where it is required.
 */
export function parametersOf(
  description: Description,
  lists: readonly (Json | undefined)[],
): readonly DescribedParameter[] {
  const found = new Map<string, DescribedParameter | undefined>();
  for (const raw of lists.flatMap((list) => (Array.isArray(list) ? list : []))) {
    const parameter = dereference(raw, description);
    if (!isJsonObject(parameter)) throw unsupported('a parameter that is none');
    const { in: place, name } = parameter;
    if (typeof name !== 'string' || typeof place !== 'string') throw unsupported('a parameter without name or place');
    if (place === 'body' || place === 'formData') continue;
    found.set(`${place} ${name}`, described(parameter, { place, name }, description));
  }
  return [...found.values()].filter((parameter) => parameter !== undefined);
}

function described(
  parameter: JsonObject,
  { place, name }: { readonly place: string; readonly name: string },
  description: Description,
): DescribedParameter | undefined {
  const required = parameter['required'] === true || place === 'path';
  const schema = schemaOf(parameter, description);
  const list = schema?.['type'] === 'array';
  const known =
    place === 'path' ||
    (place === 'query' && !OVERRIDES_METHOD.test(name)) ||
    (place === 'header' && !NOT_A_PARAMETER.test(name));
  if (known && schema !== undefined && !FORBIDDEN_KEYS.has(name) && isCarried(parameter, list, description))
    return { place, name, required, list, schema: { ...schema, ...wordsOf(parameter) } };
  if (place === 'header' && NOT_A_PARAMETER.test(name)) return undefined;
  if (required) throw unsupported(`the ${place} parameter ${JSON.stringify(name)}`);
  return undefined;
}

/** Scalars, and lists of them that are sent in one value: `?ids=1,2`. */
function isCarried(parameter: JsonObject, list: boolean, { dialect }: Description): boolean {
  if (!list) return true;
  if (parameter['in'] !== 'query') return false;
  if (dialect === 'swagger-2') return (parameter['collectionFormat'] ?? 'csv') === 'csv';
  return (parameter['style'] ?? 'form') === 'form' && parameter['explode'] === false;
}

const SCALARS: ReadonlySet<unknown> = new Set(['string', 'integer', 'number', 'boolean']);

/** The schema where it is one that a text can stand for; undefined: it is not. */
function schemaOf(parameter: JsonObject, description: Description): JsonObject | undefined {
  const raw = description.dialect === 'swagger-2' ? withoutWords(parameter) : parameter['schema'];
  const schema = dereference(raw, description);
  if (!isJsonObject(schema)) return undefined;
  const { nullable: _nullable, ...plain } = schema;
  if (isScalar(plain)) return plain;
  const items = dereference(plain['items'], description);
  return plain['type'] === 'array' && isJsonObject(items) && isScalar(items) ? { ...plain, items } : undefined;
}

function isScalar({ type, enum: values }: JsonObject): boolean {
  return (
    SCALARS.has(type) ||
    (type === undefined && Array.isArray(values) && values.every((value: Json) => typeof value === 'string'))
  );
}

function withoutWords({ in: _in, name: _name, required: _required, collectionFormat: _format, ...schema }: JsonObject) {
  return schema;
}

function wordsOf({ description }: JsonObject): JsonObject {
  return typeof description === 'string' ? { description } : {};
}

function unsupported(what: string): InterlockError {
  return new InterlockError('RESPONSE_UNEXPECTED', `it needs ${what}, which cannot be carried`);
}
