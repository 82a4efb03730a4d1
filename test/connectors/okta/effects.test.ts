import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import fixtures, { NEW_USER } from '../../../connectors/okta/conformance.ts';
import { grantEffect, reachOf } from '../../../connectors/okta/role-reach.ts';
import { SEED } from '../../../connectors/okta/simulator/seed.ts';
import { clearableField, PROFILE_FIELDS } from '../../../connectors/okta/user-schema.ts';
import { type Effect, effectSchema } from '../../../src/action/effect.ts';
import type { JsonObject } from '../../../src/lib/json.ts';
import { type OktaWorld, openWorld } from './okta-world.ts';

const { users, groups, roles } = SEED;
const userId = users.ada;
const groupId = groups.finance;

let world: OktaWorld;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

function effectOf(operation: string, input: JsonObject): Effect {
  const definition = world.operation(operation);
  if (definition.kind === 'read') throw new Error(`${operation} only reads`);
  const effect = definition.effect(definition.input.parse(input));
  expect(definition.effectKinds).toContain(effect.kind);
  return effectSchema.parse(effect);
}

const roleType = fc.oneof(
  fc.constantFrom('SUPER_ADMIN', 'ORG_ADMIN', 'READ_ONLY_ADMIN', 'APP_ADMIN'),
  fc.stringMatching(/^[A-Z][A-Z0-9_]{1,40}$/),
);

describe('no input yields less than it does', () => {
  test('a role type that nobody has classified counts as the worst', () => {
    fc.assert(
      fc.property(roleType, fc.boolean(), (type, thirdPartyAdmin) => {
        const effect = grantEffect({ type, thirdPartyAdmin }, 1);
        expect(effect).toMatchObject({ kind: 'privilege', privileged: true });
        if (reachOf(type) === 'unknown') expect(effect).toMatchObject({ reversible: 'no', external: true });
        if (thirdPartyAdmin) expect(effect.external).toBe(true);
      }),
    );
  });

  test('names that every object has are not role types', () => {
    for (const type of ['constructor', 'toString', '__proto__', 'hasOwnProperty'])
      expect(reachOf(type)).toBe('unknown');
  });

  test('whoever changes a field of signing in changes who controls the account', () => {
    const text = fc.constantFrom('Eve', 'x');
    const address = fc.constantFrom('eve@example.com', 'eve@elsewhere.example');
    const phones = ['mobilePhone', 'primaryPhone'];
    const value = (field: string) =>
      /email|login/i.test(field)
        ? address
        : phones.includes(field)
          ? fc.constant('+1 555')
          : field === 'countryCode'
            ? fc.constant('GB')
            : text;
    const profile = fc.record(Object.fromEntries(PROFILE_FIELDS.map((field) => [field, value(field)])), {
      requiredKeys: [],
    });
    const clear = fc.uniqueArray(fc.constantFrom(...clearableField.options));
    fc.assert(
      fc.property(profile, clear, (set, cleared) => {
        const profile = Object.fromEntries(
          Object.entries(set).flatMap(([field, text]) => (text === undefined ? [] : [[field, text]])),
        );
        const input = { userId, profile, clear: cleared };
        fc.pre(world.operation('okta.user.update-profile').input.safeParse(input).success);
        const signsIn = [...Object.keys(set), ...cleared].some((field) =>
          ['login', 'email', 'secondEmail', 'mobilePhone'].includes(field),
        );
        expect(effectOf('okta.user.update-profile', input)).toMatchObject(
          signsIn ? { kind: 'privilege', external: true, privileged: true } : { kind: 'update' },
        );
      }),
    );
  });

  test('an activated or grouped new user is never an ordinary record', () => {
    fc.assert(
      fc.property(fc.boolean(), fc.uniqueArray(fc.constantFrom(...Object.values(groups))), (activate, groupIds) => {
        const effect = effectOf('okta.user.create', { profile: NEW_USER, activate, groupIds });
        expect(effect.external).toBe(activate);
        expect(effect.privileged).toBe(activate || groupIds.length > 0);
        expect(effect.count).toBe(1 + groupIds.length);
      }),
    );
  });
});

describe('inputs that mean two things are refused', () => {
  test.each([
    ['okta.user.delete', { userId }],
    ['okta.user.delete', { userId, expectedStatus: 'ACTIVE' }],
    ['okta.user.update-profile', { userId }],
    ['okta.user.update-profile', { userId, profile: { title: 'x' }, clear: ['title'] }],
    ['okta.user.update-profile', { userId, profile: { favouriteColour: 'blue' } }],
    ['okta.user.update-profile', { userId, clear: ['login'] }],
    ['okta.user.update-profile', { userId, clear: ['email'] }],
    ['okta.user.reset-password', { userId }],
    ['okta.user.list', { search: 'a eq "b"', filter: 'c eq "d"' }],
    ['okta.role.assign', { userId, type: 'CUSTOM' }],
    ['okta.role.assign', { userId, type: 'SUPER_ADMIN', role: roles.helpDesk, resourceSet: roles.helpDesk }],
    ['okta.role.assign', { userId, type: 'super_admin' }],
    ['okta.user.create', { profile: NEW_USER, credentials: { password: { value: 'x' } } }],
    ['okta.user.suspend', { userId, force: true }],
  ])('%s %j', (operation, input) => {
    expect(world.operation(operation).input.safeParse(input).success).toBe(false);
  });
});

describe('what policies can see', () => {
  test.each([
    [
      'okta.user.create',
      { profile: { ...NEW_USER, secondEmail: 'mary@Home.Example' } },
      { domains: ['example.com', 'home.example'] },
    ],
    [
      'okta.user.update-profile',
      { userId, profile: { email: 'ada@elsewhere.example' } },
      { domains: ['elsewhere.example'] },
    ],
    ['okta.user.update-profile', { userId, profile: { title: 'x' } }, { domains: [] }],
    ['okta.role.assign', { userId, type: 'SUPER_ADMIN' }, { roleReach: 'org-wide' }],
    ['okta.group.assign-role', { groupId, type: 'NEW_ADMIN' }, { roleReach: 'unknown' }],
  ])('%s %j shows %j', (operation, input, expected) => {
    const { facets, input: schema } = world.operation(operation);
    expect(facets?.schema.parse(facets.of(schema.parse(input)))).toEqual(expected);
  });

  test('reading people, rights and the log is labelled', () => {
    const labels = Object.fromEntries(
      fixtures.samples.map(({ operation, input }) => [
        operation,
        world.operation(operation).labels?.(world.operation(operation).input.parse(input)) ?? [],
      ]),
    );
    expect(labels).toMatchObject({
      'okta.user.get': ['pii'],
      'okta.user.list': ['pii'],
      'okta.group.list-members': ['pii'],
      'okta.user.list-roles': ['security'],
      'okta.system-log.search': ['security', 'pii', 'untrusted'],
    });
  });
});
