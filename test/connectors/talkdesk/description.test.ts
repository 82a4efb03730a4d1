import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import fixtures from '../../../connectors/talkdesk/conformance.ts';
import talkdesk from '../../../connectors/talkdesk/index.ts';
import type { HttpCall } from '../../../src/connector/http/http-client.ts';
import { Registry } from '../../../src/connector/registry.ts';
import { systemClock } from '../../../src/lib/clock.ts';
import { schemaDifferences } from '../../support/schema-differences.ts';

const DESCRIPTION = join(import.meta.dirname, '../../../../shared/specs/talkdesk/powerplatform-talkdesk.swagger.json');

test('what is said to be judged by the published description is in it: method, path and fields', async () => {
  if (!existsSync(DESCRIPTION)) {
    console.log('without the published description: nothing to compare with');
    return;
  }
  const description = JSON.parse(readFileSync(DESCRIPTION, 'utf8'));
  const { paths } = description;
  if (talkdesk.simulate === undefined) throw new Error('there is no simulator');
  const simulator = await talkdesk.simulate({ port: 0 });
  const environment = { clock: systemClock, baseDirectory: '.', log: () => undefined };
  const instance = { system: 'talkdesk', connector: talkdesk, settings: simulator.settings };
  const registry = await Registry.connect([instance], environment);
  const findings: string[] = [];
  let compared = 0;
  for (const { operation, input } of fixtures.samples) {
    const { definition, context } = registry.operation(operation);
    const calls: HttpCall[] = [];
    const bound = context('il-1', AbortSignal.timeout(10_000));
    const http: typeof bound.http = {
      send: (call, options) => {
        calls.push(call);
        return bound.http.send(call, options);
      },
    };
    await definition.execute(definition.input.parse(input), { ...bound, http });
    if (Object.hasOwn(fixtures.judgedBy, operation)) continue;
    for (const call of calls) {
      compared += 1;
      const found = Object.keys(paths).find((path) =>
        new RegExp(`^${path.replaceAll(/\{[^}]+\}/g, '[^/]+')}$`).test(call.path),
      );
      const described = found === undefined ? undefined : paths[found][call.method.toLowerCase()];
      if (described === undefined) findings.push(`${operation}: ${call.method} ${call.path}`);
      const body = described?.parameters?.find((parameter: { readonly in: string }) => parameter.in === 'body');
      if (call.body !== undefined)
        for (const difference of schemaDifferences(
          description,
          body?.schema ?? { properties: {}, additionalProperties: false },
          call.body,
        ))
          findings.push(`${operation}: ${difference}`);
    }
  }
  await registry.close();
  await simulator.close();
  expect(compared).toBeGreaterThanOrEqual(8);
  expect(findings).toEqual([]);
});
