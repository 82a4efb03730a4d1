import { z } from 'zod';
import { type Execute, writeOperation } from '../../../src/connector/contract.ts';
import { httpExecution } from '../../../src/connector/http/http-execution.ts';
import { path } from '../../../src/connector/http/path.ts';
import { change } from '../effects.ts';
import { userId } from '../ids.ts';
import { absenceProbe } from '../read-back.ts';
import { user } from '../resources.ts';
import { userState } from '../user-schema.ts';

const pathOf = ({ userId }: { readonly userId: string }) => path`/api/v1/users/${userId}`;

const DELETABLE = 'DEPROVISIONED';

const readState = httpExecution<{ readonly userId: string }>({
  request: (input) => ({ method: 'GET', path: pathOf(input) }),
  repeatable: true,
  result: (reply) => userState.parse(reply.body),
});

const sendDelete = httpExecution<{ readonly userId: string }>({
  request: (input) => ({ method: 'DELETE', path: pathOf(input) }),
  repeatable: false,
  result: () => ({}),
});

/**
 * Okta's DELETE means two things: the first deactivates, the next deletes. Here it is only ever sent to a user who is
 * deactivated already, and never twice, so it means deletion. Should somebody activate the user between the two calls,
 * it deactivates instead: less than was decided, never more.
 */
const deleteDeactivated: Execute<{ readonly userId: string }> = async (input, context) => {
  const read = await readState(input, context);
  if (read.status !== 'succeeded') return read;
  const { status } = userState.parse(read.result);
  if (status === DELETABLE) return sendDelete(input, context);
  const detail = `The user is ${status}, not ${DELETABLE}: a delete would only deactivate. Nothing was sent.`;
  return { status: 'failed', code: 'EXECUTION_FAILED', detail, exposed: true };
};

const deleteUser = writeOperation({
  name: 'okta.user.delete',
  description:
    'Deletes a deactivated user for ever. Refuses users in any other status; deactivate is an operation of its own.',
  input: z.strictObject({
    userId,
    /** Said by the caller and shown to whoever approves: the one status in which Okta deletes instead of deactivating. */
    expectedStatus: z.literal(DELETABLE),
  }),
  output: z.object({}),
  resourceTypes: ['Okta::User'],
  resources: ({ userId }) => [user(userId)],
  effect: () => change('delete', { reversible: 'no' }),
  effectKinds: ['delete'],
  repeat: {
    class: 'at-most-once',
    evidence: {
      mark: 'spec',
      source:
        'DELETE /api/v1/users/{id}: "A second delete operation is required to delete the user", so a repetition can mean something else',
    },
  },
  execute: deleteDeactivated,
  probe: absenceProbe(pathOf),
  undo: { none: 'Okta keeps nothing of a deleted user.' },
  evidence: [
    {
      mark: 'spec',
      source:
        'DELETE /api/v1/users/{id}: "Deletes a user permanently"; "on a user that hasn’t been deactivated causes that user to be deactivated"',
    },
  ],
});

export const userDeleteOperations = [deleteUser] as const;
