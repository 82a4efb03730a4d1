import type { Connection } from 'jsforce';
import { z } from 'zod';
import type { Effect } from '../../../src/action/effect.ts';
import type { ResourceRef } from '../../../src/action/resource.ts';
import {
  type AnyOperation,
  type ExecutionContext,
  type ProbeResult,
  writeOperation,
} from '../../../src/connector/contract.ts';
import { isJsonObject } from '../../../src/lib/json.ts';
import { doc, mem, NO_KEY, sdk, spec } from '../evidence.ts';
import { type FieldValue, recordId } from '../fields.ts';
import { jsforceExecution } from '../jsforce-execution.ts';
import type { OperationsFor } from '../operations-for.ts';
import { equalTo, fieldsOf, findRows, probeFields, undetermined } from '../read-back.ts';
import { userRef } from '../resources.ts';
import { soqlOf } from '../soql.ts';

const userInput = z.strictObject({ userId: recordId });
type User = z.output<typeof userInput>;
const userOutput = z.object({ userId: z.string() });

const IDENTITY: Effect = { kind: 'privilege', reversible: 'operation', external: false, privileged: true, count: 1 };

/** What every operation on one user declares alike. */
const onUser = {
  resourceTypes: ['Salesforce::User'] as const,
  resources: ({ userId }: User): [ResourceRef] => [userRef(userId)],
  provenance: { arguments: { userId: 'target', profileId: 'destination' } } as const,
  effectKinds: ['privilege'] as const,
  repeat: NO_KEY,
};

interface Switch {
  readonly verb: string;
  readonly back: string;
  readonly description: string;
  readonly to: boolean;
}

/** A user is frozen by the row of UserLogin that belongs to it. */
function loginQuery(userId: string): string {
  return `/query?q=${encodeURIComponent(
    soqlOf({ object: 'UserLogin', fields: ['IsFrozen'], where: [equalTo('UserId', userId)], limit: 1 }),
  )}`;
}

const logins = z.object({ records: z.tuple([z.looseObject({ Id: z.string() })]) });

async function setFrozen(connection: Connection, userId: string, to: boolean): Promise<void> {
  const [login] = logins.parse(await connection.request(loginQuery(userId))).records;
  await connection.sobject('UserLogin').update({ Id: login.Id, IsFrozen: to });
}

async function probeFrozen(
  { org }: OperationsFor,
  { userId, to }: { readonly userId: string; readonly to: boolean },
  context: ExecutionContext,
): Promise<ProbeResult> {
  const query = { object: 'UserLogin', fields: ['IsFrozen'], where: [equalTo('UserId', userId)] };
  const found = await findRows(org, context, query);
  const [login] = found.kind === 'found' ? found.value : [];
  if (login === undefined) return undetermined(found);
  return login['IsFrozen'] === to ? { status: 'applied', result: { userId } } : { status: 'not-applied' };
}

function freezeOperation(environment: OperationsFor, { verb, back, description, to }: Switch): AnyOperation {
  return writeOperation({
    ...onUser,
    name: `salesforce.user.${verb}`,
    description,
    input: userInput,
    output: userOutput,
    effect: () => IDENTITY,
    execute: jsforceExecution<User>(environment.org, {
      run: async (connection, { userId }) => {
        await setFrozen(connection, userId, to);
        return { userId };
      },
    }),
    probe: ({ userId }, context) => probeFrozen(environment, { userId, to }, context),
    undo: ({ userId }) => ({ operation: `salesforce.user.${back}`, input: { userId } }),
    evidence: [
      sdk('query and sobject().update'),
      mem('UserLogin has UserId and IsFrozen, and is updated by its own id'),
    ],
  });
}

