import { z } from 'zod';
import { readOperation, writeOperation } from '../../../src/connector/contract.ts';
import { isJsonObject } from '../../../src/lib/json.ts';
import { change } from '../effects.ts';
import { idempotent, once, sdk } from '../evidence.ts';
import { cursor, fileId, teamId, usergroupId, userId } from '../ids.ts';
import { reading, withCursor, writing } from '../method-execution.ts';
import { ask, undetermined } from '../read-back.ts';
import { COLLECTION, file, person, usergroup } from '../resources.ts';

const flag = z.boolean().nullish();
const output = z.object({
  id: z.string(),
  name: z.string().nullish(),
  real_name: z.string().nullish(),
  deleted: flag,
  is_admin: flag,
  is_owner: flag,
  is_restricted: flag,
});

const getUser = readOperation({
  name: 'slack.user.get',
  description: 'Reads one member.',
  input: z.strictObject({ user: userId }),
  output,
  resourceTypes: ['Slack::User'],
  resources: ({ user }) => [person(user)],
  labels: () => ['pii'],
  execute: reading({ method: 'users.info', result: (body) => body['user'] }),
  evidence: [sdk('users.info: user')],
});

const listUsers = readOperation({
  name: 'slack.user.list',
  description: 'Lists one page of members.',
  input: z.strictObject({ limit: z.int().min(1).max(1_000).default(200), cursor: cursor.optional() }),
  output: z.object({ members: z.array(output), cursor: z.string().optional() }),
  resourceTypes: ['Slack::User'],
  resources: () => [person(COLLECTION)],
  labels: () => ['pii'],
  touched: ({ members }) => members.map(({ id }) => person(id)),
  execute: reading({ method: 'users.list', result: (body) => withCursor(body['members'], body, 'members') }),
  evidence: [sdk('users.list: limit, cursor')],
});

const inTeam = z.strictObject({ team_id: teamId, user_id: userId });
const onUser = {
  resourceTypes: ['Slack::User'],
  resources: (input: { readonly user_id: string }) => [person(input.user_id)] as const,
  provenance: { arguments: { team_id: 'target', user_id: 'target' } },
} as const;

/** What an administrator does to a member; who somebody is now the member's record tells. */
function administering(
  verb: 'remove' | 'set-admin' | 'set-owner',
  said: {
    readonly method: string;
    readonly description: string;
    readonly isDone: (user: z.output<typeof output>) => boolean;
    readonly none: string;
  },
) {
  const { method, description, isDone, none } = said;
  return writeOperation({
    ...onUser,
    name: `slack.user.${verb}`,
    description,
    input: inTeam,
    output: z.object({}),
    effect: () => change('privilege', { privileged: true }),
    effectKinds: ['privilege'],
    repeat: idempotent(method, 'sets what the member is'),
    execute: writing({ method }, true),
    probe: async (input, context) => {
      const answer = await ask('users.info', { user: input.user_id }, context);
      const found = answer.ok ? z.object({ user: output }).safeParse(answer.reply.body) : undefined;
      if (found?.success !== true) return undetermined(answer);
      return isDone(found.data.user) ? { status: 'applied', result: {} } : { status: 'not-applied' };
    },
    undo: { none },
    evidence: [sdk(`${method}: team_id, user_id`)],
  });
}

const removeUser = administering('remove', {
  method: 'admin.users.remove',
  description: 'Takes somebody out of the workspace, with all that they could see in it.',
  isDone: ({ deleted }) => deleted === true,
  none: 'A new invitation must be accepted, and channels are joined anew.',
});

const setAdmin = administering('set-admin', {
  method: 'admin.users.setAdmin',
  description: 'Makes somebody an administrator of the workspace.',
  isDone: (user) => user.is_admin === true,
  none: 'What the member was before is not kept.',
});

const setOwner = administering('set-owner', {
  method: 'admin.users.setOwner',
  description: 'Makes somebody an owner of the workspace, who may do everything in it.',
  isDone: (user) => user.is_owner === true,
  none: 'What the member was before is not kept.',
});

