import { z } from 'zod';
import { writeOperation } from '../../src/connector/contract.ts';
import { httpExecution } from '../../src/connector/http/http-execution.ts';
import { oneName } from './ids.ts';
import { ref } from './resources.ts';

/** Calls somebody else's API with a credential that the workspace keeps; headers are not the agent's to choose. */
const callConnection = writeOperation({
  name: 'unity-catalog.connection.call',
  description:
    'Calls a service outside through a connection of the workspace, with the credential that the connection keeps.',
  input: z.strictObject({
    connection_name: oneName,
    method: z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']),
    path: z
      .string()
      .max(1_024)
      .regex(
        /^\/(?!\/)(?!(?:.*\/)?\.\.?(?:\/|$))[A-Za-z0-9._~/-]*$/,
        'a path without dot segments, escapes and a query',
      ),
    params: z.record(z.string().min(1), z.string()).optional(),
    json: z.json().optional(),
  }),
  output: z.object({ text: z.string() }),
  resourceTypes: ['UnityCatalog::Connection'],
  resources: ({ connection_name }) => [ref('UnityCatalog::Connection', connection_name)],
  provenance: {
    arguments: {
      connection_name: 'destination',
      path: 'destination',
      method: 'flag',
      params: 'content',
      json: 'content',
    },
    returns: { default: 'others' },
  },
  // What the service does with it nobody here knows; with GET it at least hears of it.
  effect: ({ method }) => ({
    kind: method === 'GET' ? 'communicate' : 'execute',
    reversible: 'no',
    external: true,
    privileged: true,
    count: 1,
  }),
  effectKinds: ['communicate', 'execute'],
  repeat: {
    class: 'at-most-once',
    evidence: { mark: 'sdk', source: 'external-function names no key; the service is unknown' },
  },
  execute: httpExecution({
    request: ({ params, json, ...call }) => ({
      method: 'POST',
      path: '/api/2.0/external-function',
      headers: { accept: 'text/plain' },
      // Both go as the text of a JSON document [sdk].
      body: {
        ...call,
        ...(params !== undefined && { params: JSON.stringify(params) }),
        ...(json !== undefined && { json: JSON.stringify(json) }),
      },
    }),
    repeatable: false,
    result: ({ body }) => ({ text: typeof body === 'string' ? body : JSON.stringify(body ?? '') }),
  }),
  undo: { none: 'What a service outside has done, only that service can take back.' },
  evidence: [
    {
      mark: 'sdk',
      source:
        'serving_endpoints.http_request: POST /api/2.0/external-function, json and params as texts, answered as text/plain',
    },
  ],
});

export const externalFunctionOperations = [callConnection] as const;
