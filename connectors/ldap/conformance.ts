import type { Effect } from '../../src/action/effect.ts';
import type { ConformanceFixtures, ConformanceSample } from '../../src/connector/conformance/fixtures.ts';
import type { JsonObject } from '../../src/lib/json.ts';
import { ALL_OF_IT } from './scope.ts';
import { BASE, groupDn, USERS, userDn } from './simulator/seed.ts';

const ada = userDn('ada');
const finance = groupDn('finance');
const former = `ou=former,${USERS}`;

const read = (operation: string, input: JsonObject): ConformanceSample => ({ operation, input, effects: [] });
/** The directory's own log names an effect as LDIF does (RFC 2849). */
const write = (operation: string, input: JsonObject, effect: string): ConformanceSample => ({
  operation,
  input,
  effects: [effect],
});

const NEW_USER = {
  dn: userDn('mary'),
  set: [
    { attribute: 'cn', values: ['Mary Jackson'] },
    { attribute: 'sn', values: ['Jackson'] },
    { attribute: 'mail', values: ['mary@example.com'] },
  ],
};
const POSIX = [
  { attribute: 'uidNumber', values: ['4711'] },
  { attribute: 'gidNumber', values: ['100'] },
  { attribute: 'homeDirectory', values: ['/home/mary'] },
];
const title = { dn: ada, set: [{ attribute: 'title', values: ['Countess'] }] };
const profile = { dn: ada, set: [{ attribute: 'displayName', values: ['Countess Lovelace'] }] };
const mail = { dn: ada, set: [{ attribute: 'mail', values: ['eve@elsewhere.example'] }] };
const account = { dn: ada, set: [{ attribute: 'loginShell', values: ['/bin/sh'] }] };
const raw = { dn: ada, changes: [{ operation: 'replace', attribute: 'roomNumber', values: ['42'] }] };

const SAMPLES: readonly ConformanceSample[] = [
  read('ldap.user.get', { dn: ada }),
  read('ldap.user.search', { where: [{ attribute: 'mail', is: 'starts', value: 'ada@' }], limit: 5 }),
  read('ldap.user.list-groups', { dn: userDn('barbara') }),
  read('ldap.group.get', { dn: finance }),
  read('ldap.group.search', { where: [{ attribute: 'cn', is: 'contains', value: 'min' }] }),
  write('ldap.user.create', NEW_USER, 'add'),
  write('ldap.user.update', title, 'modify'),
  write('ldap.user.rename', { dn: ada, name: 'augusta' }, 'modrdn'),
  write('ldap.user.disable', { dn: ada }, 'modify'),
  write('ldap.user.enable', { dn: userDn('edsger') }, 'modify'),
  write('ldap.user.reset-password', { dn: ada, password: 'initial' }, 'modify'),
  write('ldap.group.create', { dn: groupDn('auditors'), members: [userDn('grace')] }, 'add'),
  write('ldap.group.add-members', { dn: finance, members: [ada, userDn('grace')] }, 'modify'),
  write('ldap.group.remove-members', { dn: groupDn('engineering'), members: [userDn('barbara')] }, 'modify'),
  write('ldap.user.move', { dn: ada, under: former }, 'modrdn'),
  write('ldap.entry.move', { dn: former, under: BASE }, 'modrdn'),
  write('ldap.entry.modify', raw, 'modify'),
  write('ldap.user.delete', { dn: ada }, 'delete'),
  write('ldap.group.delete', { dn: finance }, 'delete'),
  write('ldap.entry.delete', { dn: `ou=machines,${BASE}` }, 'delete'),
];

/** Kind, reversible, then what is true of it, then the count where it is not 1. */
type Expected = readonly [Effect['kind'], Effect['reversible'], string, number?];

