import type { Json } from '../../../src/lib/json.ts';

/** Whom and what every simulated service begins with. */
export const SEED = {
  users: { ada: 'user-ada', grace: 'user-grace', alan: 'user-alan', edsger: 'user-edsger', barbara: 'user-barbara' },
  groups: { engineering: 'group-engineering', finance: 'group-finance' },
} as const;

/** A stored resource, by attribute. */
export type Stored = Record<string, Json>;

export interface Store {
  readonly users: Map<string, Stored>;
  readonly groups: Map<string, Stored>;
}

const { users, groups } = SEED;

function person(id: string, givenName: string, familyName: string, active = true): [string, Stored] {
  const userName = `${givenName.toLowerCase()}@example.com`;
  const displayName = `${givenName} ${familyName}`;
  const name = { givenName, familyName };
  const emails = [{ value: userName, type: 'work', primary: true }];
  return [id, { id, userName, displayName, name, emails, active, title: 'Engineer', meta: { version: 'W/"1"' } }];
}

const team = (id: string, displayName: string, members: readonly string[]): [string, Stored] => [
  id,
  { id, displayName, members: members.map((value) => ({ value })), meta: { version: 'W/"1"' } },
];

export function seedStore(): Store {
  return {
    users: new Map([
      person(users.ada, 'Ada', 'Lovelace'),
      person(users.grace, 'Grace', 'Hopper'),
      person(users.alan, 'Alan', 'Turing'),
      person(users.edsger, 'Edsger', 'Dijkstra', false),
      person(users.barbara, 'Barbara', 'Liskov'),
    ]),
    groups: new Map([
      team(groups.engineering, 'Engineering', [users.ada, users.grace]),
      team(groups.finance, 'Finance', [users.alan]),
    ]),
  };
}
