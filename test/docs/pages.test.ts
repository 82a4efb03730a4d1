import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { ERRORS } from '../../src/lib/errors.ts';
import { isJsonObject, type Json, type JsonObject } from '../../src/lib/json.ts';
import { parseUnless } from '../../src/policy/parse-unless.ts';
import { configSchema } from '../../src/runtime/config.ts';
import { ALL_ROUTES } from '../../src/surface/http/routes/all-routes.ts';
import { describeErrors } from '../../tools/describe-errors.ts';

const page = (name: string): string => readFileSync(join(import.meta.dirname, '../..', name), 'utf8');

describe('the page of error codes', () => {
  test('is what the sources say', () => {
    expect(page('docs/errors.md')).toBe(describeErrors());
  });

  test('has a section for every code', () => {
    expect(page('docs/errors.md').match(/^## [A-Z_]+$/gm)).toHaveLength(Object.keys(ERRORS).length);
  });
});

describe('the page of the configuration', () => {
  const text = page('docs/configuration.md');

  test('names every field there is', () => {
    const fields = fieldsOf(
      JSON.parse(JSON.stringify(z.toJSONSchema(configSchema, { io: 'input', unrepresentable: 'any' }))),
    );
    expect(fields.length).toBeGreaterThan(25);
    expect(fields.filter((field) => !new RegExp(`\`[^\`]*\\b${field}\\b[^\`]*\``).test(text))).toEqual([]);
  });

  test('shows a configuration that is one', () => {
    const [, example = ''] = /<!-- configuration -->\s*```yaml\n(.*?)```/s.exec(text) ?? [];
    expect(Object.keys(configSchema.parse(parse(example)).connectors)).toEqual(['servicenow']);
    expect(configSchema.safeParse({ ...parse(example), colour: 'red' }).success).toBe(false);
  });
});

describe('the README', () => {
  test('shows @unless as it is written', () => {
    const [, rows = ''] = /\| `@unless\("…"\)`.*?\n(.*?)\n\n/s.exec(page('README.md')) ?? [];
    const shown = [...rows.matchAll(/^\| `([^`]+)`/gm)].map(([, text = '']) => text);
    expect(shown.length).toBeGreaterThan(5);
    for (const text of shown) expect(parseUnless(text)).toHaveLength(1);
  });
});

describe('the page of HTTP', () => {
  test('names every route there is, but those that only describe', () => {
    const routes = ALL_ROUTES.filter(({ path }) => path.startsWith('/v1/') || path === '/metrics');
    const text = page('docs/http.md');
    const isNamed = ({ method, path }: (typeof routes)[number]): boolean =>
      [...text.matchAll(/`([A-Z]+ \/[^`?]*)/g)].some(([, named]) => named === `${method} ${path}`);
    expect(routes.length).toBeGreaterThan(15);
    expect(routes.filter((route) => !isNamed(route)).map(({ method, path }) => `${method} ${path}`)).toEqual([]);
  });
});

/** The names of all fields, whatever they stand in. */
function fieldsOf(schema: Json | undefined): readonly string[] {
  if (!isJsonObject(schema)) return [];
  const properties: JsonObject = isJsonObject(schema['properties']) ? schema['properties'] : {};
  const inner = [...Object.values(properties), schema['items'], schema['additionalProperties']];
  return [...Object.keys(properties), ...inner.flatMap(fieldsOf)];
}
