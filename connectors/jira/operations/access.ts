import { z } from 'zod';
import { readOperation, writeOperation } from '../../../src/connector/contract.ts';
import { httpExecution } from '../../../src/connector/http/http-execution.ts';
import { path } from '../../../src/connector/http/path.ts';
import { isJsonObject, type JsonObject } from '../../../src/lib/json.ts';
import { call } from '../call.ts';
import { change, rights } from '../effects.ts';
import { once, sdk } from '../evidence.ts';
import { accountId, groupId, numericId } from '../ids.ts';
import { stateProbe } from '../read-back.ts';
import { remembered, rememberingExecution } from '../remember-execution.ts';
import { group, permissionScheme, user } from '../resources.ts';

const groups = z.array(z.object({ name: z.string(), groupId: z.string().nullish() }));

const listGroups = readOperation({
  name: 'jira.user.list-groups',
  description: 'Lists the groups of one user.',
  input: z.strictObject({ account_id: accountId }),
  output: z.object({ groups }),
  resourceTypes: ['Jira::User'],
  resources: (input) => [user(input.account_id)],
  labels: () => ['security'],
  execute: httpExecution({
    request: ({ account_id }) => call('GET', '/user/groups', { query: { accountId: account_id } }),
    repeatable: true,
    result: ({ body }) => ({ groups: body }),
  }),
  evidence: [sdk('users.getUserGroups: accountId')],
});

const inGroup = z.strictObject({ group_id: groupId, account_id: accountId });
type InGroup = z.output<typeof inGroup>;

const MEMBERSHIP = {
  'add-member': {
    description: 'Puts somebody into a group, with all the rights of it.',
    request: ({ group_id, account_id }: InGroup) =>
      call('POST', '/group/user', { query: { groupId: group_id }, body: { accountId: account_id } }),
    undoneBy: 'jira.group.remove-member',
    evidence: 'groups.addUserToGroup: groupId, accountId',
  },
  'remove-member': {
    description: 'Takes somebody out of a group, with all the rights of it.',
    request: ({ group_id, account_id }: InGroup) =>
      call('DELETE', '/group/user', { query: { groupId: group_id, accountId: account_id } }),
    undoneBy: 'jira.group.add-member',
    evidence: 'groups.removeUserFromGroup: groupId, accountId',
  },
} as const;

function membership(verb: keyof typeof MEMBERSHIP) {
  const { description, request, undoneBy, evidence } = MEMBERSHIP[verb];
  return writeOperation({
    name: `jira.group.${verb}`,
    description,
    input: inGroup,
    output: z.object({}),
    resourceTypes: ['Jira::Group', 'Jira::User'],
    resources: (input) => [group(input.group_id), user(input.account_id)],
    provenance: { arguments: { group_id: 'target', account_id: 'target' } },
    effect: () => rights({ reversible: 'operation' }),
    effectKinds: ['privilege'],
    repeat: once(evidence),
    execute: httpExecution({ request, repeatable: false, result: () => ({}) }),
    probe: stateProbe(
      (input: InGroup) => ({ path: '/user/groups', query: { accountId: input.account_id } }),
      (body, input) => groups.parse(body).some((each) => each.groupId === input.group_id) === (verb === 'add-member'),
    ),
    undo: (input) => ({ operation: undoneBy, input }),
    evidence: [sdk(evidence)],
  });
}

const deleteUser = writeOperation({
  name: 'jira.user.delete',
  description: 'Deletes a user of the site, with all rights.',
  input: z.strictObject({ account_id: accountId }),
  output: z.object({}),
  resourceTypes: ['Jira::User'],
  resources: (input) => [user(input.account_id)],
  provenance: { arguments: { account_id: 'target' } },
  effect: () => change('delete', { privileged: true }),
  effectKinds: ['delete'],
  repeat: once('DELETE /user'),
  execute: httpExecution({
    request: ({ account_id }) => call('DELETE', '/user', { query: { accountId: account_id } }),
    repeatable: false,
    result: () => ({}),
  }),
  // There means not deleted; not there can also mean that this credential may not look.
  probe: stateProbe(
    ({ account_id }: { readonly account_id: string }) => ({ path: '/user', query: { accountId: account_id } }),
    () => false,
  ),
  undo: { none: 'The account has to be invited again, and its rights given one by one.' },
  evidence: [sdk('users.removeUser: accountId')],
});

