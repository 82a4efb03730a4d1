import {
  type AnyOperation,
  type Effect,
  httpExecution,
  itemsAt,
  offsetPages,
  pagedExecution,
  path,
  readOperation,
  writeOperation,
  z,
} from '../../../src/connector/index.ts';
import { settle, settleGone, unsure } from '../settle.ts';
import { change, type Identity, id, mem, moreOf, NOT_REPEATED, one, PAGE_ITEMS, PAGED, page, read } from '../vendor.ts';

const user = z.object({ id: z.string(), name: z.string(), email: z.string(), role: z.string() });
const users = z.object({ users: z.array(user) });

const listUsers = readOperation({
  name: 'pagerduty.user.list',
  description: 'Searches users of the account by name or e-mail address (unverified).',
  input: z.strictObject({ query: z.string().min(1).max(200).optional(), ...page }),
  output: z.object({ users: z.array(user), next: z.number().optional() }),
  resourceTypes: ['PagerDuty::User'],
  resources: () => [one('User', '*')],
  touched: (found) => found.users.map((listed) => one('User', listed.id)),
  labels: () => ['pii'],
  provenance: { returns: { default: 'system', fields: { name: 'others' } } },
  execute: pagedExecution({
    as: 'users',
    dialect: offsetPages({ offset: 'offset', size: 'limit', items: itemsAt('users'), more: moreOf }),
    pageItems: PAGE_ITEMS,
    call: ({ query }) => read('/users', { query }),
    from: ({ next }) => next,
  }),
  evidence: [PAGED, mem('`query` searches names and addresses')],
});

const getUser = readOperation({
  name: 'pagerduty.user.get',
  description: 'Reads one user: name, address and role (unverified).',
  input: z.strictObject({ id }),
  output: user,
  resourceTypes: ['PagerDuty::User'],
  resources: (input) => [one('User', input.id)],
  labels: () => ['pii'],
  provenance: { returns: { default: 'system', fields: { name: 'others' } } },
  execute: httpExecution({
    request: (input) => read(path`/users/${input.id}`),
    repeatable: true,
    result: ({ body }) => z.object({ user }).parse(body).user,
  }),
  evidence: [mem('GET /users/{id}')],
});

/** Without the owner, of whom there is one. Those that only look come last. */
const ROLES = [
  'admin',
  'user',
  'limited_user',
  'observer',
  'restricted_access',
  'read_only_user',
  'read_only_limited_user',
] as const;
const LOOKERS: readonly string[] = ['read_only_user', 'read_only_limited_user'];

function effectOf({ role, email }: { readonly role: string; readonly email: string }, { domains }: Identity): Effect {
  const domain = email.slice(email.lastIndexOf('@') + 1).toLowerCase();
  return {
    kind: LOOKERS.includes(role) ? 'create' : 'privilege',
    reversible: 'operation',
    external: !domains.includes(domain),
    privileged: true,
    count: 1,
  };
}

const createUser = (identity: Identity) =>
  writeOperation({
    name: 'pagerduty.user.create',
    description: 'Adds a user, who is invited by e-mail and takes a seat that is paid for (unverified).',
    input: z.strictObject({ name: z.string().min(1).max(100), email: z.email(), role: z.enum(ROLES) }),
    output: user,
    resourceTypes: ['PagerDuty::User'],
    resources: () => [one('User', 'new')],
    touched: (created) => [one('User', created.id)],
    labels: () => ['pii'],
    effect: (input) => effectOf(input, identity),
    effectKinds: ['privilege', 'create'],
    repeat: { class: 'at-most-once', evidence: mem('an address belongs to one user: a second call is a 400') },
    provenance: {
      arguments: { email: 'destination', role: 'flag', name: 'content' },
      asked: ['invite', 'onboard', 'add'],
    },
    execute: httpExecution({
      request: ({ name, email, role }) =>
        change(identity, { method: 'POST', path: '/users', body: { user: { type: 'user', name, email, role } } }),
      repeatable: false,
      result: ({ body }) => z.object({ user }).parse(body).user,
    }),
    probe: ({ email }, context) =>
      settle(read('/users', { query: email, limit: PAGE_ITEMS }), context, {
        shape: users,
        // A user does not say since when there is one: who was there before must not be taken for ours, and then undone.
        judge: (found) =>
          found.users.some((known) => known.email.toLowerCase() === email.toLowerCase())
            ? unsure('there is such a user, perhaps since before')
            : { status: 'not-applied' },
      }),
    undo: (_input, result) => {
      const created = user.safeParse(result);
      if (!created.success) return undefined;
      return { operation: 'pagerduty.user.delete', input: { id: created.data.id } };
    },
    evidence: [mem('POST /users, the roles, the invitation')],
  });

const deleteUser = (identity: Identity) =>
  writeOperation({
    name: 'pagerduty.user.delete',
    description:
      'Removes a user for good, with contact methods and notification rules; refused while incidents are theirs (unverified).',
    input: z.strictObject({ id }),
    output: z.object({}),
    resourceTypes: ['PagerDuty::User'],
    resources: (input) => [one('User', input.id)],
    effect: () => ({ kind: 'delete', reversible: 'no', external: false, privileged: true, count: 1 }),
    effectKinds: ['delete'],
    repeat: { class: 'at-most-once', evidence: NOT_REPEATED },
    provenance: { arguments: { id: 'target' }, asked: ['offboard', 'remove'] },
    execute: httpExecution({
      request: (input) => change(identity, { method: 'DELETE', path: path`/users/${input.id}` }),
      repeatable: false,
      result: () => ({}),
    }),
    probe: (input, context) => settleGone(read(path`/users/${input.id}`), context),
    undo: {
      none: 'A new user with the same address has neither the schedules nor the contact methods of the old one.',
    },
    evidence: [mem('DELETE /users/{id}, and a 400 while the user has open incidents')],
  });

export function userOperations(identity: Identity): readonly AnyOperation[] {
  return [listUsers, getUser, createUser(identity), deleteUser(identity)];
}
