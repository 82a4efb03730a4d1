import { z } from 'zod';
import { readOperation, writeOperation } from '../../../src/connector/contract.ts';
import { path } from '../../../src/connector/http/path.ts';
import { change, WHOLE_TENANT } from '../effects.ts';
import { doc, mem } from '../evidence.ts';
import { byBody, byIds, callExecution, type GraphCall, inner } from '../graph-call.ts';
import { directoryScope, objectId, opaqueId } from '../ids.ts';
import { quoted } from '../odata-filter.ts';
import { limit, listExecution, listOf } from '../pages.ts';
import { absenceProbe, probeList } from '../read-back.ts';
import { object, role } from '../resources.ts';
import { ROLE_REACHES, reachOf } from '../role-reach.ts';

const ASSIGNMENTS = '/v1.0/roleManagement/directory/roleAssignments';
const text = z.string().nullish();
const assignment = z.object({ id: z.string(), principalId: text, roleDefinitionId: text, directoryScopeId: text });

const listAssignments = readOperation({
  name: 'entra.role-assignment.list',
  description: 'Lists the admin roles that a user, group or service principal holds.',
  input: z.strictObject({ principalId: objectId, limit }),
  output: listOf(assignment),
  resourceTypes: ['Entra::Object'],
  resources: ({ principalId }) => [object(principalId)],
  labels: () => ['security'],
  execute: listExecution(({ principalId }) => ({
    path: ASSIGNMENTS,
    query: { $filter: `principalId eq ${quoted(principalId)}` },
  })),
  evidence: [doc('GET /roleManagement/directory/roleAssignments?$filter=principalId eq')],
});

const input = z.strictObject({
  principalId: objectId,
  roleDefinitionId: objectId,
  directoryScopeId: directoryScope.default('/'),
});
type Assignment = z.output<typeof input>;

const createCall: GraphCall<Assignment> = {
  request: ({ principalId, roleDefinitionId, directoryScopeId }) => ({
    method: 'POST',
    path: ASSIGNMENTS,
    body: {
      '@odata.type': '#microsoft.graph.unifiedRoleAssignment',
      principalId,
      roleDefinitionId,
      directoryScopeId,
    },
  }),
  result: (reply) => reply.body,
};

const createAssignment = writeOperation({
  name: 'entra.role-assignment.create',
  provenance: { arguments: { principalId: 'destination', roleDefinitionId: 'credential', directoryScopeId: 'flag' } },
  description: 'Makes a user, group or service principal an administrator, of the whole tenant or of a part of it.',
  input,
  output: assignment,
  facets: {
    schema: z.object({ roleReach: z.enum(ROLE_REACHES), wholeTenant: z.boolean() }),
    of: ({ roleDefinitionId, directoryScopeId }) => ({
      roleReach: reachOf(roleDefinitionId),
      wholeTenant: directoryScopeId === '/',
    }),
  },
  resourceTypes: ['Entra::Object', 'Entra::Role'],
  resources: ({ principalId, roleDefinitionId }) => [object(principalId), role(roleDefinitionId)],
  labels: () => ['security'],
  // Whoever could make other admins, tokens or apps meanwhile is not undone by taking the role away.
  effect: ({ roleDefinitionId }) =>
    change('privilege', {
      reversible: ['read-only', 'scoped'].includes(reachOf(roleDefinitionId)) ? 'operation' : 'no',
    }),
  effectKinds: ['privilege'],
  repeat: {
    class: 'at-most-once',
    evidence: mem('a second assignment of the same role is refused with RoleAssignmentExists'),
  },
  execute: callExecution(createCall, false),
  // A principal holds a role on a scope once, so the assignments tell.
  probe: ({ principalId, roleDefinitionId, directoryScopeId }, context) =>
    probeList(
      { path: ASSIGNMENTS, query: { $filter: `principalId eq ${quoted(principalId)}` } },
      {
        context,
        find: (items) => {
          const found = items
            .map((item) => assignment.safeParse(item).data)
            .find((item) => item?.roleDefinitionId === roleDefinitionId && item.directoryScopeId === directoryScopeId);
          return found === undefined ? { status: 'not-applied' } : { status: 'applied', result: found };
        },
      },
    ),
  undo: (_input, result) => {
    const made = assignment.safeParse(result);
    return made.success
      ? { operation: 'entra.role-assignment.delete', input: { roleAssignmentId: made.data.id } }
      : undefined;
  },
  evidence: [
    doc('POST /roleManagement/directory/roleAssignments {principalId, roleDefinitionId, directoryScopeId}: 201'),
  ],
});

interface OneAssignment {
  readonly roleAssignmentId: string;
}
const assignmentPath = ({ roleAssignmentId }: OneAssignment) => `${ASSIGNMENTS}${path`/${roleAssignmentId}`}`;
const deleteCall: GraphCall<OneAssignment> = {
  request: (input) => ({ method: 'DELETE', path: assignmentPath(input) }),
};

const deleteAssignment = writeOperation({
  name: 'entra.role-assignment.delete',
  provenance: { arguments: { roleAssignmentId: 'target' } },
  description: 'Takes an admin role away.',
  input: z.strictObject({ roleAssignmentId: opaqueId }),
  output: z.object({}),
  resourceTypes: ['Entra::Role'],
  resources: ({ roleAssignmentId }) => [role(roleAssignmentId)],
  // The last administrator of something can be among them.
  effect: () => change('privilege', { reversible: 'no', count: WHOLE_TENANT }),
  effectKinds: ['privilege'],
  repeat: {
    class: 'at-most-once',
    evidence: doc('DELETE …/roleAssignments/{id}: 204, and 404 for what is not there'),
  },
  execute: callExecution(deleteCall, false),
  probe: absenceProbe(assignmentPath),
  undo: { none: 'Whose role it was, and on what, is gone with the assignment.' },
  evidence: [doc('DELETE /roleManagement/directory/roleAssignments/{id}')],
});

export const roleAssignmentOperations = [listAssignments, createAssignment, deleteAssignment] as const;
export const roleAssignmentInner = [
  inner(createAssignment, createCall, {
    method: 'POST',
    path: '/roleManagement/directory/roleAssignments',
    input: (_ids, { '@odata.type': _type, ...body }) => byBody()([], body),
  }),
  inner(deleteAssignment, deleteCall, {
    method: 'DELETE',
    path: '/roleManagement/directory/roleAssignments/{}',
    input: byIds('roleAssignmentId'),
  }),
];
