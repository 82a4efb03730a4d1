import { z } from 'zod';
import { type ExecutionContext, readOperation, writeOperation } from '../../../src/connector/contract.ts';
import { httpExecution } from '../../../src/connector/http/http-execution.ts';
import { path } from '../../../src/connector/http/path.ts';
import { change } from '../effects.ts';
import { doc, idempotent, once, spec } from '../evidence.ts';
import { id } from '../ids.ts';
import { read, undetermined } from '../read-back.ts';
import { COLLECTION, user } from '../resources.ts';

const text = z.string().nullish();
const found = z.object({ id: z.string(), email: text, name: text, active: z.boolean().nullish() });
const users = z.object({ _embedded: z.object({ users: z.array(found) }) });

const findUser = readOperation({
  name: 'talkdesk.user.find',
  description: 'Finds the user with an e-mail address.',
  input: z.strictObject({ email: z.email().max(320) }),
  output: z.object({ users: z.array(found) }),
  resourceTypes: ['Talkdesk::User'],
  resources: () => [user(COLLECTION)],
  labels: () => ['pii'],
  touched: (answer) => answer.users.map((each) => user(each.id)),
  execute: httpExecution({
    request: ({ email }) => ({ method: 'GET', path: '/users', query: { email } }),
    repeatable: true,
    result: ({ body }) => users.parse(body)._embedded,
  }),
  evidence: [spec('GET /users?email= (GetUserByEmail): HAL, _embedded.users')],
});

const statuses = z.array(z.object({ id: z.string(), status: z.string() }));

function readStatuses(ids: readonly string[]) {
  return { method: 'POST', path: '/ccaas/users/status', body: { user_ids: [...ids] } } as const;
}

const getStatus = readOperation({
  name: 'talkdesk.user.get-status',
  description: 'Reads whether agents are available.',
  input: z.strictObject({ user_ids: z.array(id).min(1).max(100) }),
  output: z.object({ statuses }),
  resourceTypes: ['Talkdesk::User'],
  resources: ({ user_ids: [first = COLLECTION, ...others] }) => [user(first), ...others.map(user)],
  execute: httpExecution({
    request: ({ user_ids }) => readStatuses(user_ids),
    repeatable: true,
    reads: true,
    result: ({ body }) => ({ statuses: body }),
  }),
  evidence: [spec('POST /ccaas/users/status (GetUserStatus): user_ids')],
});

const listStatuses = readOperation({
  name: 'talkdesk.user.list-statuses',
  description: 'Lists the statuses that the account has for its agents.',
  input: z.strictObject({}),
  output: z.object({ custom_status: z.array(z.object({ id: z.string(), display_name: text })) }),
  resourceTypes: ['Talkdesk::User'],
  resources: () => [user(COLLECTION)],
  execute: httpExecution({
    request: () => ({ method: 'GET', path: '/account/custom-status' }),
    repeatable: true,
    result: ({ body }) => body,
  }),
  evidence: [spec('GET /account/custom-status (GetAccountStatusList)')],
});

const STATUS = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9 _-]{0,63}$/, 'a status of the account, as available');

const setStatus = writeOperation({
  name: 'talkdesk.user.set-status',
  description:
    'Makes an agent available, or busy, if the status is what it is thought to be. Who is busy gets no calls.',
  input: z.strictObject({ userId: id, current_status: STATUS, new_status: STATUS }),
  output: z.object({}),
  resourceTypes: ['Talkdesk::User'],
  resources: (input) => [user(input.userId)],
  provenance: { arguments: { userId: 'target', new_status: 'flag' } },
  effect: () => change('update', { reversible: 'operation' }),
  effectKinds: ['update'],
  repeat: once('PUT /ccaas/users/{id}/status: refused where the status is another; it'),
  execute: httpExecution({
    request: ({ userId, ...body }) => ({ method: 'PUT', path: path`/ccaas/users/${userId}/status`, body }),
    repeatable: false,
    result: () => ({}),
  }),
  probe: async (input, context) => {
    const answer = await read(readStatuses([input.userId]), context);
    const shown = answer.ok ? statuses.safeParse(answer.reply.body) : undefined;
    const there = shown?.success === true ? shown.data.find((each) => each.id === input.userId)?.status : undefined;
    if (there === input.new_status) return { status: 'applied', result: {} };
    // The agent may have changed it since.
    return there === input.current_status ? { status: 'not-applied' } : undetermined(answer);
  },
  undo: ({ userId, current_status, new_status }) => ({
    operation: 'talkdesk.user.set-status',
    input: { userId, current_status: new_status, new_status: current_status },
  }),
  evidence: [spec('PUT /ccaas/users/{id}/status (UpdateUserStatus): current_status, new_status; 204')],
});

const scimUser = z.object({ id: z.string(), userName: text, active: z.boolean() });
const USER_SCHEMA = 'urn:ietf:params:scim:schemas:core:2.0:User';
const PATCH_SCHEMA = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';
const scimPath = (input: { readonly userId: string }): string => path`/scim/v2/Users/${input.userId}`;

