import { z } from 'zod';
import { readOperation, writeOperation } from '../../../src/connector/contract.ts';
import { httpExecution } from '../../../src/connector/http/http-execution.ts';
import { path } from '../../../src/connector/http/path.ts';
import { change } from '../effects.ts';
import { groupId, userId } from '../ids.ts';
import { pagedExecution } from '../pages.ts';
import { asJson, domainsOf, holds } from '../profile.ts';
import { isAbsent, readBack, undetermined } from '../read-back.ts';
import { COLLECTION, foundUsers, group, user } from '../resources.ts';
import { isTransitioning, newProfile, userOutput } from '../user-schema.ts';

const getUser = readOperation({
  name: 'okta.user.get',
  description: 'Reads one user: status and standard profile.',
  input: z.strictObject({ userId }),
  output: userOutput,
  resourceTypes: ['Okta::User'],
  resources: ({ userId }) => [user(userId)],
  labels: () => ['pii'],
  execute: httpExecution({
    request: ({ userId }) => ({ method: 'GET', path: path`/api/v1/users/${userId}` }),
    repeatable: true,
    result: (reply) => reply.body,
  }),
  evidence: [{ mark: 'spec', source: 'GET /api/v1/users/{id} (getUser)' }],
});

const expression = z.string().min(1).max(2_048);

const listUsers = readOperation({
  name: 'okta.user.list',
  description:
    'Searches users, e.g. search `profile.department eq "Sales"` (may lag behind) or filter `profile.login eq "ada@example.com"`. Without either, deactivated users are left out.',
  input: z
    .strictObject({
      search: expression.optional(),
      filter: expression.optional(),
      limit: z.int().min(1).max(1_000).default(100),
      after: z.string().min(1).max(1_024).optional(),
    })
    .refine(({ search, filter }) => search === undefined || filter === undefined, {
      error: 'search and filter exclude each other',
      path: ['filter'],
    }),
  output: z.object({ users: z.array(userOutput), after: z.string().optional() }),
  resourceTypes: ['Okta::User'],
  resources: () => [user(COLLECTION)],
  labels: () => ['pii'],
  touched: foundUsers,
  execute: pagedExecution({
    list: 'users',
    call: ({ search, filter }) => ({ method: 'GET', path: '/api/v1/users', query: { search, filter } }),
  }),
  evidence: [
    { mark: 'spec', source: 'GET /api/v1/users (listUsers); "search" is eventually consistent' },
    { mark: 'doc', source: 'error codes: E0000033, a search query and a filter in the same request' },
  ],
});

const createUser = writeOperation({
  name: 'okta.user.create',
  description:
    'Creates a user without credentials. `activate` gives access, provisions the applications and mails a one-time link to the new address; without it the user is staged.',
  input: z.strictObject({
    profile: newProfile,
    /** The spec's bound for one call: 20. */
    groupIds: z.array(groupId).max(20).default([]),
    activate: z.boolean().default(false),
  }),
  output: userOutput,
  facets: {
    schema: z.object({ domains: z.array(z.string()) }),
    of: ({ profile }) => ({ domains: domainsOf(profile) }),
  },
  resourceTypes: ['Okta::User', 'Okta::Group'],
  resources: ({ groupIds }) => [user(COLLECTION), ...groupIds.map(group)],
  labels: () => ['pii'],
  effect: ({ activate, groupIds }) =>
    change(groupIds.length > 0 ? 'privilege' : 'create', {
      reversible: activate ? 'no' : 'operation',
      external: activate,
      privileged: activate || groupIds.length > 0,
      count: 1 + groupIds.length,
    }),
  effectKinds: ['create', 'privilege'],
  repeat: {
    class: 'at-most-once',
    evidence: { mark: 'spec', source: 'POST /api/v1/users names no idempotency key' },
  },
  touched: ({ id }) => [user(id)],
  execute: httpExecution({
    request: ({ profile, groupIds, activate }) => ({
      method: 'POST',
      path: '/api/v1/users',
      query: { activate },
      body: { profile: asJson(profile), ...(groupIds.length > 0 ? { groupIds } : {}) },
    }),
    repeatable: false,
    result: (reply) => reply.body,
    accepted: (reply) => (isTransitioning(reply.body) ? {} : undefined),
  }),
  // Logins are unique, so the user who has this one either came of this action or was in its way.
  probe: async ({ profile, activate }, context) => {
    const answer = await readBack({ path: path`/api/v1/users/${profile.login}` }, context);
    if (isAbsent(answer)) return { status: 'not-applied' };
    const found = answer.ok ? userOutput.safeParse(answer.reply.body) : undefined;
    if (found?.success !== true) return undetermined(answer);
    if (!holds(found.data.profile, profile) || !(activate || found.data.status === 'STAGED')) {
      return {
        status: 'undetermined',
        detail: 'A user with this login exists, and is not as this action would make one.',
      };
    }
    return isTransitioning(found.data) ? { status: 'running' } : { status: 'applied', result: found.data };
  },
  undo: ({ activate }, result) => {
    const created = userOutput.safeParse(result);
    if (activate || !created.success) return undefined;
    return { operation: 'okta.user.deactivate', input: { userId: created.data.id } };
  },
  evidence: [
    {
      mark: 'spec',
      source: 'POST /api/v1/users (createUser): activation mails a one-time token and provisions the applications',
    },
    { mark: 'spec', source: 'Users: "The request can specify up to 20 group IDs"' },
    { mark: 'mem', source: 'a login that is taken is refused with E0000001' },
  ],
});

export const userOperations = [getUser, listUsers, createUser] as const;
