import type { RequestShape, SeenRequest } from '../../src/action/request-shape.ts';
import { InterlockError } from '../../src/lib/errors.ts';
import type { Json, JsonObject } from '../../src/lib/json.ts';
import { parseJson } from '../../src/lib/parse-json.ts';
import type { DescribedOperation } from './described-operation.ts';
import type { DescribedParameter } from './described-parameter.ts';

/** How an operation looks on the wire, and the reading of a request back into its input. */
export function requestShapeOf(operation: string, described: DescribedOperation): RequestShape {
  const segments = described.path.split('/').slice(1);
  return { operation, method: described.method, segments, inputOf: (request) => inputOf(described, request) };
}

function inputOf(described: DescribedOperation, request: SeenRequest): JsonObject {
  const { parameters } = described;
  const path = parameters
    .filter(({ place }) => place === 'path')
    .map((parameter) => [parameter.name, readValue(parameter, request.path[parameter.name] ?? '')] as const);
  const query = queryOf(parameters, request.query);
  const headers = headersOf(parameters, request.headers);
  const body = bodyOf(described, request);
  return {
    ...group('path', path),
    ...group('query', query),
    ...group('header', headers),
    ...(body === undefined ? {} : { body }),
  };
}

function group(name: string, values: readonly (readonly [string, Json])[]): JsonObject {
  return values.length === 0 ? {} : { [name]: Object.fromEntries(values) };
}

function queryOf(
  parameters: readonly DescribedParameter[],
  query: SeenRequest['query'],
): readonly (readonly [string, Json])[] {
  const seen = new Set<string>();
  return query.map(([name, text]) => {
    const parameter = parameters.find(({ place, name: own }) => place === 'query' && own === name);
    if (parameter === undefined)
      throw invalid(`the query parameter ${JSON.stringify(name.slice(0, 100))} is not known`);
    if (seen.has(name)) throw invalid(`the query parameter ${JSON.stringify(name)} occurs twice`);
    seen.add(name);
    return [name, readValue(parameter, text)] as const;
  });
}

function headersOf(
  parameters: readonly DescribedParameter[],
  headers: SeenRequest['headers'],
): readonly (readonly [string, Json])[] {
  return parameters.flatMap((parameter) => {
    const text = parameter.place === 'header' ? headers[parameter.name.toLowerCase()] : undefined;
    if (text === undefined) return [];
    // Whether it came once or twice, nobody can tell any more.
    if (text.includes(',')) throw invalid(`the header ${parameter.name} may have come twice`);
    return [[parameter.name, readValue(parameter, text)] as const];
  });
}

function readValue({ list, schema, name }: DescribedParameter, text: string): Json {
  if (!list) return scalarOf(schema['type'], text, name);
  const items = schema['items'];
  const type = typeof items === 'object' && items !== null && 'type' in items ? items['type'] : undefined;
  return text.split(',').map((item) => scalarOf(type, item, name));
}

/** One text stands for one value only: `07`, `1e3` and `TRUE` do not. */
function scalarOf(type: Json | undefined, text: string, name: string): Json {
  if (type === 'boolean' && (text === 'true' || text === 'false')) return text === 'true';
  if (type === 'integer' && /^(?:0|-?[1-9]\d{0,14})$/.test(text)) return Number(text);
  if (type === 'number' && /^-?(?:0|[1-9]\d{0,14})(?:\.\d{1,10})?$/.test(text)) return Number(text);
  if (type === 'string' || type === undefined) return text;
  throw invalid(`${JSON.stringify(name)} is not a ${String(type)}`);
}

function bodyOf({ body: described }: DescribedOperation, { body, headers }: SeenRequest): Json | undefined {
  if (body === 'none') return undefined;
  if (body === 'unseen')
    throw new InterlockError('BODY_NOT_SEEN', 'what the request does depends on a body that the gateway does not show');
  if (described === undefined) throw invalid('this operation has no body');
  if ((headers['content-encoding'] ?? 'identity') !== 'identity') throw invalid('its body is encoded');
  const type = headers['content-type'] ?? '';
  if (described.kind === 'json') {
    if (!/^application\/(?:[\w.-]+\+)?json\s*(?:;\s*charset=utf-8\s*)?$/i.test(type))
      throw invalid('its body is not JSON');
    return parseJson(body.text);
  }
  if (!/^application\/x-www-form-urlencoded\s*(?:;\s*charset=utf-8\s*)?$/i.test(type))
    throw invalid('its body is not a form');
  return formOf(body.text);
}

/** Fields stay texts here; the operation's schema says which are allowed. */
function formOf(text: string): JsonObject {
  const fields = [...new URLSearchParams(text)];
  if (new Set(fields.map(([name]) => name)).size !== fields.length) throw invalid('a field of its form occurs twice');
  return Object.fromEntries(fields);
}

function invalid(why: string): InterlockError {
  return new InterlockError('INVALID_INPUT', why);
}