const createUser = writeOperation({
  name: 'talkdesk.user.create',
  description: 'Creates a user, which takes a licence and lets somebody in who may hear and see customers.',
  input: z.strictObject({
    userName: z.email().max(320),
    givenName: z.string().min(1).max(100),
    familyName: z.string().min(1).max(100),
    active: z.boolean().default(true),
  }),
  output: scimUser,
  resourceTypes: ['Talkdesk::User'],
  resources: () => [user(COLLECTION)],
  touched: (made) => [user(made.id)],
  labels: () => ['pii'],
  provenance: { arguments: { userName: 'destination', active: 'flag' } },
  effect: () => change('privilege', { privileged: true, reversible: 'operation' }),
  effectKinds: ['privilege'],
  repeat: once('POST /scim/v2/Users: one with the same userName is refused with 409; it'),
  execute: httpExecution({
    request: ({ userName, givenName, familyName, active }) => ({
      method: 'POST',
      path: '/scim/v2/Users',
      body: { schemas: [USER_SCHEMA], userName, name: { givenName, familyName }, active },
    }),
    repeatable: false,
    result: ({ body }) => body,
  }),
  probe: async (input, context) => {
    const answer = await read({ method: 'GET', path: '/users', query: { email: input.userName } }, context);
    const shown = answer.ok ? users.safeParse(answer.reply.body) : undefined;
    if (shown?.success !== true) return undetermined(answer);
    const own = shown.data._embedded.users.find(({ email }) => email === input.userName);
    if (own === undefined) return { status: 'not-applied' };
    return { status: 'applied', result: { id: own.id, userName: input.userName, active: own.active ?? input.active } };
  },
  // There is no deletion; nobody gets in as a user that is not active.
  undo: (_, result) => {
    const made = scimUser.safeParse(result);
    return made.success
      ? { operation: 'talkdesk.user.set-active', input: { userId: made.data.id, active: false } }
      : undefined;
  },
  evidence: [spec('POST /scim/v2/Users (CreateUser): schemas, userName, name, active; 409')],
});

async function activeOf(input: { readonly userId: string }, context: ExecutionContext) {
  const answer = await read({ method: 'GET', path: scimPath(input) }, context);
  const shown = answer.ok ? scimUser.safeParse(answer.reply.body) : undefined;
  return { answer, there: shown?.success === true ? shown.data : undefined };
}

const setActive = writeOperation({
  name: 'talkdesk.user.set-active',
  description: 'Shuts a user out, or lets one in again.',
  input: z.strictObject({ userId: id, active: z.boolean() }),
  output: scimUser.partial(),
  resourceTypes: ['Talkdesk::User'],
  resources: (input) => [user(input.userId)],
  provenance: { arguments: { userId: 'target', active: 'flag' } },
  effect: ({ active }) => change(active ? 'privilege' : 'isolate', { privileged: true, reversible: 'operation' }),
  effectKinds: ['privilege', 'isolate'],
  repeat: idempotent('PATCH /scim/v2/Users/{id}: replaces the value of active (RFC 7644 §3.5.2.3)'),
  execute: httpExecution({
    request: ({ active, ...input }) => ({
      method: 'PATCH',
      path: scimPath(input),
      body: { schemas: [PATCH_SCHEMA], Operations: [{ op: 'replace', path: 'active', value: active }] },
    }),
    repeatable: true,
    result: ({ body }) => body ?? {},
  }),
  probe: async (input, context) => {
    const { answer, there } = await activeOf(input, context);
    if (there === undefined) return undetermined(answer);
    return there.active === input.active ? { status: 'applied', result: there } : { status: 'not-applied' };
  },
  undo: ({ userId, active }) => ({ operation: 'talkdesk.user.set-active', input: { userId, active: !active } }),
  evidence: [doc('PATCH /scim/v2/Users/{id}, scope scim (RFC 7644 §3.5.2)')],
});

const createAgents = writeOperation({
  name: 'talkdesk.agent.create-many',
  description: 'Creates agents, supervisors and administrators at once, by a call that the vendor has deprecated.',
  input: z.strictObject({
    agents: z
      .array(
        z.strictObject({
          email: z.email().max(320),
          full_name: z.string().min(1).max(200),
          role_name: z.enum(['Administrator', 'Agent', 'Supervisor']),
          active: z.boolean().optional(),
        }),
      )
      .min(1)
      .max(100),
  }),
  output: z.object({
    success: z.array(z.object({ id: z.string(), email: z.string() })).default([]),
    failure: z.array(z.object({ email: z.string(), message: z.string() })).default([]),
  }),
  resourceTypes: ['Talkdesk::User'],
  resources: () => [user(COLLECTION)],
  touched: ({ success }) => success.map((made) => user(made.id)),
  labels: () => ['pii'],
  provenance: { arguments: { 'agents[*].email': 'destination', 'agents[*].role_name': 'flag' } },
  effect: ({ agents }) => change('privilege', { privileged: true, count: agents.length }),
  effectKinds: ['privilege'],
  repeat: once('POST /agents/bulk'),
  execute: httpExecution({
    request: ({ agents }) => ({
      method: 'POST',
      path: '/agents/bulk',
      body: { agents: agents.map(({ active, ...rest }) => ({ ...rest, ...(active === undefined ? {} : { active }) })) },
    }),
    repeatable: false,
    result: ({ body }) => body,
  }),
  undo: { none: 'Each of them is shut out by itself.' },
  evidence: [spec('POST /agents/bulk (CreateAgent, deprecated): agents; answers success and failure for each')],
});

export const userOperations = [
  findUser,
  getStatus,
  listStatuses,
  setStatus,
  createUser,
  setActive,
  createAgents,
] as const;
