import { z } from 'zod';
import { type Execute, type ExecutionContext, readOperation, writeOperation } from '../../../src/connector/contract.ts';
import { failedOf, httpExecution } from '../../../src/connector/http/http-execution.ts';
import { change } from '../effects.ts';
import { resourcesOf } from '../envelope.ts';
import { ONCE, sdk } from '../evidence.ts';
import { cid, distinct, roleId, userUuid } from '../ids.ts';
import { allOrNone, readBack, settle } from '../read-back.ts';
import { refs } from '../resources.ts';

const role = z.object({ role_id: z.string(), role_name: z.string().optional(), cid: z.string().optional() });

const rolesOf = (userUuid: string, cid?: string) =>
  ({
    method: 'GET',
    path: '/user-management/combined/user-roles/v2',
    query: { user_uuid: userUuid, cid, direct_only: true, limit: 500 },
  }) as const;

const listRoles = readOperation({
  name: 'crowdstrike.user.list-roles',
  description: 'Lists the roles that somebody was granted directly.',
  input: z.strictObject({ userUuid, cid: cid.optional() }),
  output: z.object({ roles: z.array(role) }),
  resourceTypes: ['CrowdStrike::User'],
  resources: ({ userUuid }) => refs('CrowdStrike::User', [userUuid]),
  labels: () => ['security'],
  execute: httpExecution({
    request: ({ userUuid, cid }) => rolesOf(userUuid, cid),
    repeatable: true,
    result: (reply) => ({ roles: resourcesOf(reply, role) }),
  }),
  evidence: [sdk('GET /user-management/combined/user-roles/v2 (CombinedUserRolesV2)')],
});

const input = z.strictObject({ userUuid, cid, roleIds: distinct(roleId) });
type RoleInput = z.output<typeof input>;
const output = z.object({ changed: z.array(z.string()) });

/** Which of the roles somebody holds; or how asking ended. */
async function heldBy({ userUuid, cid, roleIds }: RoleInput, context: ExecutionContext) {
  const answer = await readBack(rolesOf(userUuid, cid), context);
  if (!answer.ok) return failedOf(answer, true);
  const said = z.object({ resources: z.array(role) }).safeParse(answer.reply.body);
  if (!said.success) {
    const detail = 'The connector cannot read which roles are held.';
    return { status: 'failed', code: 'RESPONSE_UNEXPECTED', detail, exposed: true } as const;
  }
  const held = new Set(said.data.resources.map(({ role_id }) => role_id));
  return { status: 'read', held: roleIds.filter((id) => held.has(id)) } as const;
}

/** Changes only what has to change, so that taking it back takes no role that was held before. */
function roleAction(action: 'grant' | 'revoke'): Execute<RoleInput> {
  return async (wanted, context) => {
    const before = await heldBy(wanted, context);
    if (before.status !== 'read') return before;
    const changed = wanted.roleIds.filter((id) => before.held.includes(id) === (action === 'revoke'));
    if (changed.length === 0) return { status: 'succeeded', result: { changed } };
    const act = httpExecution<RoleInput>({
      request: ({ userUuid, cid }) => ({
        method: 'POST',
        path: '/user-management/entities/user-role-actions/v1',
        body: { action, cid, role_ids: changed, uuid: userUuid },
      }),
      repeatable: false,
      result: () => ({ changed }),
    });
    return act(wanted, context);
  };
}

/** Granting and revoking are one path of Falcon's, and each other's way back. */
function roleOperation(action: 'grant' | 'revoke') {
  return writeOperation({
    name: `crowdstrike.role.${action}`,
    description:
      action === 'grant' ? 'Gives somebody roles in the console.' : 'Takes roles in the console away from somebody.',
    input,
    output,
    resourceTypes: ['CrowdStrike::User', 'CrowdStrike::Role'],
    resources: ({ userUuid, roleIds }) => [
      { type: 'CrowdStrike::User', id: userUuid },
      ...refs('CrowdStrike::Role', roleIds),
    ],
    labels: () => ['security'],
    provenance: { arguments: { userUuid: 'target', roleIds: 'credential', cid: 'target' } },
    effect: ({ roleIds }) => change('privilege', 'operation', { count: roleIds.length }),
    effectKinds: ['privilege'],
    repeat: ONCE,
    execute: roleAction(action),
    probe: settle({
      call: ({ userUuid, cid }) => rolesOf(userUuid, cid),
      item: role,
      judge: (roles, { roleIds }) =>
        allOrNone(
          roleIds.map((id) => roles.some(({ role_id }) => role_id === id) === (action === 'grant')),
          roleIds.length,
        ),
      result: (_roles, { roleIds }) => ({ changed: roleIds }),
    }),
    undo: ({ userUuid, cid, roleIds }, result) => {
      const said = output.safeParse(result);
      const changed = said.success ? said.data.changed : roleIds;
      const opposite = action === 'grant' ? 'revoke' : 'grant';
      if (changed.length === 0) return undefined;
      return { operation: `crowdstrike.role.${opposite}`, input: { userUuid, cid, roleIds: changed } };
    },
    evidence: [sdk('POST /user-management/entities/user-role-actions/v1 {action: grant | revoke} (userRolesActionV1)')],
  });
}

export const roleOperations = [listRoles, roleOperation('grant'), roleOperation('revoke')] as const;
