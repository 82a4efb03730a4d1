import { z } from 'zod';
import { readOperation, writeOperation } from '../../../src/connector/contract.ts';
import { httpExecution } from '../../../src/connector/http/http-execution.ts';
import { path } from '../../../src/connector/http/path.ts';
import { deleteOnce } from '../delete-once.ts';
import { ADMIN_GROUP, change } from '../effects.ts';
import { groupId, roleAssignmentId } from '../ids.ts';
import { group, role } from '../resources.ts';
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

const rolesOf = ({ groupId }: { readonly groupId: string }) => path`/api/v1/groups/${groupId}/roles`;
const assignmentOf = (input: { readonly groupId: string; readonly roleAssignmentId: string }) =>
  path`/api/v1/groups/${input.groupId}/roles/${input.roleAssignmentId}`;

const listRoles = readOperation({
  name: 'okta.group.list-roles',
  description: 'Lists the admin roles that a group gives its members.',
  input: z.strictObject({ groupId }),
  output: z.object({ roles: z.array(roleAssignment) }),
  resourceTypes: ['Okta::Group'],
  resources: ({ groupId }) => [group(groupId)],
  labels: () => ['security'],
  execute: httpExecution({
    request: (input) => ({ method: 'GET', path: rolesOf(input) }),
    repeatable: true,
    result: (reply) => ({ roles: reply.body }),
  }),
  evidence: [{ mark: 'spec', source: 'GET /api/v1/groups/{groupId}/roles (listGroupAssignedRoles)' }],
});

const assignRole = writeOperation({
  name: 'okta.group.assign-role',
  description: 'Makes every present and future member of a group an administrator.',
  input: z.strictObject({ groupId, ...roleGrant }).refine(isWholeGrant, WHOLE_GRANT),
  // The spec has two replies: 200 with the assignment, and 201 without a body.
  output: roleAssignment.partial(),
  facets: roleFacets,
  resourceTypes: ['Okta::Group', 'Okta::Role'],
  resources: ({ groupId, type }) => [group(groupId), role(type)],
  labels: () => ['security'],
  effect: (input) => grantEffect(input, ADMIN_GROUP),
  effectKinds: ['privilege'],
  repeat: GRANT_REPEAT,
  execute: grantExecution(rolesOf),
  probe: grantProbe(rolesOf),
  undo: ({ groupId }, result) => {
    const done = roleAssignment.safeParse(result);
    return done.success
      ? { operation: 'okta.group.unassign-role', input: { groupId, roleAssignmentId: done.data.id } }
      : undefined;
  },
  evidence: [
    { mark: 'spec', source: 'POST /api/v1/groups/{groupId}/roles (assignRoleToGroup)' },
    { mark: 'spec', source: 'disableNotifications: "Grants the group third-party admin status when set to true"' },
  ],
});

const unassignRole = writeOperation({
  ...deleteOnce(assignmentOf),
  name: 'okta.group.unassign-role',
  description: 'Takes an admin role from a group and all its members.',
  input: z.strictObject({ groupId, roleAssignmentId }),
  resourceTypes: ['Okta::Group'],
  resources: ({ groupId }) => [group(groupId)],
  effect: () => change('privilege', { reversible: 'no', count: ADMIN_GROUP }),
  effectKinds: ['privilege'],
  undo: UNGRANT_UNDO,
  evidence: [
    { mark: 'spec', source: 'DELETE /api/v1/groups/{groupId}/roles/{roleAssignmentId} (unassignRoleFromGroup)' },
  ],
});

export const groupRoleOperations = [listRoles, assignRole, unassignRole] as const;