const holder = z.strictObject({
  type: z.enum(['anyone', 'applicationRole', 'assignee', 'group', 'projectRole', 'projectLead', 'reporter', 'user']),
  value: z.string().min(1).max(255).optional(),
});
const grant = { holder, permission: z.string().regex(/^[A-Z][A-Z_]{1,60}$/, 'the key of a permission') };
/** A grant as Jira answers it, as far as it can be given again. */
const grantShape = z.object({ permission: grant.permission, holder: z.object(holder.shape) });
const inScheme = z.strictObject({ scheme: numericId });
const grantsPath = ({ scheme }: z.output<typeof inScheme>): string => path`/permissionscheme/${scheme}/permission`;
const onScheme = {
  resourceTypes: ['Jira::PermissionScheme'],
  resources: (input: z.output<typeof inScheme>) => [permissionScheme(input.scheme)] as const,
} as const;

const grantPermission = writeOperation({
  ...onScheme,
  name: 'jira.permission.grant',
  description: 'Gives a permission in every project that uses the scheme; `anyone` is the whole internet.',
  input: inScheme.extend(grant),
  output: z.object({ id: z.int() }),
  provenance: { arguments: { scheme: 'target', holder: 'destination', permission: 'flag' } },
  effect: (input) => rights({ reversible: 'operation', external: input.holder.type === 'anyone' }),
  effectKinds: ['privilege'],
  repeat: once('POST /permissionscheme/{id}/permission'),
  execute: httpExecution({
    request: ({ scheme, ...body }) => call('POST', grantsPath({ scheme }), { body: body as JsonObject }), // the schema's own fields, all JSON
    repeatable: false,
    result: ({ body }) => body,
  }),
  undo: ({ scheme }, result) =>
    isJsonObject(result) && Number.isInteger(result['id'])
      ? { operation: 'jira.permission.revoke', input: { scheme, id: String(result['id']) } }
      : undefined,
  evidence: [sdk('permissionSchemes.createPermissionGrant: holder, permission')],
});

const revokePermission = writeOperation({
  ...onScheme,
  name: 'jira.permission.revoke',
  description: 'Takes a permission away in every project that uses the scheme.',
  input: inScheme.extend({ id: numericId }),
  output: z.object({ former: z.object({ permission: z.string(), holder: z.record(z.string(), z.json()) }).partial() }),
  provenance: { arguments: { scheme: 'target', id: 'target' } },
  effect: () => rights({ reversible: 'operation' }),
  effectKinds: ['privilege'],
  repeat: once('DELETE /permissionscheme/{id}/permission/{permission}'),
  execute: rememberingExecution({
    look: ({ id, ...input }) => call('GET', grantsPath(input) + path`/${id}`),
    former: (body) => grantShape.parse(body) as JsonObject, // parsed JSON
    request: ({ id, ...input }) => call('DELETE', grantsPath(input) + path`/${id}`),
    repeatable: false,
  }),
  probe: stateProbe(
    ({ scheme, id }: { readonly scheme: string; readonly id: string }) => ({
      path: grantsPath({ scheme }) + path`/${id}`,
    }),
    () => false,
  ),
  undo: ({ scheme }, result) => {
    const former = remembered(result);
    if (!isJsonObject(former) || former['permission'] === undefined) return undefined;
    return { operation: 'jira.permission.grant', input: { scheme, ...former } };
  },
  evidence: [sdk('permissionSchemes.deletePermissionSchemeEntity, getPermissionSchemeGrant')],
});

export const accessOperations = [
  listGroups,
  membership('add-member'),
  membership('remove-member'),
  deleteUser,
  grantPermission,
  revokePermission,
] as const;
