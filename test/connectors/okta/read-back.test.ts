import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import fixtures from '../../../connectors/okta/conformance.ts';
import { SEED } from '../../../connectors/okta/simulator/seed.ts';
import { type OktaWorld, openWorld } from './okta-world.ts';

const { users } = SEED;
let world: OktaWorld;

beforeEach(async () => {
  world = await openWorld();
});
afterEach(() => world.close());

/** The start of `METHOD /path` by which an operation acts, for aiming a fault at it and not at its reads. */
const ACTING = ['POST /api/v1', 'PUT /api/v1', 'DELETE /api/v1'] as const;

/** The verb that this operation writes with, found by running it once in a world of its own. */
async function actingCall(operation: string, input: Parameters<OktaWorld['run']>[1]): Promise<string> {
  const rehearsal = await openWorld();
  try {
    await rehearsal.run(operation, input);
    const acting = ACTING.find((call) => rehearsal.calls.some(({ method }) => call.startsWith(`${method} `)));
    if (acting === undefined) throw new Error(`${operation} does not write`);
    return acting;
  } finally {
    await rehearsal.close();
  }
}

const WRITES = fixtures.samples.filter(({ effects }) => effects.length > 0);
const AT_MOST_ONCE = WRITES.filter(({ operation }) => !/clear-sessions|-member$/.test(operation));
const REPEATABLE = WRITES.filter((sample) => !AT_MOST_ONCE.includes(sample));
/** States that the user can have left alone: not seeing the effect there does not tell. */
const USER_CAN_LEAVE = /reset-factors|reset-password|expire-password/;

describe('an at-most-once operation whose answer was lost', () => {
  test.each(AT_MOST_ONCE)(
    '$operation: applied once, unknown, then known to be applied',
    async ({ operation, input, effects }) => {
      world.simulator.fail({ when: 'after', answer: 'reset', call: await actingCall(operation, input) });
      expect(await world.run(operation, input)).toMatchObject({ status: 'unknown' });
      expect(await world.probe(operation, input)).toMatchObject({ status: 'applied' });
      expect(world.simulator.audit().map(({ effect }) => effect)).toEqual(effects);
    },
  );

  test.each(AT_MOST_ONCE)(
    '$operation: cut before it was applied, then never said to be applied',
    async ({ operation, input }) => {
      world.simulator.fail({ when: 'before', answer: 'reset', call: await actingCall(operation, input) });
      expect(await world.run(operation, input)).toMatchObject({ status: 'unknown' });
      const expected = USER_CAN_LEAVE.test(operation) ? 'undetermined' : 'not-applied';
      expect(await world.probe(operation, input)).toMatchObject({ status: expected });
      expect(world.effects()).toEqual([]);
    },
  );

  test.each(AT_MOST_ONCE)('$operation: a read-back that fails learns nothing', async ({ operation, input }) => {
    world.simulator.fail({ when: 'before', answer: 500, times: 9, call: 'GET' });
    expect(await world.probe(operation, input)).toMatchObject({ status: 'undetermined' });
  });

  test.each(AT_MOST_ONCE)('$operation: a read-back that is refused learns nothing', async ({ operation, input }) => {
    world.simulator.fail({ when: 'before', answer: 403, times: 9, call: 'GET' });
    expect(await world.probe(operation, input)).toMatchObject({ status: 'undetermined' });
  });

  test.each(AT_MOST_ONCE)(
    '$operation: a 404 that is not Okta’s own does not mean gone',
    async ({ operation, input }) => {
      world.simulator.fail({ when: 'before', answer: 404, times: 9, call: 'GET' });
      expect(await world.probe(operation, input)).toMatchObject({ status: 'undetermined' });
    },
  );

  test('a server error after the call counts as unknown, and nothing is sent again', async () => {
    world.simulator.fail({ when: 'after', answer: 500, call: 'POST' });
    expect(await world.run('okta.user.deactivate', { userId: users.ada })).toMatchObject({ status: 'unknown' });
    expect(world.effects()).toEqual([`user.deactivate ${users.ada}`]);
  });
});

describe('a naturally idempotent operation whose answer was lost', () => {
  test.each(REPEATABLE)('$operation: sent again until it is answered, done once', async ({ operation, input }) => {
    world.simulator.fail({ when: 'after', answer: 'reset', call: await actingCall(operation, input) });
    expect(await world.run(operation, input)).toMatchObject({ status: 'succeeded' });
    expect(new Set(world.effects()).size).toBe(1);
  });
});

describe('a read-back does not claim what others did', () => {
  test('a user with the same login and another profile is not ours', async () => {
    const profile = { login: 'ada@example.com', email: 'ada@example.com', firstName: 'Somebody', lastName: 'Else' };
    expect(await world.probe('okta.user.create', { profile })).toMatchObject({ status: 'undetermined' });
  });

  test('a group of the same name and another description is not ours', async () => {
    const input = { name: 'Finance', description: 'Another one' };
    expect(await world.probe('okta.group.create', input)).toMatchObject({ status: 'undetermined' });
  });

  test('a profile that has only some of the values tells nothing', async () => {
    const input = { userId: users.ada, profile: { firstName: 'Ada', title: 'Countess' } };
    expect(await world.probe('okta.user.update-profile', input)).toMatchObject({ status: 'undetermined' });
  });

  test('a role of another type is not the one', async () => {
    const input = { userId: users.grace, type: 'SUPER_ADMIN' };
    expect(await world.probe('okta.role.assign', input)).toEqual({ status: 'not-applied' });
  });

  test('an update is sent on the condition that nobody changed the user since it was read', async () => {
    const input = { userId: users.ada, profile: { title: 'Countess' } };
    expect(await world.run('okta.user.update-profile', input)).toMatchObject({ status: 'succeeded' });
    const sent = world.calls.find(({ method }) => method === 'POST');
    expect(sent?.headers).toEqual({ 'if-match': 'W/"1"' });
    const late = await fetch(`${world.simulator.origin}${sent?.path}`, {
      method: 'POST',
      headers: {
        ...sent?.headers,
        authorization: `SSWS ${world.simulator.settings['token']}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify(sent?.body),
    });
    expect(late.status).toBe(412);
    expect(world.effects()).toEqual([`user.update-profile ${users.ada}`]);
  });
});
