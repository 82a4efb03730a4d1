import { describe, expect, test } from 'vitest';
import { bulkRequest, partOf } from '../../../connectors/scim/bulk-request.ts';
import { BULK } from '../../../connectors/scim/conformance.ts';
import { SEED } from '../../../connectors/scim/simulator/seed.ts';
import type { JsonObject } from '../../../src/lib/json.ts';
import { openWorld } from './scim-world.ts';

const { users, groups } = SEED;
const userId = users.ada;
const PATCH = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';

describe('the dialect of a server', () => {
  test('that wants text and capitals gets them, and answers in text are read as booleans', async () => {
    const world = await openWorld({ dialect: { booleans: 'text', verbs: 'capitalised' } });
    await world.run('scim.user.deactivate', { userId });
    expect(world.calls.at(-1)?.body).toEqual({
      schemas: [PATCH],
      Operations: [{ op: 'Replace', path: 'active', value: 'False' }],
    });
    await world.close();
  });

  test.each([
    ['filter', [{ op: 'remove', path: `members[value eq "${users.alan}"]` }]],
    ['value', [{ op: 'remove', path: 'members', value: [{ value: users.alan }] }]],
  ])('that removes members by %s does, and it is the member that was meant', async (memberRemoval, Operations) => {
    const world = await openWorld({ dialect: { memberRemoval } });
    const input = { groupId: groups.finance, memberIds: [users.alan] };
    expect(await world.run('scim.group.remove-members', input)).toMatchObject({ result: { changed: [users.alan] } });
    expect(world.calls.at(-1)?.body).toEqual({ schemas: [PATCH], Operations });
    expect(world.effects()).toEqual([`group.remove-members ${groups.finance}`]);
    await world.close();
  });

  test.each([
    ['scim.user.deactivate', { userId }, `user.deactivate ${userId}`],
    ['scim.user.update', { userId, title: null, givenName: 'Augusta' }, `user.update ${userId}`],
    ['scim.group.add-members', { groupId: groups.finance, memberIds: [userId] }, `group.add-members ${groups.finance}`],
    ['scim.group.rename', { groupId: groups.finance, displayName: 'Money' }, `group.rename ${groups.finance}`],
  ])('that has no PATCH is sent the whole, and %s changes only what it is for', async (operation, input, effect) => {
    const world = await openWorld({ putOnly: true, dialect: { update: 'put' } });
    const read = () => world.run('scim.user.get', { userId });
    const before = await read();
    expect(await world.run(operation, input)).toMatchObject({ status: 'succeeded' });
    expect(world.effects()).toEqual([effect]);
    expect(await world.probe(operation, input)).toMatchObject({ status: 'applied' });
    expect(await read()).toMatchObject({
      result: { emails: (before as { result: JsonObject }).result['emails'] ?? null, userName: 'ada@example.com' },
    });
    expect(() => world.operation('scim.bulk.execute')).toThrow();
    await world.close();
  });

  test('that has no PATCH refuses it where nobody said so, and nothing happens', async () => {
    const world = await openWorld({ putOnly: true });
    expect(await world.run('scim.user.deactivate', { userId })).toMatchObject({ status: 'failed' });
    expect(world.effects()).toEqual([]);
    await world.close();
  });
});

test('a write meets the version that was read, or nothing', async () => {
  const world = await openWorld();
  await world.run('scim.user.deactivate', { userId });
  expect(world.calls.at(-1)?.headers).toMatchObject({ 'if-match': 'W/"1"' });
  const { settings } = world.simulator;
  const stale = await fetch(`${settings['baseUrl']}/Users/${userId}`, {
    method: 'PATCH',
    headers: {
      authorization: `Bearer ${settings['token']}`,
      'content-type': 'application/scim+json',
      'if-match': 'W/"1"',
    },
    body: JSON.stringify({ schemas: [PATCH], Operations: [{ op: 'replace', path: 'active', value: true }] }),
  });
  expect(stale.status).toBe(412);
  expect(world.effects()).toEqual([`user.deactivate ${userId}`]);
  await world.close();
});

