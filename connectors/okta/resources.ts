import type { ResourceRef, ResourceType } from '../../src/action/resource.ts';

/** What Okta's operations touch. Nothing about these things is known from an input but their ids. */
export const RESOURCE_TYPES = {
  'Okta::User': {},
  'Okta::Group': {},
  'Okta::Role': {},
  'Okta::App': {},
  'Okta::Policy': {},
  'Okta::ApiToken': {},
  'Okta::SystemLog': {},
} as const satisfies Record<ResourceType, Readonly<Record<string, never>>>;

/** The id that stands for all of a kind: what a list reads, and where a new thing goes. */
export const COLLECTION = '*';

/** `pii`: who somebody is. `security`: who may do what, and what happened. `untrusted`: text that outsiders can write. */
export const LABELS = ['pii', 'security', 'untrusted'] as const;

export const user = (id: string): ResourceRef => ({ type: 'Okta::User', id });
export const group = (id: string): ResourceRef => ({ type: 'Okta::Group', id });
interface Named {
  readonly id: string;
}

/** What the answers show: users and groups by the ids under which the other operations name them. */
export const foundUsers = ({ users }: { readonly users: readonly Named[] }) => users.map(({ id }) => user(id));
export const foundGroups = ({ groups }: { readonly groups: readonly Named[] }) => groups.map(({ id }) => group(id));

export const role = (type: string): ResourceRef => ({ type: 'Okta::Role', id: type });
