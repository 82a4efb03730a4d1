import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { NEW_USER } from '../../../connectors/okta/conformance.ts';
import { SEED } from '../../../connectors/okta/simulator/seed.ts';
import type { Json } from '../../../src/lib/json.ts';
import { type OktaWorld, openWorld } from './okta-world.ts';

const { users, groups } = SEED;
let world: OktaWorld;

beforeEach(async () => {
  world = await openWorld();
});
afterEach(() => world.close());

const succeeded = (result: unknown) => ({ status: 'succeeded', result });

describe('what is undone is as before', () => {
  const undoable = [
    { operation: 'okta.user.suspend', input: { userId: users.ada }, again: 'failed' },
    { operation: 'okta.user.unsuspend', input: { userId: users.edsger }, again: 'failed' },
    {
      operation: 'okta.user.update-profile',
      input: {
        userId: users.ada,
        profile: { title: 'Countess', email: 'ada@elsewhere.example' },
        clear: ['department'],
      },
      again: 'succeeded',
    },
    { operation: 'okta.role.assign', input: { userId: users.ada, type: 'HELP_DESK_ADMIN' }, again: 'failed' },
    { operation: 'okta.group.assign-role', input: { groupId: groups.finance, type: 'REPORT_ADMIN' }, again: 'failed' },
    { operation: 'okta.group.add-member', input: { groupId: groups.finance, userId: users.ada }, again: 'succeeded' },
    {
      operation: 'okta.group.remove-member',
      input: { groupId: groups.finance, userId: users.alan },
      again: 'succeeded',
    },
    { operation: 'okta.group.create', input: { name: 'Contractors' }, again: 'failed' },
  ];

  test.each(undoable)(
    '$operation: apply, read back, apply again, undo, read back',
    async ({ operation, input, again }) => {
      const before = await snapshot();
      const done = await world.run(operation, input);
      expect(done.status).toBe('succeeded');
      expect(await world.probe(operation, input)).toMatchObject({ status: 'applied' });
      const applied = await snapshot();
      expect(applied).not.toEqual(before);

      expect((await world.run(operation, input)).status).toBe(again);
      expect(await snapshot()).toEqual(applied);

      const definition = world.operation(operation);
      if (definition.kind === 'read' || typeof definition.undo !== 'function') throw new Error('no undo');
      const parsed = definition.input.parse(input);
      expect(definition.effect(parsed).reversible).toBe('operation');
      const undo = definition.undo(parsed, done.status === 'succeeded' ? (done.result as Json) : undefined);
      if (undo === undefined) throw new Error('the undo is missing');
      expect((await world.run(undo.operation, undo.input)).status).toBe('succeeded');
      expect(await snapshot()).toEqual(before);
      expect(await world.probe(operation, input)).toEqual({ status: 'not-applied' });
    },
  );

  test('a staged user is taken back by deactivation; an activated one is not taken back at all', async () => {
    const create = world.operation('okta.user.create');
    if (create.kind === 'read' || typeof create.undo !== 'function') throw new Error('no undo');
    const staged = await world.run(create.name, { profile: NEW_USER });
    const result = staged.status === 'succeeded' ? (staged.result as Json) : undefined;
    const undo = create.undo(create.input.parse({ profile: NEW_USER }), result);
    expect(undo).toMatchObject({ operation: 'okta.user.deactivate' });
    expect(create.undo(create.input.parse({ profile: NEW_USER, activate: true }), result)).toBeUndefined();
    expect(await world.run(undo?.operation ?? '', undo?.input ?? {})).toEqual(succeeded({ status: 'DEPROVISIONED' }));
  });

  /** What a reader of the directory sees, without timestamps. */
  async function snapshot(): Promise<unknown> {
    const people = [];
    for (const userId of Object.values(users)) {
      people.push({
        ...(await read('okta.user.get', { userId })),
        ...(await read('okta.user.list-roles', { userId })),
        ...(await read('okta.user.list-groups', { userId })),
      });
    }
    const shown = {
      people,
      ...(await read('okta.group.list', {})),
      ...(await read('okta.group.list-roles', { groupId: groups.finance })),
    };
    return JSON.parse(JSON.stringify(shown, (key, value) => (TIMES.has(key) || value === null ? undefined : value)));
  }

  async function read(operation: string, input: Record<string, string>): Promise<object> {
    const result = await world.run(operation, input);
    if (result.status !== 'succeeded') throw new Error(`${operation}: ${result.status}`);
    return Object(result.result);
  }

  const TIMES = new Set(['lastUpdated', 'statusChanged', 'lastLogin', 'created', 'lastMembershipUpdated', 'id']);
});