test('members who are there already are not written again, and an undo leaves them', async () => {
  const world = await openWorld();
  const input = { groupId: groups.finance, memberIds: [users.alan, users.ada] };
  expect(await world.run('scim.group.add-members', input)).toMatchObject({ result: { changed: [users.ada] } });
  const again = await world.run('scim.group.add-members', input);
  expect(again).toMatchObject({ result: { changed: [] } });
  expect(world.effects()).toHaveLength(1);
  const { undo } = world.operation('scim.group.add-members') as {
    undo: (input: JsonObject, result: JsonObject) => unknown;
  };
  expect(undo(input, { changed: [users.ada] })).toMatchObject({ input: { memberIds: [users.ada] } });
  expect(undo(input, { changed: [] })).toBeUndefined();
  await world.close();
});

describe('a filter', () => {
  test.each(['a" or userName sw "a', 'a\\', 'a\u0000b', 'a"'])(
    'takes no value that could end it: %j',
    async (value) => {
      const world = await openWorld();
      const { input } = world.operation('scim.user.list');
      expect(input.safeParse({ where: [{ attribute: 'userName', is: 'eq', value }] }).success).toBe(false);
      expect(world.operation('scim.user.create').input.safeParse({ userName: value }).success).toBe(false);
      await world.close();
    },
  );

  test.each([
    ["O'Brien (x) [y] and", 0],
    ['ada@example.com', 1],
  ])('finds what is %j and nothing else', async (value, total) => {
    const world = await openWorld();
    const listed = await world.run('scim.user.list', { where: [{ attribute: 'userName', is: 'eq', value }] });
    expect(listed).toMatchObject({ status: 'succeeded', result: { total } });
    await world.close();
  });

  test.each(['a"]', 'a/b', '..', '.', 'a b', '%2e%2e', 'me?x=1', 'ä'])('names no member %j', async (id) => {
    const world = await openWorld();
    const { input } = world.operation('scim.group.remove-members');
    expect(input.safeParse({ groupId: 'g', memberIds: [id] }).success).toBe(false);
    await world.close();
  });
});

test('a list goes on from where it is told, and says how many there are', async () => {
  const world = await openWorld();
  const first = await world.run('scim.user.list', { limit: 2 });
  expect(first).toMatchObject({ result: { total: 5, items: [{ id: users.ada }, { id: users.grace }] } });
  const rest = await world.run('scim.user.list', { startIndex: 3 });
  expect(rest).toMatchObject({ result: { items: [{ id: users.alan }, { id: users.edsger }, { id: users.barbara }] } });
  await world.close();
});

const patch = (path: string, ...Operations: JsonObject[]) => ({
  method: 'PATCH' as const,
  path,
  data: { schemas: [PATCH], Operations },
});
const USER = `/Users/${userId}`;
const GROUP = `/Groups/${groups.finance}`;

