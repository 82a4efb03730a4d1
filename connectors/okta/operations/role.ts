import { z } from 'zod';
import { readOperation, writeOperation } from '../../../src/connector/contract.ts';
import { httpExecution } from '../../../src/connector/http/http-execution.ts';
import { path } from '../../../src/connector/http/path.ts';
import { deleteOnce } from '../delete-once.ts';
import { change } from '../effects.ts';
import { roleAssignmentId, userId } from '../ids.ts';
import { role, user } from '../resources.ts';
import {
  GRANT_REPEAT,
  grantExecution,
  grantProbe,
  isWholeGrant,
  roleAssignment,
  roleFacets,
  roleGrant,
  UNGRANT_UNDO,
  WHOLE_GRANT,
} from '../role-assignment.ts';
import { grantEffect } from '../role-reach.ts';

const rolesOf = ({ userId }: { readonly userId: string }) => path`/api/v1/users/${userId}/roles`;
const assignmentOf = (input: { readonly userId: string; readonly roleAssignmentId: string }) =>
  path`/api/v1/users/${input.userId}/roles/${input.roleAssignmentId}`;

const listRoles = readOperation({
  name: 'okta.user.list-roles',
  description: 'Lists the admin roles of a user, with the assignment ids that taking them away needs.',
  input: z.strictObject({ userId }),
  output: z.object({ roles: z.array(roleAssignment) }),
  resourceTypes: ['Okta::User'],
  resources: ({ userId }) => [user(userId)],
  labels: () => ['security'],
  execute: httpExecution({
    request: (input) => ({ method: 'GET', path: rolesOf(input) }),
    repeatable: true,
    result: (reply) => ({ roles: reply.body }),
  }),
  evidence: [{ mark: 'spec', source: 'GET /api/v1/users/{userId}/roles (listAssignedRolesForUser)' }],
});

const assignRole = writeOperation({
  name: 'okta.role.assign',
  description: 'Makes a user an administrator. SUPER_ADMIN can do anything, and make others administrators too.',
  input: z.strictObject({ userId, ...roleGrant }).refine(isWholeGrant, WHOLE_GRANT),
  output: roleAssignment,
  facets: roleFacets,
  resourceTypes: ['Okta::User', 'Okta::Role'],
  resources: ({ userId, type }) => [user(userId), role(type)],
  labels: () => ['security'],
  effect: (input) => grantEffect(input, 1),
  effectKinds: ['privilege'],
  repeat: GRANT_REPEAT,
  execute: grantExecution(rolesOf),
  probe: grantProbe(rolesOf),
  undo: ({ userId }, result) => {
    const done = roleAssignment.safeParse(result);
    return done.success
      ? { operation: 'okta.role.unassign', input: { userId, roleAssignmentId: done.data.id } }
      : undefined;
  },
  evidence: [
    {
      mark: 'spec',
      source:
        'POST /api/v1/users/{userId}/roles (assignRoleToUser): standard {type}, custom {type, role, resource-set}',
    },
    { mark: 'spec', source: 'disableNotifications: "Setting this to true grants the user third-party admin status"' },
  ],
});

const unassignRole = writeOperation({
  ...deleteOnce(assignmentOf),
  name: 'okta.role.unassign',
  description: 'Takes an admin role from a user.',
  input: z.strictObject({ userId, roleAssignmentId }),
  resourceTypes: ['Okta::User'],
  resources: ({ userId }) => [user(userId)],
  effect: () => change('privilege', { reversible: 'no' }),
  effectKinds: ['privilege'],
  undo: UNGRANT_UNDO,
  evidence: [{ mark: 'spec', source: 'DELETE /api/v1/users/{userId}/roles/{roleAssignmentId} (unassignRoleFromUser)' }],
});

export const roleOperations = [listRoles, assignRole, unassignRole] as const;
