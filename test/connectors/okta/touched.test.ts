import { describe, expect, onTestFinished, test } from 'vitest';
import { NEW_USER } from '../../../connectors/okta/conformance.ts';
import { SEED } from '../../../connectors/okta/simulator/seed.ts';
import { type ResourceRef, resourceKey } from '../../../src/action/resource.ts';
import { BOUNDS } from '../../../src/lib/bounds.ts';
import { isJsonObject, type JsonObject } from '../../../src/lib/json.ts';
import { type OktaWorld, openWorld } from './okta-world.ts';

const { users, groups } = SEED;

async function world(): Promise<OktaWorld> {
  const opened = await openWorld();
  onTestFinished(() => opened.close());
  return opened;
}

/** What an action that succeeded has touched, by its input and by its answer. */
async function touchedBy(okta: OktaWorld, name: string, input: JsonObject) {
  const operation = okta.operation(`okta.${name}`);
  const outcome = await okta.run(operation.name, input);
  if (outcome.status !== 'succeeded' || !isJsonObject(outcome.result)) throw new Error(JSON.stringify(outcome));
  const parsed = operation.input.parse(input);
  const touched = operation.touched?.(outcome.result, parsed) ?? [];
  const refs: readonly ResourceRef[] = [...operation.resources(parsed), ...touched];
  return { id: outcome.result['id'], keys: refs.map(resourceKey) };
}

/** A write, the key of what it wrote, and a read of another agent that shows it. */
const PAIRS = [
  ['user.create', { profile: NEW_USER, groupIds: [groups.finance] }, 'user.get'],
  ['user.create', { profile: NEW_USER, groupIds: [groups.finance] }, 'user.list'],
  ['user.create', { profile: NEW_USER, groupIds: [groups.finance] }, 'group.list-members'],
  ['user.create', { profile: NEW_USER, groupIds: [groups.finance] }, 'system-log.search'],
  ['group.create', { name: 'Salary 100000' }, 'group.get'],
  ['group.create', { name: 'Salary 100000' }, 'group.list'],
] as const satisfies readonly (readonly [string, JsonObject, string])[];

/** How another agent comes upon the thing, and how upon other things of its kind. */
const READS: Readonly<Record<string, { readonly of: (id: string) => JsonObject; readonly other: JsonObject }>> = {
  'user.get': { of: (userId) => ({ userId }), other: { userId: users.ada } },
  'user.list': { of: () => ({}), other: { search: 'profile.login eq "ada@example.com"' } },
  'group.list-members': { of: () => ({ groupId: groups.finance }), other: { groupId: groups.engineering } },
  'group.get': { of: (groupId) => ({ groupId }), other: { groupId: groups.finance } },
  'group.list': { of: () => ({}), other: { search: 'profile.name eq "Finance"' } },
  'system-log.search': { of: () => ({}), other: { filter: 'eventType eq "nothing.is.called.so"' } },
};

describe('what one agent created', () => {
  test.each(PAIRS)('%s %j is met by another with %s', async (create, input, read) => {
    const okta = await world();
    const { id, keys } = await touchedBy(okta, create, input);
    const record = keys.filter((key) => key.includes(String(id)));
    expect(record).toHaveLength(1);
    const { keys: met } = await touchedBy(okta, read, READS[read]?.of(String(id)) ?? {});
    expect(met).toEqual(expect.arrayContaining(record));
    const { keys: unmet } = await touchedBy(okta, read, READS[read]?.other ?? {});
    expect(unmet.filter((key) => record.includes(key))).toEqual([]);
  });

  test('a group is met in the list of a member’s groups, and not in that of somebody else', async () => {
    const okta = await world();
    const { id, keys } = await touchedBy(okta, 'group.create', { name: 'Salary 100000' });
    await okta.run('okta.group.add-member', { groupId: String(id), userId: users.ada });
    const record = keys.filter((key) => key.includes(String(id)));
    const { keys: met } = await touchedBy(okta, 'user.list-groups', { userId: users.ada });
    expect(met).toEqual(expect.arrayContaining(record));
    const { keys: unmet } = await touchedBy(okta, 'user.list-groups', { userId: users.grace });
    expect(unmet.filter((key) => record.includes(key))).toEqual([]);
  });
});

test.each([
  ['user.list', 'users'],
  ['group.list', 'groups'],
  ['group.list-members', 'users'],
] as const)('the longest answer of %s is within the bound', async (name, list) => {
  const { operation } = await world();
  const { input, touched } = operation(`okta.${name}`);
  const most = 1_000;
  const needed = name === 'group.list-members' ? { groupId: groups.finance } : {};
  expect(input.safeParse({ ...needed, limit: most }).success).toBe(true);
  expect(input.safeParse({ ...needed, limit: most + 1 }).success).toBe(false);
  const items = Array.from({ length: most }, (_, i) => ({ id: String(i) }));
  expect(touched?.({ [list]: items }, needed)).toHaveLength(most);
  expect(most).toBeLessThanOrEqual(BOUNDS.touchedResources);
});

test('the system log names each party once, and what is neither user nor group not at all', async () => {
  const { operation } = await world();
  const event = {
    actor: { id: 'u1', type: 'User' },
    target: [{ id: 'u1', type: 'User' }, { id: 'g1', type: 'UserGroup' }, { id: 'a1', type: 'AppInstance' }, {}],
  };
  const touched = operation('okta.system-log.search').touched?.({ events: [event, event, { target: null }] }, {});
  expect(touched).toEqual([
    { type: 'Okta::User', id: 'u1' },
    { type: 'Okta::Group', id: 'g1' },
  ]);
});
