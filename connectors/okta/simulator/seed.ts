import type { Json } from '../../../src/lib/json.ts';
import type { Org, SimulatedUser, UserStatus } from './org.ts';

const SEEDED_AT = '2026-01-05T09:00:00.000Z';

/** Whom and what every simulated org begins with; ids of the shape that Okta makes. */
export const SEED = {
  users: {
    ada: '00uadalovelace000001',
    grace: '00ugracehopper000001',
    alan: '00ualanturing0000001',
    radia: '00uradiaperlman00001',
    edsger: '00uedsgerdijkstra001',
    barbara: '00ubarbaraliskov0001',
    katherine: '00ukatherinejohn0001',
  },
  groups: {
    everyone: '00geveryone000000001',
    engineering: '00gengineering000001',
    finance: '00gfinance0000000001',
    admins: '00gadmins00000000001',
  },
  roles: { readOnly: 'ra1readonly000000001', helpDesk: 'grahelpdesk000000001' },
  apps: { payroll: '0oapayroll0000000001', wiki: '0oawiki0000000000001' },
  policies: { signOn: '00psignon00000000001' },
  apiTokens: { integration: '00Tintegration000001' },
} as const;

interface Person {
  readonly name: readonly [first: string, last: string];
  readonly status: UserStatus;
  readonly department: string;
}

const PEOPLE: Readonly<Record<keyof typeof SEED.users, Person>> = {
  ada: { name: ['Ada', 'Lovelace'], status: 'ACTIVE', department: 'Engineering' },
  grace: { name: ['Grace', 'Hopper'], status: 'ACTIVE', department: 'Engineering' },
  alan: { name: ['Alan', 'Turing'], status: 'ACTIVE', department: 'Finance' },
  radia: { name: ['Radia', 'Perlman'], status: 'STAGED', department: 'Engineering' },
  edsger: { name: ['Edsger', 'Dijkstra'], status: 'SUSPENDED', department: 'Finance' },
  barbara: { name: ['Barbara', 'Liskov'], status: 'DEPROVISIONED', department: 'Engineering' },
  katherine: { name: ['Katherine', 'Johnson'], status: 'LOCKED_OUT', department: 'Finance' },
};

export function seedOrg(transitionReads = 0): Org {
  const { users, groups, roles, apps, policies, apiTokens } = SEED;
  const people = Object.entries(PEOPLE).map(([key, person]) => seededUser(key, person));
  const members = (...ids: string[]) => new Set(ids);
  const group = (id: string, name: string, ids: Set<string>, type: 'OKTA_GROUP' | 'BUILT_IN' = 'OKTA_GROUP') =>
    [
      id,
      { id, type, profile: { name, description: `${name} of the simulated org` }, members: ids, created: SEEDED_AT },
    ] as const;
  return {
    users: new Map(people.map((user) => [user.id, user])),
    groups: new Map([
      group(groups.everyone, 'Everyone', members(...people.map(({ id }) => id)), 'BUILT_IN'),
      group(groups.engineering, 'Engineering', members(users.ada, users.grace)),
      group(groups.finance, 'Finance', members(users.alan)),
      group(groups.admins, 'IT Admins', members(users.grace)),
    ]),
    roles: new Map([
      [
        roles.readOnly,
        { id: roles.readOnly, holder: users.grace, assignmentType: 'USER', grant: { type: 'READ_ONLY_ADMIN' } },
      ],
      [
        roles.helpDesk,
        { id: roles.helpDesk, holder: groups.admins, assignmentType: 'GROUP', grant: { type: 'HELP_DESK_ADMIN' } },
      ],
    ]),
    apps: new Map([
      [apps.payroll, 'ACTIVE'],
      [apps.wiki, 'INACTIVE'],
    ]),
    policies: new Set([policies.signOn]),
    apiTokens: new Map([[apiTokens.integration, { name: 'integration', userId: users.grace }]]),
    log: [],
    transitionReads,
  };
}

function seededUser(key: string, { name: [firstName, lastName], status, department }: Person): SimulatedUser {
  const login = `${key}@example.com`;
  const profile: Readonly<Record<string, Json>> = {
    login,
    email: login,
    firstName,
    lastName,
    department,
    favouriteColour: 'an attribute of the org',
  };
  const active = status === 'ACTIVE';
  return {
    id: SEED.users[key as keyof typeof SEED.users], // keys of PEOPLE, which are those of SEED.users
    status,
    transition: undefined,
    profile,
    hasPassword: status !== 'STAGED',
    factors: active
      ? [{ id: `opf${key}`.padEnd(20, '0'), factorType: 'push', provider: 'OKTA', status: 'ACTIVE' }]
      : [],
    sessions: active ? 1 : 0,
    created: SEEDED_AT,
    lastUpdated: SEEDED_AT,
    statusChanged: SEEDED_AT,
    version: 1,
  };
}