const EFFECTS: readonly (readonly [operation: string, input: JsonObject, expected: Expected, when?: string])[] = [
  ['ldap.user.create', { ...NEW_USER, set: NEW_USER.set.slice(0, 2) }, ['create', 'operation', '']],
  [
    'ldap.user.create',
    { ...NEW_USER, set: [...NEW_USER.set, { attribute: 'title', values: ['CFO'] }] },
    ['create', 'operation', 'privileged'],
    'title, department and the like',
  ],
  [
    'ldap.user.create',
    { ...NEW_USER, set: [...NEW_USER.set, ...POSIX] },
    ['privilege', 'operation', 'privileged'],
    'an account on machines',
  ],
  ['ldap.user.update', profile, ['update', 'operation', '']],
  ['ldap.user.update', title, ['update', 'operation', 'privileged'], 'title, department and the like'],
  ['ldap.user.update', account, ['privilege', 'operation', 'privileged'], 'the account on machines'],
  ['ldap.user.update', mail, ['privilege', 'operation', 'external privileged'], 'the mail address'],
  ['ldap.user.rename', { dn: ada, name: 'augusta' }, ['privilege', 'operation', 'privileged']],
  ['ldap.user.disable', { dn: ada }, ['isolate', 'operation', 'privileged']],
  ['ldap.user.enable', { dn: ada }, ['privilege', 'operation', 'privileged']],
  ['ldap.user.reset-password', { dn: ada }, ['isolate', 'no', 'privileged'], 'one that nobody knows'],
  ['ldap.user.reset-password', { dn: ada, password: 'initial' }, ['privilege', 'no', 'privileged']],
  ['ldap.group.create', { dn: groupDn('auditors'), members: [ada] }, ['privilege', 'operation', 'privileged']],
  [
    'ldap.group.add-members',
    { dn: finance, members: [ada, userDn('grace')] },
    ['privilege', 'operation', 'privileged', 2],
  ],
  ['ldap.group.remove-members', { dn: finance, members: [ada] }, ['privilege', 'operation', 'privileged']],
  ['ldap.user.move', { dn: ada, under: former }, ['privilege', 'operation', 'privileged']],
  ['ldap.entry.move', { dn: former, under: BASE }, ['privilege', 'operation', 'privileged', ALL_OF_IT]],
  ['ldap.entry.modify', raw, ['execute', 'no', 'external privileged']],
  ['ldap.user.delete', { dn: ada }, ['delete', 'no', 'privileged']],
  ['ldap.group.delete', { dn: finance }, ['delete', 'no', 'privileged', ALL_OF_IT]],
  ['ldap.entry.delete', { dn: ada }, ['delete', 'no', 'privileged', ALL_OF_IT]],
];

export default {
  samples: SAMPLES,
  // A directory that is busy says so and nothing of when it will not be.
  rateLimits: [{ status: 429, headers: {}, dialect: 'none', waitsMs: undefined }],
  effectCases: EFFECTS.map(([operation, input, [kind, reversible, marks, count = 1], when]) => ({
    operation,
    input,
    effect: { kind, reversible, external: marks.includes('external'), privileged: marks.includes('privileged'), count },
    when,
  })),
  paging: [{ operation: 'ldap.user.search', input: { limit: 500 } }],
  state: {
    reads: [
      ...['ada', 'edsger', 'barbara', 'grace', 'mary', 'augusta'].map((uid) => ({
        operation: 'ldap.user.get',
        input: { dn: userDn(uid) },
      })),
      ...['admins', 'engineering', 'finance', 'auditors'].map((cn) => ({
        operation: 'ldap.group.get',
        input: { dn: groupDn(cn) },
      })),
      { operation: 'ldap.user.search', input: { below: former } },
    ],
    ignore: [],
  },
  facts: [
    {
      name: 'userGroups',
      subject: { type: 'Ldap::User', id: userDn('barbara') },
      value: [groupDn('engineering'), finance],
    },
    { name: 'userGroups', subject: { type: 'Ldap::User', id: ada }, value: [] },
    { name: 'userGroups', subject: { type: 'Ldap::User', id: userDn('nobody') }, value: undefined },
    { name: 'userPrivileged', subject: { type: 'Ldap::User', id: userDn('grace') }, value: true },
    { name: 'userPrivileged', subject: { type: 'Ldap::User', id: ada }, value: false },
    { name: 'userDisabled', subject: { type: 'Ldap::User', id: userDn('edsger') }, value: true },
    { name: 'userDisabled', subject: { type: 'Ldap::User', id: ada }, value: false },
  ],
  judgedBy: { '*': 'server' },
} satisfies ConformanceFixtures;