describe('a bulk request', () => {
  test.each([
    [patch(USER, { op: 'Replace', path: 'active', value: 'False' }), 'scim.user.deactivate'],
    [patch(USER, { op: 'replace', path: 'active', value: true }), 'scim.user.activate'],
    [
      patch(USER, { op: 'replace', path: 'name.givenName', value: 'A' }, { op: 'remove', path: 'title' }),
      'scim.user.update',
    ],
    [{ method: 'DELETE' as const, path: USER }, 'scim.user.delete'],
    [{ method: 'POST' as const, path: '/Users', bulkId: 'a', data: { userName: 'a' } }, 'scim.user.create'],
    [{ method: 'POST' as const, path: '/Groups', bulkId: 'a', data: { displayName: 'a' } }, 'scim.group.create'],
    [{ method: 'DELETE' as const, path: GROUP }, 'scim.group.delete'],
    [patch(GROUP, { op: 'add', path: 'members', value: [{ value: 'x' }] }), 'scim.group.add-members'],
    [patch(GROUP, { op: 'Remove', path: 'members[value eq "x"]' }), 'scim.group.remove-members'],
    [patch(GROUP, { op: 'replace', path: 'displayName', value: 'x' }), 'scim.group.rename'],
  ])('carries %j as %s', (request, operation) => {
    expect(partOf(bulkRequest.parse(request)).operation).toBe(operation);
  });

  test.each([
    ['a path elsewhere', { method: 'DELETE' as const, path: '/Users/../Groups/x' }],
    ['an absolute URL', { method: 'DELETE' as const, path: 'https://elsewhere.example/Users/x' }],
    ['a query', { method: 'DELETE' as const, path: `${USER}?x=1` }],
    ['an escape', { method: 'DELETE' as const, path: '/Users/%61' }],
    ['a resource of another kind', { method: 'DELETE' as const, path: '/Schemas/x' }],
    ['a collection', { method: 'DELETE' as const, path: '/Users' }],
    [
      'a reference to what is not there yet',
      patch(GROUP, { op: 'add', path: 'members', value: [{ value: 'bulkId:a' }] }),
    ],
    ['an emptied group', patch(GROUP, { op: 'remove', path: 'members' })],
    ['replaced members', patch(GROUP, { op: 'replace', path: 'members', value: [{ value: 'x' }] })],
    ['a filter of another shape', patch(GROUP, { op: 'remove', path: 'members[value ne "x"]' })],
    ['a whole user without a path', patch(USER, { op: 'replace', value: { active: true } })],
    ['an attribute nobody classified', patch(USER, { op: 'replace', path: 'roles', value: 'admin' })],
    [
      'access hidden behind a title',
      patch(USER, { op: 'replace', path: 'title', value: 'x' }, { op: 'replace', path: 'active', value: true }),
    ],
    ['POST without a bulkId', { method: 'POST' as const, path: '/Users', data: { userName: 'a' } }],
  ])('does not carry %s', (_what, request) => {
    expect(() => partOf(bulkRequest.parse(request))).toThrow(expect.objectContaining({ code: 'INVALID_INPUT' }));
  });

  test('says of each part what came of it, and a part that fails takes no other with it', async () => {
    const world = await openWorld();
    const taken = {
      method: 'POST',
      path: '/Users',
      bulkId: 'ada',
      data: { userName: 'ada@example.com' },
    };
    const operations = [taken, ...BULK.operations.slice(1)];
    expect(await world.run('scim.bulk.execute', { operations })).toMatchObject({
      result: {
        parts: [
          { status: 'failed', detail: expect.stringContaining('uniqueness') },
          { status: 'succeeded' },
          { status: 'succeeded' },
          { status: 'succeeded' },
        ],
      },
    });
    expect(world.effects()).toHaveLength(3);
    await world.close();
  });

  test('that stops at the first error leaves what was not run unknown', async () => {
    const world = await openWorld();
    const gone = { method: 'DELETE', path: '/Users/nobody' };
    const operations = [gone, { method: 'DELETE', path: USER }];
    const answer = await world.run('scim.bulk.execute', { operations, failOnErrors: 1 });
    expect(answer).toMatchObject({ result: { parts: [{ status: 'failed' }, { status: 'unknown' }] } });
    expect(world.effects()).toEqual([]);
    await world.close();
  });

  test('sends what was judged and nothing of what came in beside it', async () => {
    const world = await openWorld();
    await world.run('scim.bulk.execute', { operations: BULK.operations });
    expect(world.calls.at(-1)?.body).toMatchObject({
      Operations: [
        { method: 'POST', bulkId: 'mary', data: { userName: 'mary@example.com', active: false } },
        { data: { Operations: [{ op: 'replace', path: 'active', value: false }] } },
        { path: GROUP },
        { method: 'DELETE', path: `/Users/${users.barbara}` },
      ],
    });
    await world.close();
  });
});