describe('what the connector never hands on', () => {
  test('one-time links and tokens stay out of results', async () => {
    expect(await world.run('okta.user.activate', { userId: users.radia, sendEmail: false })).toEqual(
      succeeded({ status: 'PROVISIONED' }),
    );
    expect(await world.run('okta.user.reset-password', { userId: users.ada, sendEmail: false })).toEqual(succeeded({}));
  });

  test('attributes that nobody has declared are stripped', async () => {
    const result = await world.run('okta.user.get', { userId: users.ada });
    expect(JSON.stringify(result)).not.toMatch(/favouriteColour|credentials|_links/);
    expect(result).toMatchObject({ result: { profile: { login: 'ada@example.com' } } });
  });

  test.each(['me', 'ada', 'ada@example.com', '../groups', '00uadalovelace00000', ''])(
    'a user is named by its id, not by %j',
    (userId) => {
      expect(world.operation('okta.user.get').input.safeParse({ userId }).success).toBe(false);
    },
  );

  test('a refused operation leaves no trace', async () => {
    const refusedCalls = [
      ['okta.user.suspend', { userId: users.radia }],
      ['okta.user.unsuspend', { userId: users.ada }],
      ['okta.user.activate', { userId: users.ada }],
      ['okta.user.deactivate', { userId: users.barbara }],
      ['okta.group.delete', { groupId: groups.everyone }],
      ['okta.app.delete', { appId: SEED.apps.payroll }],
      ['okta.role.assign', { userId: users.grace, type: 'READ_ONLY_ADMIN' }],
      ['okta.role.assign', { userId: users.grace, type: 'NO_SUCH_ADMIN' }],
      ['okta.user.create', { profile: { ...NEW_USER, login: 'ada@example.com' } }],
    ] as const;
    for (const [operation, input] of refusedCalls) {
      expect(await world.run(operation, input), operation).toMatchObject({
        status: 'failed',
        code: 'EXECUTION_FAILED',
      });
    }
    expect(world.effects()).toEqual([]);
  });
});

describe('a transition that goes on', () => {
  test('is accepted, then running, then applied', async () => {
    const slow = await openWorld({ transitionReads: 2 });
    try {
      const input = { userId: users.ada };
      expect(await slow.run('okta.user.deactivate', input)).toEqual({ status: 'accepted', handle: {} });
      expect(await slow.probe('okta.user.deactivate', input)).toEqual({ status: 'running' });
      expect(await slow.probe('okta.user.deactivate', input)).toEqual({
        status: 'applied',
        result: { status: 'DEPROVISIONED' },
      });
    } finally {
      await slow.close();
    }
  });

  test('a new user who is still being activated is accepted', async () => {
    const slow = await openWorld({ transitionReads: 1 });
    try {
      const input = { profile: NEW_USER, activate: true };
      expect(await slow.run('okta.user.create', input)).toMatchObject({
        status: 'accepted',
        result: { profile: NEW_USER },
      });
      expect(await slow.probe('okta.user.create', input)).toEqual({ status: 'running' });
      expect(await slow.probe('okta.user.create', input)).toMatchObject({ status: 'applied' });
    } finally {
      await slow.close();
    }
  });

  test('whose end cannot be read is accepted, not called done', async () => {
    world.simulator.fail({ when: 'before', answer: 500, times: 9, call: `GET /api/v1/users/${users.ada}` });
    expect(await world.run('okta.user.suspend', { userId: users.ada })).toEqual({ status: 'accepted', handle: {} });
  });
});
