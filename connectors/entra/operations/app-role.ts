import { z } from 'zod';
import { readOperation, writeOperation } from '../../../src/connector/contract.ts';
import { path } from '../../../src/connector/http/path.ts';
import { change } from '../effects.ts';
import { doc, NO_KEY } from '../evidence.ts';
import { byIds, callExecution, type GraphCall, inner } from '../graph-call.ts';
import { objectId, opaqueId } from '../ids.ts';
import { limit, listExecution, listOf } from '../pages.ts';
import { absenceProbe, probeList } from '../read-back.ts';
import { grant, servicePrincipal } from '../resources.ts';

interface Holder {
  readonly servicePrincipalId: string;
}

const rolesOf = ({ servicePrincipalId }: Holder) =>
  path`/v1.0/servicePrincipals/${servicePrincipalId}/appRoleAssignments`;
const text = z.string().nullish();
const assignment = z.object({
  id: z.string(),
  principalId: text,
  resourceId: text,
  resourceDisplayName: text,
  appRoleId: text,
});

const listRoles = readOperation({
  name: 'entra.app-role.list',
  description: 'Lists the application permissions that a service principal has.',
  input: z.strictObject({ servicePrincipalId: objectId, limit }),
  output: listOf(assignment),
  resourceTypes: ['Entra::ServicePrincipal'],
  resources: ({ servicePrincipalId }) => [servicePrincipal(servicePrincipalId)],
  labels: () => ['security'],
  execute: listExecution((input) => ({ path: rolesOf(input) })),
  evidence: [doc('GET /servicePrincipals/{id}/appRoleAssignments')],
});

const input = z.strictObject({ servicePrincipalId: objectId, resourceId: objectId, appRoleId: objectId });
type AppRole = z.output<typeof input>;

const assignCall: GraphCall<AppRole> = {
  request: (input) => ({
    method: 'POST',
    path: rolesOf(input),
    body: { principalId: input.servicePrincipalId, resourceId: input.resourceId, appRoleId: input.appRoleId },
  }),
  result: (reply) => reply.body,
};

const assignRole = writeOperation({
  name: 'entra.app-role.assign',
  provenance: { arguments: { servicePrincipalId: 'destination', resourceId: 'target', appRoleId: 'credential' } },
  description:
    'Gives an application permission to a service principal: it acts with it in its own name, on everybody’s data, without a user.',
  input,
  output: assignment,
  resourceTypes: ['Entra::ServicePrincipal', 'Entra::Role'],
  resources: ({ servicePrincipalId, resourceId }) => [
    servicePrincipal(servicePrincipalId),
    servicePrincipal(resourceId),
  ],
  labels: () => ['security'],
  effect: () => change('privilege', { reversible: 'no', external: true }),
  effectKinds: ['privilege'],
  repeat: NO_KEY,
  execute: callExecution(assignCall, false),
  probe: ({ resourceId, appRoleId, ...holder }, context) =>
    probeList(
      { path: rolesOf(holder) },
      {
        context,
        find: (items) => {
          const found = items
            .map((item) => assignment.safeParse(item).data)
            .find((item) => item?.resourceId === resourceId && item.appRoleId === appRoleId);
          return found === undefined ? { status: 'not-applied' } : { status: 'applied', result: found };
        },
      },
    ),
  undo: ({ servicePrincipalId }, result) => {
    const made = assignment.safeParse(result);
    return made.success
      ? { operation: 'entra.app-role.unassign', input: { servicePrincipalId, assignmentId: made.data.id } }
      : undefined;
  },
  evidence: [
    doc(
      'POST /servicePrincipals/{id}/appRoleAssignments {principalId, resourceId, appRoleId}: 201; principalId is the id of the path',
    ),
  ],
});

interface OneAssignment extends Holder {
  readonly assignmentId: string;
}
const assignmentPath = ({ assignmentId, ...holder }: OneAssignment) => `${rolesOf(holder)}${path`/${assignmentId}`}`;
const unassignCall: GraphCall<OneAssignment> = {
  request: (input) => ({ method: 'DELETE', path: assignmentPath(input) }),
};

const unassignRole = writeOperation({
  name: 'entra.app-role.unassign',
  provenance: { arguments: { servicePrincipalId: 'target', assignmentId: 'target' } },
  description: 'Takes an application permission from a service principal; what it does with it stops.',
  input: z.strictObject({ servicePrincipalId: objectId, assignmentId: opaqueId }),
  output: z.object({}),
  resourceTypes: ['Entra::ServicePrincipal', 'Entra::Grant'],
  resources: ({ servicePrincipalId, assignmentId }) => [servicePrincipal(servicePrincipalId), grant(assignmentId)],
  effect: () => change('isolate', { reversible: 'no' }),
  effectKinds: ['isolate'],
  repeat: NO_KEY,
  execute: callExecution(unassignCall, false),
  probe: absenceProbe(assignmentPath),
  undo: { none: 'Which permission it was is gone with the assignment.' },
  evidence: [doc('DELETE /servicePrincipals/{id}/appRoleAssignments/{id}: 204')],
});

export const appRoleOperations = [listRoles, assignRole, unassignRole] as const;
export const appRoleInner = [
  inner(assignRole, assignCall, {
    method: 'POST',
    path: '/servicePrincipals/{}/appRoleAssignments',
    input: ([servicePrincipalId = ''], { principalId, ...body }) =>
      principalId === servicePrincipalId ? { ...body, servicePrincipalId } : undefined,
  }),
  inner(unassignRole, unassignCall, {
    method: 'DELETE',
    path: '/servicePrincipals/{}/appRoleAssignments/{}',
    input: byIds('servicePrincipalId', 'assignmentId'),
  }),
];