const resetSessions = writeOperation({
  ...onUser,
  name: 'slack.user.reset-sessions',
  description: 'Signs somebody out everywhere.',
  input: z.strictObject({ user_id: userId }),
  output: z.object({}),
  provenance: { arguments: { user_id: 'target' } },
  effect: () => change('isolate', { privileged: true }),
  effectKinds: ['isolate'],
  repeat: idempotent('admin.users.session.reset', 'who is signed out is signed out'),
  execute: writing({ method: 'admin.users.session.reset' }, true),
  undo: { none: 'The member signs in again.' },
  evidence: [sdk('admin.users.session.reset: user_id')],
});

const members = z.object({ users: z.array(z.string()) });
const onGroup = {
  resourceTypes: ['Slack::UserGroup'],
  resources: (input: { readonly usergroup: string }) => [usergroup(input.usergroup)] as const,
} as const;

const listMembers = readOperation({
  ...onGroup,
  name: 'slack.usergroup.list-members',
  description: 'Lists who is in a user group.',
  input: z.strictObject({ usergroup: usergroupId }),
  output: members,
  labels: () => ['pii'],
  touched: ({ users }) => users.map(person),
  execute: reading({ method: 'usergroups.users.list', result: (body) => body }),
  evidence: [sdk('usergroups.users.list: usergroup')],
});

const sorted = (users: readonly string[]): string => [...users].sort().join(',');

const setMembers = writeOperation({
  ...onGroup,
  name: 'slack.usergroup.set-members',
  description: '**Replaces** who is in a user group, with the channels that the group brings.',
  input: z.strictObject({ usergroup: usergroupId, users: z.array(userId).min(1).max(1_000) }),
  output: z.object({ former: members.optional() }),
  provenance: { arguments: { usergroup: 'target', users: 'destination' } },
  effect: ({ users }) => change('privilege', { privileged: true, reversible: 'operation', count: users.length }),
  effectKinds: ['privilege'],
  repeat: idempotent('usergroups.users.update', 'replaces the whole list'),
  execute: async (input, context) => {
    const before = await ask('usergroups.users.list', { usergroup: input.usergroup }, context);
    const former = before.ok ? members.safeParse(before.reply.body) : undefined;
    const fields = { usergroup: input.usergroup, users: input.users.join(',') };
    const done = await writing<typeof input>({ method: 'usergroups.users.update', fields: () => fields }, true)(
      input,
      context,
    );
    return done.status === 'succeeded' && former?.success === true
      ? { ...done, result: { former: former.data } }
      : done;
  },
  probe: async (input, context) => {
    const answer = await ask('usergroups.users.list', { usergroup: input.usergroup }, context);
    const found = answer.ok ? members.safeParse(answer.reply.body) : undefined;
    if (found?.success !== true) return undetermined(answer);
    return sorted(found.data.users) === sorted(input.users)
      ? { status: 'applied', result: {} }
      : { status: 'not-applied' };
  },
  undo: ({ usergroup: group }, result) => {
    const former = isJsonObject(result) ? members.safeParse(result['former']) : undefined;
    // Slack takes no empty list.
    if (former?.success !== true || former.data.users.length === 0) return undefined;
    return { operation: 'slack.usergroup.set-members', input: { usergroup: group, users: former.data.users } };
  },
  evidence: [sdk('usergroups.users.update: usergroup, users (all of them, with commas)')],
});

const deleteFile = writeOperation({
  name: 'slack.file.delete',
  description: 'Deletes a file from every channel it was shared in.',
  input: z.strictObject({ file: fileId }),
  output: z.object({}),
  resourceTypes: ['Slack::File'],
  resources: (input) => [file(input.file)],
  provenance: { arguments: { file: 'target' } },
  effect: () => change('delete'),
  effectKinds: ['delete'],
  repeat: once('files.delete: a file that is gone is refused with file_not_found or file_deleted; it'),
  execute: writing({ method: 'files.delete' }),
  probe: async (input, context) => {
    const answer = await ask('files.info', { file: input.file }, context);
    if (answer.ok) return { status: 'not-applied' };
    const error = isJsonObject(answer.reply?.body) ? answer.reply.body['error'] : undefined;
    return error === 'file_deleted' ? { status: 'applied', result: {} } : undetermined(answer);
  },
  undo: { none: 'Slack keeps no copy for members.' },
  evidence: [sdk('files.delete: file')],
});

export const peopleOperations = [
  getUser,
  listUsers,
  removeUser,
  setAdmin,
  setOwner,
  resetSessions,
  listMembers,
  setMembers,
  deleteFile,
] as const;