function activeOperation({ org }: OperationsFor, { verb, back, description, to }: Switch): AnyOperation {
  return writeOperation({
    ...onUser,
    name: `salesforce.user.${verb}`,
    description,
    input: userInput,
    output: userOutput,
    effect: () => IDENTITY,
    execute: jsforceExecution<User>(org, {
      run: async (connection, { userId }) => {
        await connection.sobject('User').update({ Id: userId, IsActive: to });
        return { userId };
      },
    }),
    probe: async ({ userId }, context) => {
      const wanted = () => ({ object: 'User', id: userId, fields: { IsActive: to } });
      const probed = await probeFields<User>(org, wanted)({ userId }, context);
      return probed.status === 'applied' ? { status: 'applied', result: { userId } } : probed;
    },
    undo: ({ userId }) => ({ operation: `salesforce.user.${back}`, input: { userId } }),
    evidence: [sdk('sobject().update'), doc('Object reference, User: IsActive')],
  });
}

const profileInput = z.strictObject({ userId: recordId, profileId: recordId });
type ChangeProfile = z.output<typeof profileInput>;

function profileOperation({ org }: OperationsFor): AnyOperation {
  return writeOperation({
    ...onUser,
    name: 'salesforce.user.change-profile',
    description: 'Gives a user another profile, and with it all other rights; answers the profile before.',
    input: profileInput,
    output: z.object({ userId: z.string(), formerProfileId: z.string().optional() }),
    labels: () => ['security'],
    effect: () => IDENTITY,
    execute: jsforceExecution<ChangeProfile>(org, {
      run: async (connection, { userId, profileId }) => {
        const read = await connection.sobject('User').retrieve(userId, { fields: ['ProfileId'] });
        const formerProfileId: FieldValue | undefined = fieldsOf(read, ['ProfileId'])['ProfileId'];
        await connection.sobject('User').update({ Id: userId, ProfileId: profileId });
        return { userId, formerProfileId };
      },
    }),
    probe: async (input, context) => {
      const wanted = () => ({ object: 'User', id: input.userId, fields: { ProfileId: input.profileId } });
      const probed = await probeFields<ChangeProfile>(org, wanted)(input, context);
      return probed.status === 'applied' ? { status: 'applied', result: { userId: input.userId } } : probed;
    },
    undo: ({ userId }, result) => {
      const profileId = isJsonObject(result) ? result['formerProfileId'] : undefined;
      if (typeof profileId !== 'string') return undefined;
      return { operation: 'salesforce.user.change-profile', input: { userId, profileId } };
    },
    evidence: [sdk('sobject().update'), doc('Object reference, User: ProfileId')],
  });
}

function resetPasswordOperation({ org }: OperationsFor): AnyOperation {
  return writeOperation({
    ...onUser,
    name: 'salesforce.user.reset-password',
    description:
      "Resets a user's password to one that Salesforce makes, and mails to the user (unverified); it is not handed on.",
    input: userInput,
    output: userOutput,
    effect: () => ({ ...IDENTITY, reversible: 'no' }),
    execute: jsforceExecution<User>(org, {
      run: (connection, { userId }) => connection.soap.resetPassword(userId),
      result: (_answer, { userId }) => ({ userId }),
    }),
    undo: { none: 'The password before is known to nobody.' },
    // Setting a given password is left out on purpose: what an agent sends is kept in the log.
    evidence: [
      sdk('soap.resetPassword'),
      spec('resetPassword(userId): ResetPasswordResult{password}'),
      mem('the user is mailed'),
    ],
  });
}

export function userOperations(environment: OperationsFor): readonly AnyOperation[] {
  return [
    freezeOperation(environment, {
      verb: 'freeze',
      back: 'unfreeze',
      to: true,
      description: 'Keeps a user from logging in, at once; rights and records stay as they are.',
    }),
    freezeOperation(environment, {
      verb: 'unfreeze',
      back: 'freeze',
      to: false,
      description: 'Lets a frozen user log in again.',
    }),
    activeOperation(environment, {
      verb: 'deactivate',
      back: 'activate',
      to: false,
      description: 'Deactivates a user: no login, and out of teams, queues and approval steps.',
    }),
    activeOperation(environment, {
      verb: 'activate',
      back: 'deactivate',
      to: true,
      description: 'Activates a user again; this takes a licence.',
    }),
    profileOperation(environment),
    resetPasswordOperation(environment),
  ];
}
