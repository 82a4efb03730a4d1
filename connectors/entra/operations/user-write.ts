import { z } from 'zod';
import { writeOperation } from '../../../src/connector/contract.ts';
import { httpExecution } from '../../../src/connector/http/http-execution.ts';
import { path } from '../../../src/connector/http/path.ts';
import { randomIds } from '../../../src/lib/ids.ts';
import { change } from '../effects.ts';
import { csdl, doc, NO_KEY } from '../evidence.ts';
import { byIds, callExecution, type GraphCall, inner } from '../graph-call.ts';
import { objectId } from '../ids.ts';
import { quoted } from '../odata-filter.ts';
import { isAbsent, probeList, readBack, undetermined } from '../read-back.ts';
import { COLLECTION, user } from '../resources.ts';
import { USER_SELECT, userOutput } from './user-read.ts';

const ids = randomIds();

/** Four kinds of characters, as the default rules want, and 256 random bits. Nobody is ever told it. */
export const unknownPassword = (): string => `Aa1!${ids.secret()}`;

const createUser = writeOperation({
  name: 'entra.user.create',
  provenance: {
    arguments: {
      displayName: 'content',
      userPrincipalName: 'destination',
      mailNickname: 'content',
      accountEnabled: 'flag',
    },
  },
  description:
    'Creates a user with a password that nobody knows; whoever is to sign in gets one by a reset. Disabled unless `accountEnabled` is given.',
  input: z.strictObject({
    displayName: z.string().min(1).max(256),
    userPrincipalName: z.string().regex(/^[A-Za-z0-9.'_-]{1,64}@[A-Za-z0-9.-]{1,48}$/, 'name@domain of the tenant'),
    mailNickname: z.string().regex(/^[A-Za-z0-9._-]{1,64}$/, 'letters, digits and . _ -'),
    accountEnabled: z.boolean().default(false),
  }),
  output: userOutput,
  facets: {
    schema: z.object({ domain: z.string() }),
    of: ({ userPrincipalName }) => ({ domain: userPrincipalName.split('@')[1]?.toLowerCase() ?? '' }),
  },
  resourceTypes: ['Entra::User'],
  resources: () => [user(COLLECTION)],
  labels: () => ['pii'],
  touched: ({ id }) => [user(id)],
  effect: ({ accountEnabled }) => change('create', { reversible: 'operation', privileged: accountEnabled }),
  effectKinds: ['create'],
  repeat: NO_KEY,
  execute: httpExecution({
    request: (input) => ({
      method: 'POST',
      path: '/v1.0/users',
      body: { ...input, passwordProfile: { forceChangePasswordNextSignIn: true, password: unknownPassword() } },
    }),
    repeatable: false,
    result: (reply) => reply.body,
  }),
  // Principal names are unique, so the user who has this one either came of this action or was in its way.
  probe: ({ userPrincipalName, displayName }, context) =>
    probeList(
      {
        path: '/v1.0/users',
        query: { $filter: `userPrincipalName eq ${quoted(userPrincipalName)}`, $select: USER_SELECT },
      },
      {
        context,
        find: ([found]) => {
          if (found === undefined) return { status: 'not-applied' };
          const parsed = userOutput.safeParse(found);
          return parsed.success && parsed.data.displayName === displayName
            ? { status: 'applied', result: parsed.data }
            : {
                status: 'undetermined',
                detail: 'A user with this name exists, and is not as this action would make one.',
              };
        },
      },
    ),
  undo: (_input, result) => {
    const created = userOutput.safeParse(result);
    return created.success ? { operation: 'entra.user.delete', input: { userId: created.data.id } } : undefined;
  },
  evidence: [
    doc('POST /users: accountEnabled, displayName, mailNickname, userPrincipalName and passwordProfile are required'),
  ],
});

interface OneUser {
  readonly userId: string;
}

const deleteCall: GraphCall<OneUser> = {
  request: ({ userId }) => ({ method: 'DELETE', path: path`/v1.0/users/${userId}` }),
};

const deleteUser = writeOperation({
  name: 'entra.user.delete',
  provenance: { arguments: { userId: 'target' } },
  description: 'Deletes a user. For 30 days deleted-item.restore brings the account back; then it is gone for good.',
  input: z.strictObject({ userId: objectId }),
  output: z.object({}),
  resourceTypes: ['Entra::User'],
  resources: ({ userId }) => [user(userId)],
  effect: () => change('delete', { reversible: 'window' }),
  effectKinds: ['delete'],
  repeat: {
    class: 'at-most-once',
    evidence: doc('DELETE /users/{id}: 204, and 404 for who is deleted already: a repetition looks like a refusal'),
  },
  execute: callExecution(deleteCall, false),
  // Among the deleted: it happened. Neither there nor among the users: somebody purged it, and this does not tell who.
  probe: async ({ userId }, context) => {
    const alive = await readBack({ path: path`/v1.0/users/${userId}`, query: { $select: 'id' } }, context);
    if (alive.ok) return { status: 'not-applied' };
    if (!isAbsent(alive)) return undetermined(alive);
    const deleted = await readBack({ path: path`/v1.0/directory/deletedItems/${userId}` }, context);
    return deleted.ok ? { status: 'applied', result: {} } : undetermined(deleted);
  },
  undo: ({ userId }) => ({ operation: 'entra.deleted-item.restore', input: { objectId: userId } }),
  evidence: [
    doc(
      'DELETE /users/{id}: "moved to a temporary container and can be restored within 30 days. After that time, they are permanently deleted"',
    ),
  ],
});

const revokeCall: GraphCall<OneUser> = {
  request: ({ userId }) => ({ method: 'POST', path: path`/v1.0/users/${userId}/revokeSignInSessions` }),
};

const revokeSessions = writeOperation({
  name: 'entra.user.revoke-sessions',
  provenance: { arguments: { userId: 'target' } },
  description:
    'Makes all refresh tokens and browser sessions of a user invalid. It takes minutes, and guests of other tenants keep theirs.',
  input: z.strictObject({ userId: objectId }),
  output: z.object({}),
  resourceTypes: ['Entra::User'],
  resources: ({ userId }) => [user(userId)],
  effect: () => change('isolate', { reversible: 'no' }),
  effectKinds: ['isolate'],
  repeat: {
    class: 'naturally-idempotent',
    evidence: doc('revokeSignInSessions resets signInSessionsValidFromDateTime to the current time'),
  },
  execute: callExecution(revokeCall, true),
  undo: { none: 'A revoked session cannot be revived; the user signs in again.' },
  evidence: [
    csdl('action revokeSignInSessions on user'),
    doc('POST /users/{id}/revokeSignInSessions: 200; it can take minutes, and does nothing for users of other tenants'),
  ],
});

const resetPassword = writeOperation({
  name: 'entra.user.reset-password',
  provenance: { arguments: { userId: 'target' } },
  description:
    'Replaces a user’s password by one that nobody knows, so that a stolen one opens nothing. The user needs self-service reset or the help desk to sign in again.',
  input: z.strictObject({ userId: objectId }),
  output: z.object({}),
  resourceTypes: ['Entra::User'],
  resources: ({ userId }) => [user(userId)],
  effect: () => change('privilege', { reversible: 'no' }),
  effectKinds: ['privilege'],
  repeat: {
    class: 'at-most-once',
    evidence: doc('every PATCH of passwordProfile sets another password'),
  },
  execute: callExecution<OneUser>(
    {
      request: ({ userId }) => ({
        method: 'PATCH',
        path: path`/v1.0/users/${userId}`,
        body: { passwordProfile: { forceChangePasswordNextSignIn: true, password: unknownPassword() } },
      }),
    },
    false,
  ),
  undo: { none: 'The old password is gone; only a new reset helps.' },
  evidence: [doc('PATCH /users/{id} with passwordProfile: needs the privileged role for the kind of user')],
});

export const userWriteOperations = [createUser, deleteUser, revokeSessions, resetPassword] as const;
export const userWriteInner = [
  inner(deleteUser, deleteCall, { method: 'DELETE', path: '/users/{}', input: byIds('userId') }),
  inner(revokeSessions, revokeCall, { method: 'POST', path: '/users/{}/revokeSignInSessions', input: byIds('userId') }),
];
