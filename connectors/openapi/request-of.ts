import type { HttpCall } from '../../src/connector/http/http-client.ts';
import { path } from '../../src/connector/http/path.ts';
import { InterlockError } from '../../src/lib/errors.ts';
import { isJsonObject, type Json, type JsonObject } from '../../src/lib/json.ts';
import type { DescribedOperation } from './described-operation.ts';

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is refused
const CONTROL_CHARACTERS = /[\u0000-\u001f\u007f]/;

/** The one call that the operation is, below the address of the settings. Throws INVALID_INPUT. */
export function requestOf(described: DescribedOperation, prefix: string, input: JsonObject): HttpCall {
  const { method, body } = described;
  const content = input['body'];
  return {
    method,
    path: prefix + filledPath(described.path, groupOf(input, 'path')),
    query: valuesOf(described, 'query', input),
    headers: valuesOf(described, 'header', input),
    ...(body === undefined || content === undefined
      ? {}
      : body.kind === 'json'
        ? { body: content }
        : { form: formOf(content) }),
  };
}

/** Each variable becomes exactly one segment. */
function filledPath(template: string, values: JsonObject): string {
  const parts = template.split(/\{([^}]+)\}/);
  const literals = parts.filter((_, index) => index % 2 === 0);
  const variables = parts.filter((_, index) => index % 2 === 1).map((name) => textOf(values[name]));
  return path(Object.assign(literals, { raw: literals }), ...variables);
}

function valuesOf(
  { parameters }: DescribedOperation,
  place: 'query' | 'header',
  input: JsonObject,
): Readonly<Record<string, string>> {
  const group = groupOf(input, place);
  return Object.fromEntries(
    parameters.flatMap((parameter) => {
      const value = parameter.place === place ? group[parameter.name] : undefined;
      if (value === undefined) return [];
      const text = Array.isArray(value) ? listOf(value) : textOf(value);
      if (CONTROL_CHARACTERS.test(text)) throw invalid(`${place}.${parameter.name} holds control characters`);
      return [[parameter.name, text] as const];
    }),
  );
}

function listOf(values: readonly Json[]): string {
  const texts = values.map(textOf);
  if (texts.some((text) => text.includes(','))) throw invalid('an element of a list holds a comma');
  return texts.join(',');
}

function formOf(content: Json): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(isJsonObject(content) ? content : {}).map(([name, value]) => [name, textOf(value)]),
  );
}

function textOf(value: Json | undefined): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw invalid('a parameter is neither text, number nor boolean');
}

function groupOf(input: JsonObject, place: string): JsonObject {
  const group = input[place];
  return isJsonObject(group) ? group : {};
}

function invalid(why: string): InterlockError {
  return new InterlockError('INVALID_INPUT', why);
}
