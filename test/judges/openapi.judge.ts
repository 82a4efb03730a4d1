import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import type { HttpCall } from '../../src/connector/http/http-client.ts';
import type { Json } from '../../src/lib/json.ts';
import { acceptAll, sentCalls } from '../connectors/openapi/accept-all.ts';
import { loadSdk } from './judge-connector.ts';

interface ServerRequest {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

interface Matched {
  readonly method: string;
  readonly path: string;
}

interface Complaint {
  readonly keyword: string;
  readonly instancePath: string;
}

/** A server's side of OpenAPI, written by others: which operation a request is, and what is wrong with it. */
interface Backend {
  init(): Promise<unknown>;
  readonly router: { matchOperation(request: ServerRequest): Matched | undefined };
  readonly validator: {
    validateRequest(request: ServerRequest, operation: Matched): { readonly errors?: readonly Complaint[] | null };
  };
}

const { OpenAPIBackend } = loadSdk('openapi-backend') as { OpenAPIBackend: new (options: unknown) => Backend }; // as its README has it

const ROOT = join(import.meta.dirname, '../..');
const DESCRIPTIONS = [
  { file: join(ROOT, 'docs/gateways/billing.openapi.yaml'), calls: 30 },
  { file: join(ROOT, 'connectors/openapi/simulator/tasks.openapi.yaml'), calls: 30 },
  { file: join(ROOT, '../shared/specs/kong/kong-admin-oss-3.9.yaml'), calls: 500 },
];

/** What only narrows further is left to the system: a made-up value need not fit. */
const LEFT_TO_THE_SYSTEM = new Set(['pattern', 'format', 'uniqueItems', 'minProperties', 'maxProperties']);

const READ_ONLY =
  'What is readOnly is required of answers only (OpenAPI 3.0.3 §4.7.24.2); JSON Schema alone does not know that.';

/** Where the two differ, and why that is right. */
const EXPLAINED: Readonly<Record<string, string>> = {
  'POST /tasks: required at /requestBody': READ_ONLY,
  'PATCH /tasks/{taskId}: required at /requestBody': READ_ONLY,
};

test.each(DESCRIPTIONS)('a server that follows $file takes what is sent for what it is', async ({ file, calls }) => {
  if (!existsSync(file)) {
    console.log(`${file} is not there: judged without it`);
    return;
  }
  const definition = withoutBareNullable(parse(readFileSync(file, 'utf8')));
  const server = new OpenAPIBackend({
    definition: { ...(definition as object), servers: [] },
    quick: true,
    ajvOpts: { strict: false, validateFormats: false, logger: false },
  });
  await server.init();
  const registry = await acceptAll(file);
  const keys = new Map(
    [...registry.requests('api')].map(({ operation, method, segments }) => [
      operation,
      `${method} /${segments.join('/')}`,
    ]),
  );
  const sent = await sentCalls(registry, 8);
  const wrong: string[] = [];
  for (const { operation, call } of sent) {
    const request = requestOf(call);
    const matched = server.router.matchOperation(request);
    const key = matched === undefined ? 'none' : `${matched.method.toUpperCase()} ${matched.path}`;
    if (key !== keys.get(operation) || matched === undefined) {
      wrong.push(`${operation} is ${key} at ${request.path}`);
      continue;
    }
    const complaints = (server.validator.validateRequest(request, matched).errors ?? []).filter(
      ({ keyword }) => !LEFT_TO_THE_SYSTEM.has(keyword),
    );
    wrong.push(...complaints.map(({ keyword, instancePath }) => `${key}: ${keyword} at ${instancePath}`));
  }
  const found = [...new Set(wrong)];
  const explained = found.filter((difference) => difference in EXPLAINED);
  console.log(`${sent.length} requests of ${keys.size} operations; ${explained.length} differences, explained:`);
  for (const difference of explained) console.log(`  ${difference}: ${EXPLAINED[difference]}`);
  expect(found.filter((difference) => !explained.includes(difference))).toEqual([]);
  expect(sent.length).toBeGreaterThan(calls);
  await registry.close();
});

function requestOf({ method, path, query = {}, headers = {}, body }: HttpCall): ServerRequest {
  const texts = Object.entries(query).map(([name, value]) => [name, String(value)]);
  return {
    method,
    path,
    query: Object.fromEntries(texts),
    headers: { ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body }),
  };
}

/** Its validator does not load a description that says \`nullable\` of no type, as one of these does; it means nothing there. */
function withoutBareNullable(value: Json): Json {
  if (Array.isArray(value)) return value.map((item: Json) => withoutBareNullable(item));
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([name]) => name !== 'nullable' || 'type' in value);
  return Object.fromEntries(kept.map(([name, child]) => [name, withoutBareNullable(child)]));
}
