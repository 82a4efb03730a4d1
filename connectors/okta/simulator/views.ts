import type { JsonObject } from '../../../src/lib/json.ts';
import type { SimulatedGroup, SimulatedRole, SimulatedUser } from './org.ts';

/** Things as the API shows them, with what Okta also sends and the connector must leave out. */
export function userView(user: SimulatedUser): JsonObject {
  return {
    id: user.id,
    status: user.status,
    ...(user.transition === undefined ? {} : { transitioningToStatus: user.transition.to }),
    created: user.created,
    activated: user.status === 'STAGED' ? null : user.created,
    statusChanged: user.statusChanged,
    lastLogin: user.sessions > 0 ? user.lastUpdated : null,
    lastUpdated: user.lastUpdated,
    passwordChanged: user.hasPassword ? user.created : null,
    type: { id: 'otysimulated00000001' },
    profile: { ...user.profile },
    credentials: { provider: { type: 'OKTA', name: 'OKTA' } },
    _links: { self: { href: `/api/v1/users/${user.id}` } },
  };
}

export function groupView({ id, type, profile, created }: SimulatedGroup): JsonObject {
  return {
    id,
    created,
    lastUpdated: created,
    lastMembershipUpdated: created,
    objectClass: ['okta:user_group'],
    type,
    profile: { ...profile },
    _links: { users: { href: `/api/v1/groups/${id}/users` } },
  };
}

export function roleView({ id, assignmentType, grant }: SimulatedRole): JsonObject {
  return { id, label: grant['type'] ?? '', status: 'ACTIVE', assignmentType, ...grant, _links: {} };
}
