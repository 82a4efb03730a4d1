import { z } from 'zod';
import type { ResourceRef } from '../../../src/action/resource.ts';
import { type Probe, writeOperation } from '../../../src/connector/contract.ts';
import { httpExecution } from '../../../src/connector/http/http-execution.ts';
import { path } from '../../../src/connector/http/path.ts';
import { change } from '../effects.ts';
import { userId } from '../ids.ts';
import { readBack, undetermined, userStatusProbe } from '../read-back.ts';
import { user } from '../resources.ts';

const onUser = {
  output: z.object({}),
  resourceTypes: ['Okta::User'],
  resources: ({ userId }: { readonly userId: string }): readonly [ResourceRef] => [user(userId)],
  repeat: {
    class: 'at-most-once',
    evidence: { mark: 'spec', source: 'UserLifecycle: "non-idempotent operations that initiate a state transition"' },
  },
} as const;

/** No factors left: applied. Some: the reset did not happen, or the user has enrolled since; nothing here can tell which. */
const probeFactors: Probe<{ readonly userId: string }> = async ({ userId }, context) => {
  const answer = await readBack({ path: path`/api/v1/users/${userId}/factors` }, context);
  if (!answer.ok || !Array.isArray(answer.reply.body)) return undetermined(answer);
  if (answer.reply.body.length === 0) return { status: 'applied', result: {} };
  return { status: 'undetermined', detail: 'The user has factors: they were not reset, or were enrolled since.' };
};

const resetFactors = writeOperation({
  ...onUser,
  name: 'okta.user.reset-factors',
  description:
    'Removes every second factor of a user, who must enrol again. Whoever knows the password may then enrol first.',
  input: z.strictObject({ userId }),
  effect: () => change('privilege', { reversible: 'no' }),
  effectKinds: ['privilege'],
  execute: httpExecution({
    request: ({ userId }) => ({ method: 'POST', path: path`/api/v1/users/${userId}/lifecycle/reset_factors` }),
    repeatable: false,
    result: () => ({}),
  }),
  probe: probeFactors,
  undo: { none: 'Only the user can enrol the factors again.' },
  evidence: [
    {
      mark: 'spec',
      source:
        'POST /api/v1/users/{id}/lifecycle/reset_factors: "All MFA factor enrollments return to the unenrolled state"',
    },
  ],
});

const resetPassword = writeOperation({
  ...onUser,
  name: 'okta.user.reset-password',
  description:
    'Locks a user out until the password is set anew. With sendEmail, a one-time link goes to the user’s address; without it nobody receives one.',
  input: z.strictObject({ userId, sendEmail: z.boolean(), revokeSessions: z.boolean().default(false) }),
  effect: ({ sendEmail }) => change('privilege', { reversible: 'no', external: sendEmail }),
  effectKinds: ['privilege'],
  execute: httpExecution({
    request: ({ userId, sendEmail, revokeSessions }) => ({
      method: 'POST',
      path: path`/api/v1/users/${userId}/lifecycle/reset_password`,
      query: { sendEmail, revokeSessions },
    }),
    repeatable: false,
    // The link in the reply sets a password: a credential, which no agent and no log gets.
    result: () => ({}),
  }),
  // A user leaves RECOVERY alone, so any other status tells nothing.
  probe: userStatusProbe({ applied: ['RECOVERY'], notApplied: [] }),
  undo: { none: 'The old password is gone; only the user can set a new one.' },
  evidence: [
    {
      mark: 'spec',
      source: 'POST /api/v1/users/{id}/lifecycle/reset_password: transitions to RECOVERY; sendEmail is required',
    },
    {
      mark: 'spec',
      source:
        'the same: "If sendEmail is false, returns a link for the user to reset their password"; Interlock withholds it',
    },
  ],
});

const expirePassword = writeOperation({
  ...onUser,
  name: 'okta.user.expire-password',
  description: 'Makes a user change the password at the next sign-in, in a connected Active Directory too.',
  input: z.strictObject({ userId }),
  effect: () => change('privilege', { reversible: 'no' }),
  effectKinds: ['privilege'],
  execute: httpExecution({
    request: ({ userId }) => ({ method: 'POST', path: path`/api/v1/users/${userId}/lifecycle/expire_password` }),
    repeatable: false,
    result: () => ({}),
  }),
  probe: userStatusProbe({ applied: ['PASSWORD_EXPIRED'], notApplied: [] }),
  undo: { none: 'Only the user can end it, by choosing a new password.' },
  evidence: [
    { mark: 'spec', source: 'POST /api/v1/users/{id}/lifecycle/expire_password: transitions to PASSWORD_EXPIRED' },
  ],
});

const clearSessions = writeOperation({
  ...onUser,
  name: 'okta.user.clear-sessions',
  description:
    'Signs a user out everywhere. With oauthTokens, also cuts off the applications that hold tokens for the user.',
  input: z.strictObject({
    userId,
    oauthTokens: z.boolean().default(false),
    /** Always sent, because its default differs between the vendor's two engines [spec]. */
    forgetDevices: z.boolean().default(false),
  }),
  effect: () => change('isolate', { reversible: 'no' }),
  effectKinds: ['isolate'],
  repeat: {
    class: 'naturally-idempotent',
    evidence: {
      mark: 'spec',
      source:
        'DELETE /api/v1/users/{userId}/sessions: "Revokes all active identity provider sessions of the user"; DELETE is idempotent (RFC 9110 §9.2.2)',
    },
  },
  execute: httpExecution({
    request: ({ userId, oauthTokens, forgetDevices }) => ({
      method: 'DELETE',
      path: path`/api/v1/users/${userId}/sessions`,
      query: { oauthTokens, forgetDevices },
    }),
    repeatable: true,
    result: () => ({}),
  }),
  undo: { none: 'A revoked session or token cannot be revived; the user signs in again.' },
  evidence: [
    { mark: 'spec', source: 'DELETE /api/v1/users/{userId}/sessions (revokeUserSessions): oauthTokens, forgetDevices' },
  ],
});

export const userCredentialOperations = [resetFactors, resetPassword, expirePassword, clearSessions] as const;
