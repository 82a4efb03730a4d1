import { describe, expect, test } from 'vitest';
import { SEED } from '../../../connectors/okta/simulator/seed.ts';
import { createSimulator, type SimulatorResponse } from '../../../src/connector/simulator/create-simulator.ts';
import type { SimulatorRequest } from '../../../src/connector/simulator/read-simulator-request.ts';
import { connectTo, openWorld } from './okta-world.ts';

/** A server whose lists never end. */
async function endless(page: (request: SimulatorRequest, origin: string) => SimulatorResponse) {
  const requests: SimulatorRequest[] = [];
  let origin = '';
  const simulator = await createSimulator({
    options: { port: 0 },
    settings: (own) => {
      origin = own;
      return { origin: own, token: 'a token for tests' };
    },
    handle: (request) => {
      requests.push(request);
      return page(request, origin);
    },
  });
  return { world: await connectTo(simulator, simulator.settings), requests };
}

const group = { id: SEED.groups.finance, profile: { name: 'Finance' } };
const nextLink = (href: string) => ({ link: `<${href}>; rel="next"` });

describe('paging', () => {
  test('walks all pages and hands on where it stopped', async () => {
    const world = await openWorld();
    try {
      const first = await world.run('okta.group.list', { limit: 3 });
      if (first.status !== 'succeeded') throw new Error(first.status);
      const { groups, after } = Object(first.result);
      expect(groups).toHaveLength(3);
      const rest = await world.run('okta.group.list', { limit: 3, after });
      if (rest.status !== 'succeeded') throw new Error(rest.status);
      expect(Object(rest.result).groups).toHaveLength(1);
      expect(Object(rest.result)).not.toHaveProperty('after');
    } finally {
      await world.close();
    }
  });

  test('keeps its origin and its path, wherever the next link points', async () => {
    const elsewhere = await endless(() => ({ status: 200, body: [] }));
    const { world, requests } = await endless(() => ({
      status: 200,
      headers: nextLink(`${elsewhere.world.simulator.origin}/api/v1/api-tokens?after=2`),
      body: [group],
    }));
    try {
      await world.run('okta.group.list', { limit: 2 });
      expect(requests.map(({ path, query }) => `${path} ${query.get('after')}`)).toEqual([
        '/api/v1/groups null',
        '/api/v1/groups 2',
      ]);
      expect(elsewhere.requests).toEqual([]);
    } finally {
      await world.close();
      await elsewhere.world.close();
    }
  });

  test('ends after ten requests, however short the pages are', async () => {
    const { world, requests } = await endless(({ query }, origin) => ({
      status: 200,
      headers: nextLink(`${origin}/x?after=${Number(query.get('after')) + 1}`),
      body: [group],
    }));
    try {
      const result = await world.run('okta.group.list', { limit: 1_000 });
      expect(requests).toHaveLength(10);
      expect(result).toMatchObject({ status: 'succeeded', result: { after: '10' } });
    } finally {
      await world.close();
    }
  });

  test('ends at an empty page, though the System Log always offers a next one', async () => {
    const { world, requests } = await endless((_, origin) => ({
      status: 200,
      headers: nextLink(`${origin}/x?after=later`),
      body: [],
    }));
    try {
      expect(await world.run('okta.system-log.search', {})).toMatchObject({
        status: 'succeeded',
        result: { events: [], after: 'later' },
      });
      expect(requests).toHaveLength(1);
    } finally {
      await world.close();
    }
  });

  test('never asks for more than is left of the budget', async () => {
    const { world, requests } = await endless(({ query }, origin) => ({
      status: 200,
      headers: nextLink(`${origin}/x?after=${Number(query.get('after')) + 1}`),
      body: Array.from({ length: Number(query.get('limit')) }, () => group),
    }));
    try {
      const result = await world.run('okta.group.list', { limit: 450 });
      expect(requests.map(({ query }) => query.get('limit'))).toEqual(['200', '200', '50']);
      expect(result.status === 'succeeded' && Object(result.result).groups).toHaveLength(450);
    } finally {
      await world.close();
    }
  });

  test('a list that is none is an answer nobody knows', async () => {
    const { world } = await endless(() => ({ status: 200, body: { not: 'a list' } }));
    try {
      expect(await world.run('okta.group.list', {})).toMatchObject({ status: 'failed', code: 'RESPONSE_UNEXPECTED' });
    } finally {
      await world.close();
    }
  });
});
