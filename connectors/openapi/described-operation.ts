import { BOUNDS } from '../../src/lib/bounds.ts';
import { type Digest, digestOf } from '../../src/lib/digest.ts';
import { InterlockError } from '../../src/lib/errors.ts';
import { isJsonObject, type Json, type JsonObject } from '../../src/lib/json.ts';
import { bodyOf, type DescribedBody } from './described-body.ts';
import { type DescribedParameter, parametersOf } from './described-parameter.ts';
import type { SchemaMapper } from './json-schema-of.ts';
import { type Description, dereference } from './read-description.ts';

/** One operation as its description has it, in the one form in which it is accepted. Nothing that it says is believed. */
export interface DescribedOperation {
  readonly method: Method;
  readonly path: string;
  readonly operationId?: string;
  readonly summary?: string;
  readonly description?: string;
  readonly parameters: readonly DescribedParameter[];
  readonly body?: DescribedBody;
  /** JSON Schema of the input: `path`, `query`, `header` and `body`. */
  readonly inputSchema: JsonObject;
  /** JSON Schema of what a success answers; left out where the description says nothing of it. */
  readonly answerSchema?: JsonObject;
}

export const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;
export type Method = (typeof METHODS)[number];

/** Operations by `METHOD /path`: each as described, or why it cannot be carried. */
export type DescribedOperations = ReadonlyMap<string, DescribedOperation | InterlockError>;

interface Reading {
  readonly description: Description;
  readonly requests: SchemaMapper;
  readonly answers: SchemaMapper;
}

/** Throws CONNECTOR_INVALID for a description past its bounds. */
export function describedOperations(reading: Reading): DescribedOperations {
  const { paths } = reading.description.content;
  const found = new Map<string, DescribedOperation | InterlockError>();
  for (const [path, item] of Object.entries(isJsonObject(paths) ? paths : {})) {
    for (const method of METHODS) {
      const place = { method, path, item };
      const described = orError(() => describedOperation(reading, place));
      if (described !== undefined) found.set(`${method} ${path}`, described);
    }
  }
  if (found.size > BOUNDS.apiOperations)
    throw new InterlockError('CONNECTOR_INVALID', `the description has more than ${BOUNDS.apiOperations} operations`);
  return found;
}

function orError<T>(make: () => T): T | InterlockError {
  try {
    return make();
  } catch (thrown) {
    if (thrown instanceof InterlockError) return thrown;
    throw thrown;
  }
}

interface Place {
  readonly method: Method;
  readonly path: string;
  readonly item: Json;
}

function describedOperation(reading: Reading, { method, path, item }: Place): DescribedOperation | undefined {
  const shared = dereference(item, reading.description);
  const operation = isJsonObject(shared) ? shared[method.toLowerCase()] : undefined;
  if (!isJsonObject(shared) || !isJsonObject(operation)) return undefined;
  if (!isPlainTemplate(path)) throw new InterlockError('RESPONSE_UNEXPECTED', 'its path is not plain segments');
  const listed = parametersOf(reading.description, [shared['parameters'], operation['parameters']]);
  const parameters = listed.map((parameter) => ({
    ...parameter,
    schema: reading.requests.map(parameter.schema).schema,
  }));
  refuseUndescribedSegments(path, parameters);
  const body = bodyOf(reading.description, shared, operation);
  const answer = answerOf(reading, operation);
  const described: DescribedOperation = {
    method,
    path,
    ...wordsOf(operation),
    parameters,
    ...(body === undefined ? {} : { body: { required: body.required, kind: body.kind } }),
    inputSchema: inputSchemaOf(reading, parameters, body),
    ...(answer === undefined ? {} : { answerSchema: answer }),
  };
  if (JSON.stringify(described).length > BOUNDS.apiOperationCharacters)
    throw new InterlockError('TOO_LARGE', 'its definition is too large');
  return described;
}

