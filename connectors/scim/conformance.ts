import type { Effect } from '../../src/action/effect.ts';
import type { ConformanceFixtures, ConformanceSample } from '../../src/connector/conformance/fixtures.ts';
import type { JsonObject } from '../../src/lib/json.ts';
import { WHOLE_GROUP } from './resources.ts';
import { SEED } from './simulator/seed.ts';

const { users, groups } = SEED;
const userId = users.ada;
const groupId = groups.finance;

const read = (operation: string, input: JsonObject = {}): ConformanceSample => ({ operation, input, effects: [] });
const write = (operation: string, input: JsonObject, when?: string): ConformanceSample => ({
  operation,
  input,
  effects: [operation.slice('scim.'.length)],
  when,
});

const NEW_USER = {
  userName: 'mary@example.com',
  displayName: 'Mary Jackson',
  givenName: 'Mary',
  email: 'mary@example.com',
};
const PATCH = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';

export const BULK = {
  operations: [
    {
      method: 'POST',
      path: '/Users',
      bulkId: 'mary',
      data: { schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'], userName: 'mary@example.com' },
    },
    {
      method: 'PATCH',
      path: `/Users/${users.alan}`,
      data: { schemas: [PATCH], Operations: [{ op: 'Replace', path: 'active', value: 'False' }] },
    },
    {
      method: 'PATCH',
      path: `/Groups/${groups.finance}`,
      data: { schemas: [PATCH], Operations: [{ op: 'add', path: 'members', value: [{ value: users.ada }] }] },
    },
    { method: 'DELETE', path: `/Users/${users.barbara}` },
  ],
};

/** One call of each operation that a fresh service grants. */
const SAMPLES: readonly ConformanceSample[] = [
  read('scim.user.get', { userId }),
  read('scim.user.list', { where: [{ attribute: 'userName', is: 'eq', value: 'ada@example.com' }], limit: 3 }),
  write('scim.user.create', { ...NEW_USER, active: true }, 'active'),
  write('scim.user.update', { userId, displayName: 'Countess', givenName: 'Augusta' }),
  write('scim.user.deactivate', { userId }),
  write('scim.user.activate', { userId: users.edsger }),
  write('scim.user.delete', { userId }),
  read('scim.group.get', { groupId }),
  read('scim.group.list', { where: [{ attribute: 'displayName', is: 'sw', value: 'Fin' }] }),
  write('scim.group.create', { displayName: 'Auditors', memberIds: [users.grace] }, 'with members'),
  write('scim.group.delete', { groupId }),
  write('scim.group.add-members', { groupId, memberIds: [users.ada, users.grace] }),
  // The last one, because an undo adds at the end.
  write('scim.group.remove-members', { groupId: groups.engineering, memberIds: [users.grace] }),
  write('scim.group.rename', { groupId, displayName: 'Money' }),
  read('scim.me.get'),
  read('scim.service-provider-config.get'),
  read('scim.schema.list'),
  {
    operation: 'scim.bulk.execute',
    input: BULK,
    effects: ['user.create', 'user.deactivate', 'group.add-members', 'user.delete'],
  },
];

/** Kind, reversible, then what is true of it, then the count where it is not 1. */
type Expected = readonly [Effect['kind'], Effect['reversible'], string, number?];

const EFFECTS: readonly (readonly [operation: string, input: JsonObject, expected: Expected, when?: string])[] = [
  ['scim.user.create', NEW_USER, ['create', 'operation', '']],
  ['scim.user.create', { ...NEW_USER, active: true }, ['create', 'operation', 'privileged'], 'active'],
  ['scim.user.update', { userId, displayName: 'Countess' }, ['update', 'operation', '']],
  ['scim.user.update', { userId, title: null }, ['update', 'operation', 'privileged'], 'title or type'],
  [
    'scim.user.update',
    { userId, userName: 'eve@example.com', title: 'CFO' },
    ['privilege', 'operation', 'external privileged'],
    'the user name',
  ],
  ['scim.user.deactivate', { userId }, ['isolate', 'operation', 'privileged']],
  ['scim.user.activate', { userId }, ['privilege', 'operation', 'privileged']],
  ['scim.user.delete', { userId }, ['delete', 'no', 'privileged']],
  ['scim.group.create', { displayName: 'Auditors' }, ['create', 'operation', '']],
  [
    'scim.group.create',
    { displayName: 'Auditors', memberIds: [userId] },
    ['privilege', 'operation', 'privileged', 2],
    'with members',
  ],
  ['scim.group.delete', { groupId }, ['delete', 'no', 'privileged', WHOLE_GROUP]],
  [
    'scim.group.add-members',
    { groupId, memberIds: [users.ada, users.grace] },
    ['privilege', 'operation', 'privileged', 2],
  ],
  ['scim.group.remove-members', { groupId, memberIds: [userId] }, ['privilege', 'operation', 'privileged']],
  ['scim.group.rename', { groupId, displayName: 'Admins' }, ['privilege', 'operation', 'privileged', WHOLE_GROUP]],
  ['scim.bulk.execute', BULK, ['privilege', 'no', 'privileged', 4], 'the worst of its parts'],
];

export default {
  samples: SAMPLES,
  rateLimits: [
    { status: 429, headers: { 'retry-after': '3' }, dialect: 'retry-after', waitsMs: 3_000 },
    { status: 429, headers: {}, dialect: 'none', waitsMs: undefined },
  ],
  effectCases: EFFECTS.map(([operation, input, [kind, reversible, marks, count = 1], when]) => ({
    operation,
    input,
    effect: {
      kind,
      reversible,
      external: marks.includes('external'),
      privileged: marks.includes('privileged'),
      count,
    },
    when,
  })),
  paging: [{ operation: 'scim.user.list', input: { limit: 500 } }],
  state: {
    reads: [
      ...Object.values(users).map((each) => ({ operation: 'scim.user.get', input: { userId: each } })),
      ...Object.values(groups).map((each) => ({ operation: 'scim.group.get', input: { groupId: each } })),
      { operation: 'scim.user.list', input: {} },
      { operation: 'scim.group.list', input: {} },
    ],
    // The version counts writes, also those that take others back.
    ignore: ['meta'],
  },
  facts: [
    { name: 'accountActive', subject: { type: 'Scim::User', id: users.edsger }, value: false },
    { name: 'accountActive', subject: { type: 'Scim::User', id: 'nobody' }, value: undefined },
    { name: 'accountActive', subject: { type: 'Scim::User', id: '*' }, value: undefined },
  ],
  judgedBy: { '*': 'server' },
} satisfies ConformanceFixtures;
