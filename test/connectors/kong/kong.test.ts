import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import fixtures from '../../../connectors/kong/conformance.ts';
import { idOfAction } from '../../../connectors/kong/ids.ts';
import kong from '../../../connectors/kong/index.ts';
import { SEED } from '../../../connectors/kong/simulator/seed.ts';
import type { Simulator } from '../../../src/connector/contract.ts';
import type { HttpCall } from '../../../src/connector/http/http-client.ts';
import { Registry } from '../../../src/connector/registry.ts';
import { systemClock } from '../../../src/lib/clock.ts';
import type { JsonObject } from '../../../src/lib/json.ts';
import { schemaDifferences } from '../../support/schema-differences.ts';

const SPEC = join(import.meta.dirname, '../../../../shared/specs/kong/kong-admin-oss-3.9.yaml');

let simulator: Simulator;
let registry: Registry;
const calls: HttpCall[] = [];

beforeEach(async () => {
  simulator = (await kong.simulate?.({ port: 0 })) as Simulator; // it has one
  const environment = { clock: systemClock, baseDirectory: '.', log: () => undefined };
  registry = await Registry.connect([{ system: 'kong', connector: kong, settings: simulator.settings }], environment);
});
afterEach(async () => {
  await registry.close();
  await simulator.close();
});

async function run(name: string, input: JsonObject, actionId = 'il-00112233445566778899aabbccddeeff') {
  const { definition, context } = registry.operation(name);
  const bound = context(actionId, AbortSignal.timeout(10_000));
  const send: typeof bound.http.send = (call, options) => {
    calls.push(call);
    return bound.http.send(call, options);
  };
  return definition.execute(definition.input.parse(input), { ...bound, http: { send } });
}

describe('what the connector sends', () => {
  test('is described by the vendor: method, path and fields', async () => {
    if (!existsSync(SPEC)) {
      console.log('without the published description of the Admin API: nothing to compare with');
      return;
    }
    const description = parse(readFileSync(SPEC, 'utf8'), { maxAliasCount: -1 });
    const { paths } = description;
    const described = Object.keys(paths).map((path) => ({
      path,
      pattern: new RegExp(`^${path.replaceAll(/\{[^}]+\}/g, '[^/]+')}$`),
    }));
    calls.length = 0;
    for (const { operation, input } of fixtures.samples) await run(operation, input);
    expect(calls.length).toBeGreaterThanOrEqual(fixtures.samples.length);
    const unknown = calls.filter(({ method, path }) => {
      const found = described.filter(({ pattern }) => pattern.test(path));
      return !found.some((each) => paths[each.path][method.toLowerCase()] !== undefined);
    });
    expect(unknown).toEqual([]);
    const differing = calls.flatMap(({ method, path, body }) => {
      const found = described.find(
        (each) => each.pattern.test(path) && paths[each.path][method.toLowerCase()] !== undefined,
      );
      const content = found && paths[found.path][method.toLowerCase()].requestBody?.content;
      if (body === undefined) return [];
      return schemaDifferences(description, content?.['application/json']?.schema, body).map(
        (each) => `${method} ${path}: ${each}`,
      );
    });
    expect(differing).toEqual([]);
  });

  test('makes the same thing of the same action, and another of another', () => {
    expect(idOfAction('il-00112233445566778899aabbccddeeff')).toBe('00112233-4455-6677-8899-aabbccddeeff');
    expect(idOfAction('il-00112233445566778899aabbccddeef0')).not.toBe(
      idOfAction('il-00112233445566778899aabbccddeeff'),
    );
  });
});

describe('what is shown', () => {
  test.each([
    { operation: 'kong.plugin.get', input: { id: SEED.rateLimit }, hidden: 'config' },
    { operation: 'kong.certificate.get', input: { id: SEED.certificate }, hidden: 'key' },
  ])('$operation leaves $hidden out', async ({ operation, input, hidden }) => {
    const result = await run(operation, input);
    const { output } = registry.operation(operation).definition;
    expect(result.status).toBe('succeeded');
    const shown = output.parse(result.status === 'succeeded' ? result.result : undefined);
    expect(Object.keys(shown as object)).not.toContain(hidden);
  });
});

describe('what an agent cannot do', () => {
  test('change a plugin under the name of another', async () => {
    const before = simulator.audit().length;
    const input = { id: SEED.script, plugin: 'rate-limiting' };
    expect(await run('kong.plugin.update', { ...input, config: { access: ['x'] } })).toMatchObject({
      status: 'failed',
      detail: 'It is no rate-limiting plugin: nothing was changed.',
    });
    expect(await run('kong.plugin.delete', input)).toMatchObject({ status: 'failed' });
    expect(simulator.audit().length).toBe(before);
  });

  test.each([
    { operation: 'kong.service.get', input: { id: '../plugins' } },
    { operation: 'kong.service.get', input: { id: 'billing' } },
    { operation: 'kong.service.get', input: { id: `${SEED.billing}/routes` } },
    { operation: 'kong.target.create', input: { upstream: SEED.upstream, target: '10.0.0.1:80/../x' } },
    {
      operation: 'kong.certificate.create',
      input: { cert: '-----BEGIN CERTIFICATE-----', key: '-----BEGIN PRIVATE KEY-----' },
    },
    { operation: 'kong.service.update', input: { id: SEED.billing } },
  ])('call $operation with $input', ({ operation, input }) => {
    expect(registry.operation(operation).definition.input.safeParse(input).success).toBe(false);
  });
});
