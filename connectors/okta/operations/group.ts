import { z } from 'zod';
import { readOperation, writeOperation } from '../../../src/connector/contract.ts';
import { httpExecution } from '../../../src/connector/http/http-execution.ts';
import { path } from '../../../src/connector/http/path.ts';
import { deleteOnce } from '../delete-once.ts';
import { change, WHOLE_ORG } from '../effects.ts';
import { groupId, userId } from '../ids.ts';
import { pagedExecution } from '../pages.ts';
import { readBack, undetermined } from '../read-back.ts';
import { COLLECTION, foundGroups, group, user } from '../resources.ts';

const text = z.string().nullish();
const groupOutput = z.object({
  id: z.string(),
  type: text,
  created: text,
  lastUpdated: text,
  lastMembershipUpdated: text,
  profile: z.object({ name: z.string(), description: text }),
});

const groupPath = ({ groupId }: { readonly groupId: string }) => path`/api/v1/groups/${groupId}`;

const getGroup = readOperation({
  name: 'okta.group.get',
  description: 'Reads one group, without its members.',
  input: z.strictObject({ groupId }),
  output: groupOutput,
  resourceTypes: ['Okta::Group'],
  resources: ({ groupId }) => [group(groupId)],
  execute: httpExecution({
    request: (input) => ({ method: 'GET', path: groupPath(input) }),
    repeatable: true,
    result: (reply) => reply.body,
  }),
  evidence: [{ mark: 'spec', source: 'GET /api/v1/groups/{groupId} (getGroup)' }],
});

const listGroups = readOperation({
  name: 'okta.group.list',
  description: 'Searches groups, e.g. `profile.name eq "Finance"` or `type eq "OKTA_GROUP"`; may lag behind.',
  input: z.strictObject({
    search: z.string().min(1).max(2_048).optional(),
    limit: z.int().min(1).max(1_000).default(100),
    after: z.string().min(1).max(1_024).optional(),
  }),
  output: z.object({ groups: z.array(groupOutput), after: z.string().optional() }),
  resourceTypes: ['Okta::Group'],
  resources: () => [group(COLLECTION)],
  touched: foundGroups,
  execute: pagedExecution({
    list: 'groups',
    call: ({ search }) => ({ method: 'GET', path: '/api/v1/groups', query: { search } }),
  }),
  evidence: [{ mark: 'spec', source: 'GET /api/v1/groups (listGroups); "search" is eventually consistent' }],
});

const listUserGroups = readOperation({
  name: 'okta.user.list-groups',
  description: 'Lists the groups that a user is in.',
  input: z.strictObject({ userId }),
  output: z.object({ groups: z.array(groupOutput) }),
  resourceTypes: ['Okta::User'],
  resources: ({ userId }) => [user(userId)],
  labels: () => ['pii'],
  touched: foundGroups,
  execute: httpExecution({
    request: ({ userId }) => ({ method: 'GET', path: path`/api/v1/users/${userId}/groups` }),
    repeatable: true,
    result: (reply) => ({ groups: reply.body }),
  }),
  evidence: [{ mark: 'spec', source: 'GET /api/v1/users/{id}/groups (listUserGroups); not paged' }],
});

const name = z.string().min(1).max(255);

const createGroup = writeOperation({
  name: 'okta.group.create',
  description: 'Creates an empty group, which gives nobody anything yet.',
  input: z.strictObject({ name, description: z.string().max(1_024).optional() }),
  output: groupOutput,
  resourceTypes: ['Okta::Group'],
  resources: () => [group(COLLECTION)],
  effect: () => change('create', { reversible: 'operation', privileged: false }),
  effectKinds: ['create'],
  repeat: { class: 'at-most-once', evidence: { mark: 'spec', source: 'POST /api/v1/groups names no idempotency key' } },
  touched: ({ id }) => [group(id)],
  execute: httpExecution({
    request: ({ name, description }) => ({
      method: 'POST',
      path: '/api/v1/groups',
      body: { profile: description === undefined ? { name } : { name, description } },
    }),
    repeatable: false,
    result: (reply) => reply.body,
  }),
  // `q` finds names that begin so, and is not the one that lags behind [spec]; a full page could hide the group.
  probe: async ({ name, description }, context) => {
    const answer = await readBack({ path: '/api/v1/groups', query: { q: name } }, context);
    const found = answer.ok ? z.array(groupOutput).safeParse(answer.reply.body) : undefined;
    if (found?.success !== true || found.data.length >= QUERY_RESULTS) return undetermined(answer);
    const same = found.data.find(({ profile }) => profile.name === name);
    if (same === undefined) return { status: 'not-applied' };
    if ((same.profile.description ?? '') === (description ?? '')) return { status: 'applied', result: same };
    return { status: 'undetermined', detail: 'A group of this name exists, with another description.' };
  },
  undo: (_, result) => {
    const created = groupOutput.safeParse(result);
    return created.success ? { operation: 'okta.group.delete', input: { groupId: created.data.id } } : undefined;
  },
  evidence: [
    { mark: 'spec', source: 'POST /api/v1/groups (addGroup)' },
    { mark: 'mem', source: 'a name that another group has is refused with E0000001' },
  ],
});

/** "The default limit for a query is 300 results" [spec]. */
const QUERY_RESULTS = 300;

const deleteGroup = writeOperation({
  ...deleteOnce(groupPath),
  name: 'okta.group.delete',
  description: 'Deletes a group. Its members lose the applications and roles they had through it.',
  input: z.strictObject({ groupId }),
  resourceTypes: ['Okta::Group'],
  resources: ({ groupId }) => [group(groupId)],
  effect: () => change('delete', { reversible: 'no', count: WHOLE_ORG }),
  effectKinds: ['delete'],
  undo: { none: 'A new group of the same name has another id, no members and no assignments.' },
  evidence: [{ mark: 'spec', source: 'DELETE /api/v1/groups/{groupId} (deleteGroup)' }],
});

export const groupOperations = [getGroup, listGroups, listUserGroups, createGroup, deleteGroup] as const;
