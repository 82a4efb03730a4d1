import type { Effect } from '../../src/action/effect.ts';
import { change } from './effects.ts';

/**
 * How far an admin role reaches. The types are the spec's (RoleType); the grouping is ours. `org-wide` roles can make
 * changes that outlive them: other admins, tokens, integrations. `unknown`: custom roles, whose permissions the input
 * does not show, and types that came after this table.
 */
export const ROLE_REACHES = ['read-only', 'scoped', 'org-wide', 'unknown'] as const;

export type RoleReach = (typeof ROLE_REACHES)[number];

const REACH: ReadonlyMap<string, RoleReach> = new Map([
  ['READ_ONLY_ADMIN', 'read-only'],
  ['REPORT_ADMIN', 'read-only'],
  ['APP_ADMIN', 'scoped'],
  ['GROUP_MEMBERSHIP_ADMIN', 'scoped'],
  ['HELP_DESK_ADMIN', 'scoped'],
  ['USER_ADMIN', 'scoped'],
  ['ACCESS_CERTIFICATIONS_ADMIN', 'scoped'],
  ['ACCESS_REQUESTS_ADMIN', 'scoped'],
  ['API_ACCESS_MANAGEMENT_ADMIN', 'org-wide'],
  ['ORG_ADMIN', 'org-wide'],
  ['SUPER_ADMIN', 'org-wide'],
  ['WORKFLOWS_ADMIN', 'org-wide'],
]);

export function reachOf(roleType: string): RoleReach {
  return REACH.get(roleType) ?? 'unknown';
}

interface Grant {
  readonly type: string;
  /** Somebody outside the organisation becomes an admin: Okta's third-party admin status. */
  readonly thirdPartyAdmin: boolean;
}

/** The effect of granting an admin role to `holders` accounts. */
export function grantEffect({ type, thirdPartyAdmin }: Grant, holders: number): Effect {
  const reach = reachOf(type);
  const lasting = reach === 'org-wide' || reach === 'unknown';
  return change('privilege', {
    reversible: lasting ? 'no' : 'operation',
    external: thirdPartyAdmin || reach === 'unknown',
    count: holders,
  });
}
