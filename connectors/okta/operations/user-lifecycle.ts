import { z } from 'zod';
import type { ResourceRef } from '../../../src/action/resource.ts';
import { type Evidence, type Execute, writeOperation } from '../../../src/connector/contract.ts';
import { httpExecution } from '../../../src/connector/http/http-execution.ts';
import { path } from '../../../src/connector/http/path.ts';
import { change } from '../effects.ts';
import { userId } from '../ids.ts';
import { readBack, type StatusMeaning, userStatusProbe } from '../read-back.ts';
import { user } from '../resources.ts';
import { userState } from '../user-schema.ts';

const atMostOnce = {
  class: 'at-most-once',
  evidence: { mark: 'spec', source: 'UserLifecycle: "non-idempotent operations that initiate a state transition"' },
} as const;

const spec = (verb: string, source: string): Evidence => ({
  mark: 'spec',
  source: `POST /api/v1/users/{id}/lifecycle/${verb}: ${source}`,
});

const onUser = {
  output: z.object({ status: z.string() }),
  resourceTypes: ['Okta::User'],
  resources: ({ userId }: { readonly userId: string }): readonly [ResourceRef] => [user(userId)],
  repeat: atMostOnce,
} as const;

interface LifecycleInput {
  readonly userId: string;
  readonly sendEmail?: boolean;
}

/**
 * Starts the transition, then reads where it led: the reply to the transition itself does not tell, and the tokens in
 * it are nobody's business. While Okta is still at it, or cannot be read, the answer is `accepted`.
 */
function lifecycle(verb: string): Execute<LifecycleInput> {
  const start = httpExecution<LifecycleInput>({
    request: ({ userId, sendEmail }) => ({
      method: 'POST',
      path: path`/api/v1/users/${userId}/lifecycle/${verb}`,
      query: sendEmail === undefined ? {} : { sendEmail },
    }),
    repeatable: false,
    result: () => ({}),
  });
  return async (input, context) => {
    const started = await start(input, context);
    if (started.status !== 'succeeded') return started;
    const answer = await readBack({ path: path`/api/v1/users/${input.userId}` }, context);
    const state = answer.ok ? userState.safeParse(answer.reply.body) : undefined;
    if (state?.success !== true || typeof state.data.transitioningToStatus === 'string') {
      return { status: 'accepted', handle: {} };
    }
    return { status: 'succeeded', result: { status: state.data.status } };
  };
}

/** Whoever is in one of these has not been deactivated, or is active again by an administrator’s doing. */
const BEFORE_DEPROVISIONED = [
  'STAGED',
  'PROVISIONED',
  'ACTIVE',
  'RECOVERY',
  'PASSWORD_EXPIRED',
  'LOCKED_OUT',
  'SUSPENDED',
];
const DEACTIVATION: StatusMeaning = { applied: ['DEPROVISIONED'], notApplied: BEFORE_DEPROVISIONED };
const SUSPENSION: StatusMeaning = { applied: ['SUSPENDED'], notApplied: ['ACTIVE'] };
const UNSUSPENSION: StatusMeaning = { applied: ['ACTIVE'], notApplied: ['SUSPENDED'] };
const ACTIVATION: StatusMeaning = { applied: ['ACTIVE', 'PROVISIONED'], notApplied: ['STAGED', 'DEPROVISIONED'] };

const deactivateUser = writeOperation({
  ...onUser,
  name: 'okta.user.deactivate',
  description:
    'Deactivates a user for good. It sounds soft and is not: all applications deprovision the user and may destroy mail and files. To take access away for a while, suspend.',
  input: z.strictObject({ userId, sendEmail: z.boolean().default(false) }),
  // The e-mail goes to the administrator [spec], so it does not leave.
  effect: () => change('delete', { reversible: 'no' }),
  effectKinds: ['delete'],
  execute: lifecycle('deactivate'),
  probe: userStatusProbe(DEACTIVATION),
  undo: { none: 'Activating a deactivated user brings back the account, not what the applications have destroyed.' },
  evidence: [
    spec(
      'deactivate',
      '"Deactivating a user is a destructive operation. The user is deprovisioned from all assigned apps, which might destroy their data such as email or files. This action cannot be recovered!"',
    ),
    spec(
      'deactivate',
      '"Perform this operation only on users that do not have a DEPROVISIONED status"; sendEmail writes to the admin',
    ),
  ],
});

const suspendUser = writeOperation({
  ...onUser,
  name: 'okta.user.suspend',
  description: 'Suspends an active user: no sign-in, groups and applications are kept. Unsuspend takes it back.',
  input: z.strictObject({ userId }),
  effect: () => change('isolate', { reversible: 'operation' }),
  effectKinds: ['isolate'],
  execute: lifecycle('suspend'),
  probe: userStatusProbe(SUSPENSION),
  undo: ({ userId }) => ({ operation: 'okta.user.unsuspend', input: { userId } }),
  evidence: [spec('suspend', 'only users with ACTIVE status; "Their group and app assignments are retained"')],
});

const unsuspendUser = writeOperation({
  ...onUser,
  name: 'okta.user.unsuspend',
  description: 'Gives a suspended user access again.',
  input: z.strictObject({ userId }),
  effect: () => change('privilege', { reversible: 'operation' }),
  effectKinds: ['privilege'],
  execute: lifecycle('unsuspend'),
  probe: userStatusProbe(UNSUSPENSION),
  undo: ({ userId }) => ({ operation: 'okta.user.suspend', input: { userId } }),
  evidence: [spec('unsuspend', 'only users with SUSPENDED status; returns them to ACTIVE')],
});

const activateUser = writeOperation({
  ...onUser,
  name: 'okta.user.activate',
  description:
    'Gives a staged or deactivated user access and provisions the applications. With sendEmail, a one-time link goes to the user’s address; without it nobody receives one.',
  input: z.strictObject({ userId, sendEmail: z.boolean().default(true) }),
  effect: ({ sendEmail }) => change('privilege', { reversible: 'no', external: sendEmail }),
  effectKinds: ['privilege'],
  execute: lifecycle('activate'),
  probe: userStatusProbe(ACTIVATION),
  undo: { none: 'The only way back is deactivation, which cannot be taken back itself. Suspend stops the access.' },
  evidence: [
    spec(
      'activate',
      'only users with STAGED or DEPROVISIONED status; asynchronous, transitioningToStatus while it lasts',
    ),
    spec(
      'activate',
      'without sendEmail the activation link is answered; Interlock withholds it, because it is a credential',
    ),
  ],
});

export const userLifecycleOperations = [deactivateUser, suspendUser, unsuspendUser, activateUser] as const;
