import type { Values } from '../values.ts';

export const BASE = 'dc=example,dc=com';
export const USERS = `ou=people,${BASE}`;
export const GROUPS = `ou=groups,${BASE}`;
export const BIND = { dn: `cn=interlock,${BASE}`, password: 'directory-password-1' };
/** What the settings keep as the password of new accounts. */
export const INITIAL_PASSWORD = 'initial-password-of-accounts-1';

export const userDn = (uid: string): string => `uid=${uid},${USERS}`;
export const groupDn = (cn: string): string => `cn=${cn},${GROUPS}`;

interface SeedEntry {
  readonly dn: string;
  readonly attributes: readonly Values[];
}

const place = (ou: string, above = BASE): SeedEntry => ({
  dn: `ou=${ou},${above}`,
  attributes: [
    { attribute: 'objectClass', values: ['organizationalUnit'] },
    { attribute: 'ou', values: [ou] },
  ],
});

function person(uid: string, givenName: string, sn: string): SeedEntry {
  return {
    dn: userDn(uid),
    attributes: [
      { attribute: 'objectClass', values: ['inetOrgPerson'] },
      { attribute: 'uid', values: [uid] },
      { attribute: 'cn', values: [`${givenName} ${sn}`] },
      { attribute: 'givenName', values: [givenName] },
      { attribute: 'sn', values: [sn] },
      { attribute: 'mail', values: [`${uid}@example.com`] },
    ],
  };
}

function team(cn: string, uids: readonly string[]): SeedEntry {
  return {
    dn: groupDn(cn),
    attributes: [
      { attribute: 'objectClass', values: ['groupOfNames'] },
      { attribute: 'cn', values: [cn] },
      { attribute: 'member', values: uids.map(userDn) },
    ],
  };
}

const PEOPLE = [
  ['ada', 'Ada', 'Lovelace'],
  ['alan', 'Alan', 'Turing'],
  ['barbara', 'Barbara', 'Liskov'],
  ['edsger', 'Edsger', 'Dijkstra'],
  ['grace', 'Grace', 'Hopper'],
] as const;

/** More than one page of a search. */
const CROWD = 120;

/** What a fresh directory holds, parents first. Nobody has a password; Edsger is disabled. */
export const SEED: readonly SeedEntry[] = [
  {
    dn: BASE,
    attributes: [
      { attribute: 'objectClass', values: ['dcObject', 'organization'] },
      { attribute: 'dc', values: ['example'] },
      { attribute: 'o', values: ['Example'] },
    ],
  },
  place('people'),
  place('former', USERS),
  place('groups'),
  place('machines'),
  ...PEOPLE.map(([uid, givenName, sn]) => person(uid, givenName, sn)),
  ...Array.from({ length: CROWD }, (_, index) => person(`temp${index}`, 'Temporary', `Worker ${index}`)),
  team('admins', ['grace']),
  team('engineering', ['alan', 'barbara']),
  team('finance', ['barbara']),
];

/** Locked for good (slapo-ppolicy(5)). */
export const LOCKED: readonly { readonly dn: string; readonly change: Values }[] = [
  { dn: userDn('edsger'), change: { attribute: 'pwdAccountLockedTime', values: ['000001010000Z'] } },
];

/** Settings with which the connector reaches a directory that holds the seed. */
export const seedSettings = (url: string) => ({
  url,
  bindDn: BIND.dn,
  password: BIND.password,
  base: BASE,
  userBase: USERS,
  groupBase: GROUPS,
  privilegedGroups: [groupDn('admins')],
  passwords: { initial: INITIAL_PASSWORD },
});
