import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { parse } from 'yaml';
import fixtures from '../../../connectors/models/conformance.ts';
import models from '../../../connectors/models/index.ts';
import type { HttpCall } from '../../../src/connector/http/http-client.ts';
import { Registry } from '../../../src/connector/registry.ts';
import { systemClock } from '../../../src/lib/clock.ts';
import { isJsonObject, type Json, type JsonObject } from '../../../src/lib/json.ts';
import { schemaDifferences } from '../../support/schema-differences.ts';

const DESCRIPTION = join(import.meta.dirname, '../../../../shared/specs/openai/openapi.yaml');

test('every request is in the published description: method, path, query and its body, as deep as it goes', async () => {
  if (!existsSync(DESCRIPTION)) {
    console.log('without the published description: nothing to compare with');
    return;
  }
  const description = parse(readFileSync(DESCRIPTION, 'utf8'), { maxAliasCount: -1 }) as JsonObject; // YAML of JSON values
  const { paths } = description as { readonly paths: JsonObject };
  const findings: string[] = [];
  const compared = new Set<string>();
  for (const { operation, call } of await sampleCalls()) {
    const found = Object.keys(paths).find((path) =>
      new RegExp(`^/v1${path.replaceAll(/\{[^}]+\}/g, '[^/]+')}$`).test(call.path),
    );
    const item = found === undefined ? undefined : paths[found];
    const described = isJsonObject(item) ? item[call.method.toLowerCase()] : undefined;
    if (!isJsonObject(described) || !isJsonObject(item)) {
      findings.push(`${operation}: ${call.method} ${call.path}`);
      continue;
    }
    compared.add(operation);
    const query = [...listOf(described['parameters']), ...listOf(item['parameters'])].map((each) =>
      isJsonObject(each) ? each['name'] : undefined,
    );
    for (const name of Object.keys(call.query ?? {}))
      if (!query.includes(name)) findings.push(`${operation}: ?${name}`);
    const differences = schemaDifferences(description, bodySchema(described), bodySent(call));
    findings.push(...differences.map((difference) => `${operation}: ${difference}`));
  }
  expect(findings).toEqual([]);
  expect([...compared].sort()).toEqual([...new Set(fixtures.samples.map(({ operation }) => operation))].sort());
});

/** What each sample of the connector sends to a fresh simulated provider. */
async function sampleCalls(): Promise<readonly { readonly operation: string; readonly call: HttpCall }[]> {
  if (models.simulate === undefined) throw new Error('there is no simulator');
  const simulator = await models.simulate({ port: 0 });
  const environment = { clock: systemClock, baseDirectory: '.', log: () => undefined };
  const instance = { system: 'models', connector: models, settings: simulator.settings };
  const registry = await Registry.connect([instance], environment);
  const calls: { readonly operation: string; readonly call: HttpCall }[] = [];
  onTestFinished(async () => {
    await registry.close();
    await simulator.close();
  });
  for (const { operation, input } of fixtures.samples) {
    const { definition, context } = registry.operation(operation);
    const bound = context('il-1', AbortSignal.timeout(10_000));
    const http: typeof bound.http = {
      send: (call, options) => {
        calls.push({ operation, call });
        return bound.http.send(call, options);
      },
    };
    await definition.execute(definition.input.parse(input), { ...bound, http });
  }
  return calls;
}

/** A JSON object, or the fields of a form in parts (RFC 7578). */
function bodySent({ body, text = '' }: HttpCall): Json {
  if (isJsonObject(body)) return body;
  const parts = text.matchAll(/form-data; name="([^"]+)"[^\r]*\r\n(?:[^\r]+\r\n)*\r\n([^\r]*)/g);
  return Object.fromEntries([...parts].map(([, name = '', value = '']) => [name, value]));
}

function bodySchema(described: JsonObject): Json | undefined {
  const body = described['requestBody'];
  const content = isJsonObject(body) ? body['content'] : undefined;
  const [media] = isJsonObject(content) ? Object.values(content) : [];
  return isJsonObject(media) ? media['schema'] : undefined;
}

function listOf(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? value : [];
}
