import { z } from 'zod';
import { isJsonObject, type Json, type JsonObject } from '../../lib/json.ts';
import { PROBLEM_MEDIA_TYPE, problemSchema } from './problem.ts';
import type { Route } from './route.ts';

const JSON_MEDIA_TYPE = 'application/json';
const INFO = {
  title: 'Interlock',
  version: '1',
  license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
  description:
    'Every action of an agent is decided before it executes. A governed refusal is a 200 with its decision; ' +
    'a problem (RFC 9457) is for calls that cannot be governed.',
};
const BEARER = {
  type: 'http',
  scheme: 'bearer',
  description: "An operator's API key or JWT, or an agent's session token.",
};

/** The OpenAPI 3.1 description of routes, made from the very schemas that parse the calls. */
export function openApi(routes: readonly Route[]): JsonObject {
  const paths: Record<string, JsonObject> = {};
  for (const route of routes) {
    paths[route.path] = { ...paths[route.path], [route.method.toLowerCase()]: describeRoute(route) };
  }
  const bodies = routes.flatMap(({ body }) => body ?? []);
  const answers = routes.filter(({ status }) => status !== 204).map(({ answer }) => answer);
  const schemas = { ...components(bodies, 'input'), ...components([...answers, problemSchema], 'output') };
  return {
    openapi: '3.1.0',
    info: INFO,
    servers: [{ url: '/' }],
    security: [{ bearer: [] }],
    paths,
    components: { schemas, securitySchemes: { bearer: BEARER } },
  };
}

function describeRoute({ name, summary, isPublic, params, query, body, status, answer, mediaType }: Route): JsonObject {
  const done = { description: status === 204 ? 'Done.' : 'The answer.' };
  return {
    operationId: name,
    summary,
    ...(isPublic ? { security: [] } : {}),
    parameters: [...parameters(params, 'path'), ...parameters(query, 'query')],
    ...(body === undefined ? {} : { requestBody: { required: true, content: content(body, JSON_MEDIA_TYPE) } }),
    responses: {
      [status]: status === 204 ? done : { ...done, content: content(answer, mediaType ?? JSON_MEDIA_TYPE) },
      default: { description: 'The call cannot be governed.', content: content(problemSchema, PROBLEM_MEDIA_TYPE) },
    },
  };
}

function parameters(schema: z.ZodType | undefined, place: 'path' | 'query'): Json[] {
  if (schema === undefined) return [];
  const { properties = {}, required = [] } = jsonSchema(schema, 'input');
  if (!isJsonObject(properties) || !Array.isArray(required)) return [];
  return Object.entries(properties).map(([name, described]) => ({
    name,
    in: place,
    required: required.includes(name),
    schema: described,
  }));
}

function content(schema: z.ZodType, mediaType: string): JsonObject {
  return { [mediaType]: { schema: { $ref: reference(titleOf(schema)) } } };
}

/** The named schemas by their titles; where one holds another, it refers to it. */
function components(schemas: readonly z.ZodType[], io: 'input' | 'output'): JsonObject {
  const registry = z.registry<{ id: string }>();
  for (const schema of new Set(schemas)) registry.add(schema, { id: titleOf(schema) });
  const described = asJson(z.toJSONSchema(registry, { uri: reference, unrepresentable: 'any', io }).schemas);
  return Object.fromEntries(Object.entries(described).map(([id, schema]) => [id, withoutMarks(schema)]));
}

function jsonSchema(schema: z.ZodType, io: 'input' | 'output'): JsonObject {
  return withoutMarks(asJson(z.toJSONSchema(schema, { unrepresentable: 'any', io })));
}

/** `$schema` and `$id` belong to documents of their own, not to parts of this one. */
function withoutMarks(schema: Json): JsonObject {
  const { $schema: _, $id: __, ...rest } = isJsonObject(schema) ? schema : {};
  return rest;
}

/** Drops what JSON cannot carry, such as zod's own methods on the schemas it returns. */
function asJson(value: object): JsonObject {
  return JSON.parse(JSON.stringify(value));
}

function reference(id: string): string {
  return `#/components/schemas/${id}`;
}

/** Every body and answer of a route has a title: the name of its type in generated clients. */
function titleOf(schema: z.ZodType): string {
  const title = schema.meta()?.title;
  if (title === undefined) throw new TypeError('a body or answer of the HTTP API has no title');
  return title;
}
