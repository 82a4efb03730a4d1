import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { crowdstrikeFailureOf } from '../../../connectors/crowdstrike/failure-of.ts';
import { conditions, fql } from '../../../connectors/crowdstrike/fql.ts';
import { SEED } from '../../../connectors/crowdstrike/simulator/seed.ts';
import type { HttpCall } from '../../../src/connector/http/http-client.ts';
import { systemClock } from '../../../src/lib/clock.ts';
import { type FalconWorld, openWorld } from './falcon-world.ts';

const { devices, session } = SEED;
const missing = 'f'.repeat(32);
const call: HttpCall = { method: 'POST', path: '/x' };

let world: FalconWorld;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(() => world.close());

describe('a 2xx with errors', () => {
  const error = (code: number, id?: string) => ({ code, message: 'no', ...(id === undefined ? {} : { id }) });
  test.each([
    ['names its ids beside results', { errors: [error(404, 'a')], resources: ['b'] }, undefined],
    ['leaves its ids open beside results', { errors: [error(404)], resources: ['b'] }, 'ambiguous'],
    ['has hosts of a batch beside it', { errors: [error(400)], combined: { resources: {} } }, 'ambiguous'],
    ['has no results, and the code of a refusal', { errors: [error(409)], resources: [] }, 'refused'],
    ['has no results, and the code of a fault', { errors: [error(500)], resources: [] }, 'ambiguous'],
    ['has no results, and no code', { errors: [{ message: 'no' }], resources: null }, 'ambiguous'],
    ['has no results, and no list of them', { errors: [error(404, 'a')], meta: {} }, 'ambiguous'],
    ['has no errors', { errors: [], resources: [] }, undefined],
  ])('that %s', (_what, body, expected) => {
    expect(crowdstrikeFailureOf(systemClock)({ status: 200, headers: {}, body }, call)?.class).toBe(expected);
  });

  test('one host that exists and one that does not: each is told', async () => {
    expect(await world.run('device.act', { action: 'contain', ids: [devices.laptop, missing] })).toMatchObject({
      status: 'succeeded',
      result: { done: [devices.laptop], refused: [{ id: missing }] },
    });
    expect(world.simulator.audit()).toHaveLength(1);
  });

  test('no host that exists: refused, and nothing happened', async () => {
    expect(await world.run('device.act', { action: 'contain', ids: [missing] })).toMatchObject({ status: 'failed' });
    expect(world.simulator.audit()).toEqual([]);
  });
});

describe('a filter', () => {
  test('is made of conditions', () => {
    const where = conditions.parse([
      { field: 'status', value: 'normal' },
      { field: 'severity', is: 'at-least', value: 50 },
    ]);
    expect(fql(where)).toBe("status:'normal'+severity:>=50");
    expect(fql([])).toBeUndefined();
  });

  test.each(["x'+hostname:*'*", '*', "a'b", 'a\\', '[a]', 'a\nb', '"'])('refuses the value %j', (value) => {
    expect(conditions.safeParse([{ field: 'hostname', value }]).success).toBe(false);
  });

  test.each(["a:'x'+b", 'A', 'a b', ''])('refuses the field %j', (field) => {
    expect(conditions.safeParse([{ field, value: 'x' }]).success).toBe(false);
  });

  test('without a condition deletes nothing', async () => {
    expect(() => world.run('indicator.delete-matching', { where: [] })).toThrow();
    expect(world.calls).toEqual([]);
  });
});

describe('what is judged is what is sent', () => {
  test.each([
    ['ls', 'rm -rf /'],
    ['ls', 'lsx'],
    ['LS', 'LS'],
  ])('the command %s with the line %s is refused', (command, commandLine) => {
    expect(() => world.run('session.run', { sessionId: session, command, commandLine })).toThrow();
    expect(world.calls).toEqual([]);
  });

  test('the same host twice is refused, so that the count is true', () => {
    expect(() => world.run('device.act', { action: 'contain', ids: [devices.laptop, devices.laptop] })).toThrow();
  });
});

test('a list goes on where it ended, by a token', async () => {
  const first = await world.run('device.search', { limit: 3 });
  const next = first.status === 'succeeded' ? Object(first.result).next : undefined;
  expect(await world.run('device.search', { limit: 3, next })).toMatchObject({
    status: 'succeeded',
    result: { devices: [{ device_id: devices.hidden }] },
  });
});