/** SHA-256 of the RFC 8785 form of all that is read of it: what an operator accepts. */
export function pinOf(described: DescribedOperation): Digest {
  return digestOf(JSON.parse(JSON.stringify(described)));
}

/** `/users/{id}/keys`: every segment is a word or one variable. */
function isPlainTemplate(path: string): boolean {
  return (
    /^(?:\/(?:[A-Za-z0-9\-._~!$&'()*+,=:@]+|\{[A-Za-z0-9_\-.]+\}))+\/?$|^\/$/.test(path) &&
    !/\/\.{1,2}(?:\/|$)/.test(path)
  );
}

function refuseUndescribedSegments(path: string, parameters: readonly DescribedParameter[]): void {
  const named = new Set([...path.matchAll(/\{([^}]+)\}/g)].map(([, name]) => name));
  const described = parameters.filter(({ place }) => place === 'path');
  if (named.size !== described.length || described.some(({ name }) => !named.has(name)))
    throw new InterlockError('RESPONSE_UNEXPECTED', 'its path and its path parameters name different variables');
}

function wordsOf(operation: JsonObject): Pick<DescribedOperation, 'operationId' | 'summary' | 'description'> {
  const { operationId, summary, description } = operation;
  return {
    ...(typeof operationId === 'string' ? { operationId } : {}),
    ...(typeof summary === 'string' ? { summary } : {}),
    ...(typeof description === 'string' ? { description } : {}),
  };
}

function inputSchemaOf(
  { requests }: Reading,
  parameters: readonly DescribedParameter[],
  body: (DescribedBody & { readonly schema: Json | undefined }) | undefined,
): JsonObject {
  const groups = (['path', 'query', 'header'] as const).flatMap((place) => {
    const members = parameters.filter((parameter) => parameter.place === place);
    if (members.length === 0) return [];
    const properties = Object.fromEntries(members.map(({ name, schema }) => [name, schema]));
    const required = members.filter((member) => member.required).map(({ name }) => name);
    return [{ name: place, required: required.length > 0, schema: { type: 'object', properties, required } }];
  });
  const mapped = body === undefined ? undefined : requests.map(body.schema);
  const sent = mapped === undefined ? [] : [{ name: 'body', required: body?.required === true, schema: mapped.schema }];
  const all = [...groups, ...sent];
  return {
    type: 'object',
    properties: Object.fromEntries(all.map(({ name, schema }) => [name, schema])),
    required: all.filter(({ required }) => required).map(({ name }) => name),
    ...(mapped === undefined || Object.keys(mapped.definitions).length === 0 ? {} : { $defs: mapped.definitions }),
  };
}

/** What the first described success answers. Of a description that cannot be carried, the answer is held back, not the call. */
function answerOf({ description, answers }: Reading, operation: JsonObject): JsonObject | undefined {
  const { responses } = operation;
  const codes = Object.keys(isJsonObject(responses) ? responses : {}).filter((code) => /^2(?:\d\d|XX)$/.test(code));
  const [first] = codes.sort();
  if (first === undefined || !isJsonObject(responses)) return undefined;
  try {
    const response = dereference(responses[first], description);
    const schema = description.dialect === 'swagger-2' ? fieldOf(response, 'schema') : jsonContentOf(response);
    if (schema === undefined) return undefined;
    const { schema: mapped, definitions } = answers.map(schema);
    return { ...mapped, $defs: definitions };
  } catch (thrown) {
    if (thrown instanceof InterlockError) return undefined;
    throw thrown;
  }
}

function jsonContentOf(response: Json | undefined): Json | undefined {
  const content = fieldOf(response, 'content');
  if (!isJsonObject(content)) return undefined;
  const type = Object.keys(content).find((name) => /^application\/(?:[\w.+-]+\+)?json\b/.test(name));
  return type === undefined ? undefined : (fieldOf(content[type], 'schema') ?? true);
}

function fieldOf(value: Json | undefined, name: string): Json | undefined {
  return isJsonObject(value) ? value[name] : undefined;
}
