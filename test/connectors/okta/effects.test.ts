import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ADMIN_GROUP, WHOLE_ORG } from '../../../connectors/okta/effects.ts';
import { grantEffect, reachOf } from '../../../connectors/okta/role-reach.ts';
import { SEED } from '../../../connectors/okta/simulator/seed.ts';
import { clearableField, PROFILE_FIELDS } from '../../../connectors/okta/user-schema.ts';
import { type Effect, effectSchema } from '../../../src/action/effect.ts';
import type { AnyOperation } from '../../../src/connector/contract.ts';
import type { JsonObject } from '../../../src/lib/json.ts';
import { type OktaWorld, openWorld } from './okta-world.ts';
import { NEW_USER, SAMPLES } from './samples.ts';

const { users, groups, roles } = SEED;
const userId = users.ada;
const groupId = groups.finance;

/** kind, reversible, then what is true of it, then the count where it is not 1. */
type Expected = readonly [Effect['kind'], Effect['reversible'], string, number?];

const CASES: readonly (readonly [operation: string, input: JsonObject, expected: Expected])[] = [
  ['okta.user.create', { profile: NEW_USER }, ['create', 'operation', '']],
  ['okta.user.create', { profile: NEW_USER, activate: true }, ['create', 'no', 'external privileged']],
  ['okta.user.create', { profile: NEW_USER, groupIds: [groupId] }, ['privilege', 'operation', 'privileged', 2]],
  [
    'okta.user.create',
    { profile: NEW_USER, groupIds: [groupId, groups.admins], activate: true },
    ['privilege', 'no', 'external privileged', 3],
  ],
  ['okta.user.update-profile', { userId, profile: { nickName: 'Countess' } }, ['update', 'operation', '']],
  ['okta.user.update-profile', { userId, profile: { department: 'Finance' } }, ['update', 'operation', 'privileged']],
  ['okta.user.update-profile', { userId, clear: ['department'] }, ['update', 'operation', 'privileged']],
  [
    'okta.user.update-profile',
    { userId, profile: { email: 'eve@elsewhere.example' } },
    ['privilege', 'operation', 'external privileged'],
  ],
  [
    'okta.user.update-profile',
    { userId, profile: { login: 'eve@example.com', nickName: 'Eve' } },
    ['privilege', 'operation', 'external privileged'],
  ],
  ['okta.user.update-profile', { userId, clear: ['secondEmail'] }, ['privilege', 'operation', 'external privileged']],
  [
    'okta.user.update-profile',
    { userId, profile: { mobilePhone: '+1 555 0100' } },
    ['privilege', 'operation', 'external privileged'],
  ],
  ['okta.user.activate', { userId }, ['privilege', 'no', 'external privileged']],
  ['okta.user.activate', { userId, sendEmail: false }, ['privilege', 'no', 'privileged']],
  ['okta.user.deactivate', { userId }, ['delete', 'no', 'privileged']],
  ['okta.user.deactivate', { userId, sendEmail: true }, ['delete', 'no', 'privileged']],
  ['okta.user.suspend', { userId }, ['isolate', 'operation', 'privileged']],
  ['okta.user.unsuspend', { userId }, ['privilege', 'operation', 'privileged']],
  ['okta.user.delete', { userId, expectedStatus: 'DEPROVISIONED' }, ['delete', 'no', 'privileged']],
  ['okta.user.reset-factors', { userId }, ['privilege', 'no', 'privileged']],
  ['okta.user.reset-password', { userId, sendEmail: true }, ['privilege', 'no', 'external privileged']],
  ['okta.user.reset-password', { userId, sendEmail: false }, ['privilege', 'no', 'privileged']],
  ['okta.user.expire-password', { userId }, ['privilege', 'no', 'privileged']],
  ['okta.user.clear-sessions', { userId }, ['isolate', 'no', 'privileged']],
  ['okta.role.assign', { userId, type: 'READ_ONLY_ADMIN' }, ['privilege', 'operation', 'privileged']],
  ['okta.role.assign', { userId, type: 'HELP_DESK_ADMIN' }, ['privilege', 'operation', 'privileged']],
  [
    'okta.role.assign',
    { userId, type: 'HELP_DESK_ADMIN', thirdPartyAdmin: true },
    ['privilege', 'operation', 'external privileged'],
  ],
  ['okta.role.assign', { userId, type: 'SUPER_ADMIN' }, ['privilege', 'no', 'privileged']],
  [
    'okta.role.assign',
    { userId, type: 'CUSTOM', role: roles.helpDesk, resourceSet: roles.readOnly },
    ['privilege', 'no', 'external privileged'],
  ],
  ['okta.role.assign', { userId, type: 'BRAND_NEW_ADMIN' }, ['privilege', 'no', 'external privileged']],
  ['okta.role.unassign', { userId, roleAssignmentId: roles.readOnly }, ['privilege', 'no', 'privileged']],
  ['okta.group.create', { name: 'Contractors' }, ['create', 'operation', '']],
  ['okta.group.delete', { groupId }, ['delete', 'no', 'privileged', WHOLE_ORG]],
  ['okta.group.add-member', { groupId, userId }, ['privilege', 'operation', 'privileged']],
  ['okta.group.remove-member', { groupId, userId }, ['privilege', 'operation', 'privileged']],
  [
    'okta.group.assign-role',
    { groupId, type: 'READ_ONLY_ADMIN' },
    ['privilege', 'operation', 'privileged', ADMIN_GROUP],
  ],
  ['okta.group.assign-role', { groupId, type: 'ORG_ADMIN' }, ['privilege', 'no', 'privileged', ADMIN_GROUP]],
  [
    'okta.group.unassign-role',
    { groupId, roleAssignmentId: roles.helpDesk },
    ['privilege', 'no', 'privileged', ADMIN_GROUP],
  ],
  ['okta.app.deactivate', { appId: SEED.apps.payroll }, ['isolate', 'no', 'privileged', WHOLE_ORG]],
  ['okta.app.delete', { appId: SEED.apps.payroll }, ['delete', 'no', 'privileged', WHOLE_ORG]],
  ['okta.policy.delete', { policyId: SEED.policies.signOn }, ['delete', 'no', 'privileged', WHOLE_ORG]],
  ['okta.api-token.revoke', { apiTokenId: SEED.apiTokens.integration }, ['delete', 'no', 'privileged']],
];

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

describe('the effect follows from the arguments', () => {
  test.each(CASES)('%s %j', (operation, input, [kind, reversible, marks, count = 1]) => {
    const [external, privileged] = [marks.includes('external'), marks.includes('privileged')];
    expect(effectOf(operation, input)).toEqual({ kind, reversible, external, privileged, count });
  });

  test('the cases reach every write and every kind that it declares', () => {
    for (const { operation } of SAMPLES) {
      const definition: AnyOperation = world.operation(operation);
      if (definition.kind === 'read') continue;
      const kinds = CASES.filter(([name]) => name === operation).map(([, , [kind]]) => kind);
      expect([...new Set(kinds)].sort(), operation).toEqual([...definition.effectKinds].sort());
    }
  });
});

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
      SAMPLES.map(({ operation, input }) => [
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
