import { InterlockError } from '../../src/lib/errors.ts';
import { isJsonObject, type Json, type JsonObject } from '../../src/lib/json.ts';
import { type Description, dereference } from './read-description.ts';

export interface DescribedBody {
  readonly required: boolean;
  readonly kind: 'json' | 'form';
}

const JSON_TYPE = /^application\/(?:json|(?:merge-patch|json-patch)\+json)\s*(?:;.*)?$/i;
const FORM_TYPE = /^application\/x-www-form-urlencoded\s*(?:;.*)?$/i;

/** The body of an operation; undefined: it has none. Throws RESPONSE_UNEXPECTED for one that is neither JSON nor a form. */
export function bodyOf(
  description: Description,
  shared: JsonObject,
  operation: JsonObject,
): (DescribedBody & { readonly schema: Json | undefined }) | undefined {
  if (description.dialect === 'swagger-2') return swaggerBody(description, shared, operation);
  const body = dereference(operation['requestBody'], description);
  if (body === undefined) return undefined;
  const content = isJsonObject(body) ? body['content'] : undefined;
  if (!isJsonObject(body) || !isJsonObject(content)) throw unsupported('a body of no type');
  const type =
    Object.keys(content).find((name) => JSON_TYPE.test(name)) ??
    Object.keys(content).find((name) => FORM_TYPE.test(name));
  if (type === undefined) throw unsupported(`a body of the type ${Object.keys(content).join(', ').slice(0, 100)}`);
  const media = content[type];
  const schema = isJsonObject(media) ? media['schema'] : undefined;
  const kind = FORM_TYPE.test(type) ? 'form' : 'json';
  if (kind === 'form') refuseNested(schema, description);
  return { required: body['required'] === true, kind, schema };
}

/** Swagger 2: one parameter `in: body`, or several `in: formData`. */
function swaggerBody(description: Description, shared: JsonObject, operation: JsonObject) {
  const listed = [shared['parameters'], operation['parameters']].flatMap((list) => (Array.isArray(list) ? list : []));
  const parameters = listed.map((raw: Json) => dereference(raw, description)).filter(isJsonObject);
  const body = parameters.findLast((parameter) => parameter['in'] === 'body');
  if (body !== undefined) return { required: body['required'] === true, kind: 'json' as const, schema: body['schema'] };
  const fields = parameters.filter((parameter) => parameter['in'] === 'formData');
  if (fields.length === 0) return undefined;
  const properties = fields.map(({ in: _in, name, required: _required, ...schema }) => [String(name), schema] as const);
  const required = fields.filter((field) => field['required'] === true).map(({ name }) => String(name));
  const schema: JsonObject = { type: 'object', properties: Object.fromEntries(properties), required };
  refuseNested(schema, description);
  return { required: required.length > 0, kind: 'form' as const, schema };
}

/** A form holds texts. */
function refuseNested(schema: Json | undefined, description: Description): void {
  const found = dereference(schema, description);
  const properties = isJsonObject(found) ? found['properties'] : undefined;
  const fields = Object.values(isJsonObject(properties) ? properties : {}).map((field) =>
    dereference(field, description),
  );
  const flat = fields.every(
    (field) => isJsonObject(field) && ['string', 'integer', 'number', 'boolean'].includes(String(field['type'])),
  );
  if (fields.length === 0 || !flat) throw unsupported('a form that holds more than texts');
}

function unsupported(what: string): InterlockError {
  return new InterlockError('RESPONSE_UNEXPECTED', `it needs ${what}, which cannot be carried`);
}
