import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { ids } from '../../../connectors/workday/inputs.ts';
import { caller, movableClock, resultOf, simulatedTenant } from './tenant.ts';

test('a list is followed over its pages to the end, each item once', async () => {
  const requests: string[] = [];
  const { maker } = await simulatedTenant((http) => ({
    send(call, options) {
      requests.push(JSON.stringify(call.query));
      return http.send(call, options);
    },
  }));
  const result = resultOf(await maker.run('workday.worker.list', { limit: 1_000 }));
  const workers = result['workers'] as readonly { readonly id: string }[];
  expect(new Set(workers.map(({ id }) => id)).size).toBe(130);
  expect(result).toMatchObject({ total: 130 });
  expect(result).not.toHaveProperty('nextOffset');
  expect(requests).toEqual(['{"limit":100,"offset":0}', '{"limit":100,"offset":100}']);
});

test('a limit ends the list early and says where it goes on', async () => {
  const { maker } = await simulatedTenant();
  const first = resultOf(await maker.run('workday.worker.list', { limit: 3 }));
  expect(first).toMatchObject({ total: 130, nextOffset: 3 });
  const second = resultOf(await maker.run('workday.worker.list', { limit: 127, offset: 3 }));
  expect(second).not.toHaveProperty('nextOffset');
  expect([...(first['workers'] as readonly unknown[]), ...(second['workers'] as readonly unknown[])]).toHaveLength(130);
});

/** A tenant whose lists answer whatever they like. */
async function strangeTenant(list: (offset: number) => unknown) {
  let lists = 0;
  const server = createServer((request, response) => {
    response.setHeader('content-type', 'application/json');
    if (request.url?.includes('oauth2')) {
      response.end(JSON.stringify({ access_token: 'token', token_type: 'Bearer', expires_in: 3_600 }));
      return;
    }
    lists += 1;
    const { searchParams } = new URL(request.url ?? '/', 'http://localhost');
    response.end(JSON.stringify(list(Number(searchParams.get('offset')))));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const settings = {
    origin,
    tenant: 'gms',
    grant: 'client-credentials',
    clientId: 'client',
    clientSecret: 'secret-of-the-client',
  };
  return { client: await caller(settings, movableClock()), lists: () => lists };
}

test.for([
  { title: 'always claims more and never gives any', list: () => ({ total: 5_000, data: [] }), lists: 1, items: 0 },
  {
    title: 'gives one item at a time for ever',
    list: (offset: number) => ({ total: offset + 2, data: [{ id: ids.any }] }),
    lists: 40,
    items: 40,
  },
  {
    title: 'gives more than it was asked for',
    list: () => ({ total: 500, data: Array.from({ length: 300 }, () => ({ id: ids.any })) }),
    lists: 2,
    items: 200,
  },
  { title: 'names no total', list: () => ({ data: [{ id: ids.any }] }), lists: 1, items: 1 },
])('a list that $title ends', async ({ list, lists, items }) => {
  const tenant = await strangeTenant(list);
  const result = resultOf(await tenant.client.run('workday.worker.list', { limit: 200 }));
  expect(result['workers']).toHaveLength(items);
  expect(tenant.lists()).toBe(lists);
});

test('a list of another shape is a failure that counts as read', async () => {
  const tenant = await strangeTenant(() => ({ data: 'everything' }));
  expect(await tenant.client.run('workday.worker.list', {})).toMatchObject({
    status: 'failed',
    code: 'RESPONSE_UNEXPECTED',
    exposed: true,
  });
});
