import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import fixtures from '../../../connectors/crowdstrike/conformance.ts';
import { FALCON_ROUTES } from '../../../connectors/crowdstrike/simulator/routes.ts';
import { openWorld } from './falcon-world.ts';

const FILE = new URL('../../../../shared/specs/crowdstrike/falcon-endpoints.json', import.meta.url);
const isThere = existsSync(FILE);
if (!isThere) console.info('Falcon’s inventory of endpoints is not next to this checkout: its checks did without it.');

interface Endpoint {
  readonly method: string;
  readonly path: string;
  readonly params: readonly { readonly name: string; readonly in: string; readonly required: boolean }[];
}
const inventory: readonly Endpoint[] = isThere ? JSON.parse(readFileSync(FILE, 'utf8')) : [];
const find = (method: string, path: string) =>
  inventory.filter((endpoint) => endpoint.method === method && endpoint.path === path);

describe('every call is one of the inventory', () => {
  test.runIf(isThere).each(fixtures.samples)('$operation', async ({ operation, input }) => {
    const world = await openWorld();
    try {
      await world.run(operation.replace('crowdstrike.', ''), input);
      expect(world.calls.length).toBeGreaterThan(0);
      for (const { method, path, query = {}, body } of world.calls) {
        const sent = Object.keys(query).filter((name) => query[name] !== undefined);
        const fits = find(method, path).some(({ params }) => {
          const known = params.filter((param) => param.in === 'query');
          const required = known.filter((param) => param.required).map(({ name }) => name);
          const takesBody = params.some((param) => param.in === 'body');
          return (
            sent.every((name) => known.some((param) => param.name === name)) &&
            required.every((name) => sent.includes(name)) &&
            takesBody === (body !== undefined)
          );
        });
        expect(fits, `${method} ${path} ${sent}`).toBe(true);
      }
    } finally {
      await world.close();
    }
  });
});

test.runIf(isThere).each(FALCON_ROUTES)(
  'the simulator answers $method $path, which the inventory has',
  ({ method, path }) => {
    expect(find(method, path).length).toBeGreaterThan(0);
  },
);
