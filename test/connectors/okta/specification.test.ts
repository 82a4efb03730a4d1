import { existsSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import fixtures from '../../../connectors/okta/conformance.ts';
import { OKTA_ROUTES } from '../../../connectors/okta/simulator/simulate-okta.ts';
import type { HttpCall } from '../../../src/connector/http/http-client.ts';
import type { JsonObject } from '../../../src/lib/json.ts';
import { schemaDifferences } from '../../support/schema-differences.ts';
import { type OktaWorld, openWorld } from './okta-world.ts';

const FILE = new URL('../../../../shared/specs/okta/management-oneOfInheritance-noExamples.yaml', import.meta.url);
const isThere = existsSync(FILE);
if (!isThere) console.info('Okta’s published description is not next to this checkout: its checks did without it.');

interface Described {
  readonly parameters?: readonly Reference[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Reference }>> };
}
type Reference = Readonly<Record<string, unknown>>;
interface Specification {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Described>> & Described>>;
  readonly components: Readonly<Record<string, Readonly<Record<string, Reference>>>>;
}

/**
 * Emptying a field is sending null. The description has `nullable` at nearly every field that is not required, but not at
 * this one, `employeeNumber` and `locale`: whether the service takes it there is unverified.
 */
const NOT_DESCRIBED: ReadonlySet<string> = new Set(['body.profile.department is no string']);

let specification: Specification;
let world: OktaWorld;
beforeAll(async () => {
  if (isThere) specification = parse(readFileSync(FILE, 'utf8'), { maxAliasCount: -1 });
  world = await openWorld();
}, 60_000);
afterAll(() => world.close());

function resolve(reference: Reference): Reference {
  const target = reference['$ref'];
  if (typeof target !== 'string') return reference;
  const [, , kind = '', name = ''] = target.split('/');
  return specification.components[kind]?.[name] ?? {};
}

/** The described path of a call: the one with the fewest variables that fits. */
function templateOf(path: string): string | undefined {
  const segments = path.split('/');
  const fits = (template: string) => {
    const parts = template.split('/');
    return parts.length === segments.length && parts.every((part, i) => part.startsWith('{') || part === segments[i]);
  };
  const variables = (template: string) => template.split('{').length;
  return Object.keys(specification.paths)
    .filter(fits)
    .sort((a, b) => variables(a) - variables(b))[0];
}

function describedOf({ method, path }: HttpCall): {
  readonly operation: Described;
  readonly parameters: readonly Reference[];
} {
  const item = specification.paths[templateOf(path) ?? ''];
  const operation = item?.[method.toLowerCase()];
  if (operation === undefined) throw new Error(`${method} ${path} is not described`);
  return { operation, parameters: [...(item?.parameters ?? []), ...(operation.parameters ?? [])].map(resolve) };
}

const named = (parameters: readonly Reference[], place: string) =>
  parameters.filter((parameter) => parameter['in'] === place);

describe('every call is one that Okta describes', () => {
  test.runIf(isThere).each(fixtures.samples)('$operation', async ({ operation, input }) => {
    const own = await openWorld();
    try {
      await own.run(operation, input);
      expect(own.calls.length).toBeGreaterThan(0);
      for (const call of own.calls) expectDescribed(call);
    } finally {
      await own.close();
    }
  });

  function expectDescribed(call: HttpCall): void {
    const { operation, parameters } = describedOf(call);
    const queries = named(parameters, 'query');
    const sent = Object.entries(call.query ?? {}).flatMap(([name, value]) => (value === undefined ? [] : [name]));
    expect(queries.map(({ name }) => name)).toEqual(expect.arrayContaining(sent));
    const required = queries.filter((parameter) => parameter['required'] === true).map(({ name }) => name);
    expect(sent).toEqual(expect.arrayContaining(required));
    const headers = named(parameters, 'header').map(({ name }) => String(name).toLowerCase());
    expect(headers).toEqual(expect.arrayContaining(Object.keys(call.headers ?? {})));
    expectBody(call, operation);
  }

  function expectBody({ body }: HttpCall, { requestBody }: Described): void {
    expect(body !== undefined).toBe(requestBody !== undefined);
    const schema = requestBody?.content['application/json']?.schema;
    if (schema === undefined) return;
    // The document is JSON written as YAML, and what is sent is JSON.
    const document = specification as unknown as JsonObject;
    const found = schemaDifferences(document, schema as JsonObject, body ?? null);
    expect(found.filter((difference) => !NOT_DESCRIBED.has(difference))).toEqual([]);
  }
});

describe('the simulator', () => {
  test.runIf(isThere).each(OKTA_ROUTES)('answers $method $path, which Okta describes', ({ method, path }) => {
    const templates = Object.keys(specification.paths).map((template) => template.replaceAll(/\{\w+\}/g, '{}'));
    expect(templates).toContain(path.replaceAll(/\{\w+\}/g, '{}'));
    expect(() =>
      describedOf({ method: method as HttpCall['method'], path: path.replaceAll(/\{\w+\}/g, 'x') }),
    ).not.toThrow();
  });
});

describe('the profile', () => {
  test.runIf(isThere)('has the standard fields and lengths of the description, and no others', () => {
    const described = Object(specification.components['schemas']?.['UserProfile']?.['properties']);
    const update = world.operation('okta.user.update-profile').input.shape['profile'].def.innerType.shape;
    expect(Object.keys(update).sort()).toEqual(Object.keys(described).sort());
    for (const [field, schema] of Object.entries<{ maxLength?: number }>(described)) {
      if (schema.maxLength === undefined) continue;
      expect(update[field].safeParse('x'.repeat(schema.maxLength + 1)).success, field).toBe(false);
    }
  });
});
