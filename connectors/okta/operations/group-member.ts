import { z } from 'zod';
import type { ResourceRef } from '../../../src/action/resource.ts';
import { type Probe, readOperation, writeOperation } from '../../../src/connector/contract.ts';
import { httpExecution } from '../../../src/connector/http/http-execution.ts';
import { path } from '../../../src/connector/http/path.ts';
import { change } from '../effects.ts';
import { groupId, userId } from '../ids.ts';
import { pagedExecution } from '../pages.ts';
import { readBack, undetermined } from '../read-back.ts';
import { foundUsers, group, user } from '../resources.ts';
import { userOutput } from '../user-schema.ts';

interface Membership {
  readonly groupId: string;
  readonly userId: string;
}

const membershipPath = ({ groupId, userId }: Membership) => path`/api/v1/groups/${groupId}/users/${userId}`;

const listMembers = readOperation({
  name: 'okta.group.list-members',
  description: 'Lists the users in a group, with their profiles.',
  input: z.strictObject({
    groupId,
    limit: z.int().min(1).max(1_000).default(100),
    after: z.string().min(1).max(1_024).optional(),
  }),
  output: z.object({ users: z.array(userOutput), after: z.string().optional() }),
  resourceTypes: ['Okta::Group'],
  resources: ({ groupId }) => [group(groupId)],
  labels: () => ['pii'],
  touched: foundUsers,
  execute: pagedExecution({
    list: 'users',
    call: ({ groupId }) => ({ method: 'GET', path: path`/api/v1/groups/${groupId}/users` }),
  }),
  evidence: [
    { mark: 'spec', source: 'GET /api/v1/groups/{groupId}/users (listGroupUsers); recommended page limit 200' },
  ],
});

/** Reads the user's groups, which are not paged; a group's members can be very many. */
function membershipProbe(wanted: 'member' | 'no member'): Probe<Membership> {
  return async ({ groupId, userId }, context) => {
    const answer = await readBack({ path: path`/api/v1/users/${userId}/groups` }, context);
    const groups = answer.ok ? z.array(z.object({ id: z.string() })).safeParse(answer.reply.body) : undefined;
    if (groups?.success !== true) return undetermined(answer);
    const is = groups.data.some(({ id }) => id === groupId) ? 'member' : 'no member';
    return is === wanted ? { status: 'applied', result: {} } : { status: 'not-applied' };
  };
}

const membership = {
  input: z.strictObject({ groupId, userId }),
  output: z.object({}),
  resourceTypes: ['Okta::Group', 'Okta::User'],
  resources: ({ groupId, userId }: Membership): readonly [ResourceRef, ResourceRef] => [group(groupId), user(userId)],
  effect: () => change('privilege', { reversible: 'operation' }),
  effectKinds: ['privilege'],
} as const;

const addMember = writeOperation({
  ...membership,
  name: 'okta.group.add-member',
  description: 'Puts a user into a group, with every application and admin role that the group has.',
  repeat: {
    class: 'naturally-idempotent',
    evidence: {
      mark: 'spec',
      source:
        'PUT /api/v1/groups/{groupId}/users/{userId}: no body, 204; the path names the membership. PUT is idempotent (RFC 9110 §9.2.2)',
    },
  },
  execute: httpExecution({
    request: (input) => ({ method: 'PUT', path: membershipPath(input) }),
    repeatable: true,
    result: () => ({}),
  }),
  probe: membershipProbe('member'),
  undo: ({ groupId, userId }) => ({ operation: 'okta.group.remove-member', input: { groupId, userId } }),
  evidence: [
    {
      mark: 'spec',
      source: 'PUT /api/v1/groups/{groupId}/users/{userId} (assignUserToGroup): groups of type OKTA_GROUP only',
    },
  ],
});

const removeMember = writeOperation({
  ...membership,
  name: 'okta.group.remove-member',
  description: 'Takes a user out of a group. Applications that the user had only through it deprovision the user.',
  repeat: {
    class: 'naturally-idempotent',
    evidence: {
      mark: 'spec',
      source:
        'DELETE /api/v1/groups/{groupId}/users/{userId}: 204; the path names the membership. DELETE is idempotent (RFC 9110 §9.2.2)',
    },
  },
  execute: httpExecution({
    request: (input) => ({ method: 'DELETE', path: membershipPath(input) }),
    repeatable: true,
    result: () => ({}),
  }),
  probe: membershipProbe('no member'),
  undo: ({ groupId, userId }) => ({ operation: 'okta.group.add-member', input: { groupId, userId } }),
  evidence: [
    {
      mark: 'spec',
      source: 'DELETE /api/v1/groups/{groupId}/users/{userId} (unassignUserFromGroup): groups of type OKTA_GROUP only',
    },
  ],
});

export const groupMemberOperations = [listMembers, addMember, removeMember] as const;
