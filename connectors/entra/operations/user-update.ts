import { z } from 'zod';
import type { Effect } from '../../../src/action/effect.ts';
import { type Execute, writeOperation } from '../../../src/connector/contract.ts';
import { failedOf } from '../../../src/connector/http/http-execution.ts';
import { path } from '../../../src/connector/http/path.ts';
import { change } from '../effects.ts';
import { doc, mem, SAME_VALUES } from '../evidence.ts';
import { byBody, callExecution, type GraphCall, inner } from '../graph-call.ts';
import { objectId } from '../ids.ts';
import { readBack, undetermined } from '../read-back.ts';
import { user } from '../resources.ts';
import { USER_SELECT, userOutput } from './user-read.ts';

const field = z.string().min(1).max(64).nullable().optional();

/** Null clears a field. */
const fields = {
  displayName: z.string().min(1).max(256).optional(),
  givenName: field,
  surname: field,
  jobTitle: z.string().min(1).max(128).nullable().optional(),
  department: field,
  companyName: field,
  officeLocation: z.string().min(1).max(128).nullable().optional(),
  usageLocation: z
    .string()
    .regex(/^[A-Z]{2}$/, 'a country, as DE')
    .nullable()
    .optional(),
  mobilePhone: field,
  userPrincipalName: z
    .string()
    .regex(/^[A-Za-z0-9.'_-]{1,64}@[A-Za-z0-9.-]{1,48}$/, 'name@domain')
    .optional(),
  accountEnabled: z.boolean().optional(),
};
const FIELDS = Object.keys(fields);

const input = z
  .strictObject({ userId: objectId, ...fields })
  .refine((given) => FIELDS.some((name) => name in given), { error: 'give at least one field to change' });
type Update = z.output<typeof input>;

/** Dynamic groups and policies go by these, so a change of one can give or take rights. */
const DECIDES_RIGHTS = ['department', 'jobTitle', 'companyName', 'officeLocation', 'usageLocation'] as const;
/** Who holds the name or the number can take over the account. */
const DECIDES_IDENTITY = ['userPrincipalName', 'mobilePhone'] as const;

function effectOf(update: Update): Effect {
  const changes = (names: readonly string[]) => names.some((name) => name in update);
  if (changes(DECIDES_IDENTITY)) return change('privilege', { reversible: 'operation', external: true });
  if (update.accountEnabled === true) return change('privilege', { reversible: 'operation' });
  if (update.accountEnabled === false) return change('isolate', { reversible: 'operation' });
  return change('update', { reversible: 'operation', privileged: changes(DECIDES_RIGHTS) });
}

const before = z.object(
  Object.fromEntries(FIELDS.map((name) => [name, z.union([z.string(), z.boolean(), z.null()]).optional()])),
);
const output = z.object({ before: before.optional() });

const patchCall: GraphCall<Update> = {
  request: ({ userId, ...changes }) => ({ method: 'PATCH', path: path`/v1.0/users/${userId}`, body: asBody(changes) }),
};

type Value = string | boolean | null;

function isGiven(entry: readonly [string, Value | undefined]): entry is [string, Value] {
  return entry[1] !== undefined;
}

function asBody(changes: Omit<Update, 'userId'>): Readonly<Record<string, Value>> {
  return Object.fromEntries(Object.entries(changes).filter(isGiven));
}

const patch = callExecution(patchCall, true);

const read = (userId: string) => ({ path: path`/v1.0/users/${userId}`, query: { $select: USER_SELECT } });

/** Reads what the fields hold before it changes them, because Graph does not answer what it replaced. */
const readAndPatch: Execute<Update> = async (update, context) => {
  const answer = await readBack(read(update.userId), context);
  if (!answer.ok) return failedOf(answer, true);
  const held = userOutput.safeParse(answer.reply.body);
  if (!held.success)
    return { status: 'failed', code: 'RESPONSE_UNEXPECTED', detail: 'The user cannot be read.', exposed: true };
  const patched = await patch(update, context);
  if (patched.status !== 'succeeded') return patched;
  const values = new Map<string, unknown>(Object.entries(held.data));
  const changed = FIELDS.filter((name) => name in update).map((name) => [name, values.get(name) ?? null]);
  return { status: 'succeeded', result: { before: Object.fromEntries(changed) } };
};

const updateUser = writeOperation({
  name: 'entra.user.update',
  provenance: {
    arguments: {
      userId: 'target',
      userPrincipalName: 'credential',
      mobilePhone: 'credential',
      accountEnabled: 'flag',
      displayName: 'content',
      givenName: 'content',
      surname: 'content',
      jobTitle: 'content',
      department: 'content',
      companyName: 'content',
      officeLocation: 'content',
      usageLocation: 'content',
    },
  },
  description:
    'Changes fields of a user; null clears one. `accountEnabled: false` locks the user out, `true` lets the user in. Answers what the fields held before.',
  input,
  output,
  resourceTypes: ['Entra::User'],
  resources: ({ userId }) => [user(userId)],
  labels: () => ['pii'],
  effect: effectOf,
  effectKinds: ['update', 'isolate', 'privilege'],
  repeat: SAME_VALUES,
  execute: readAndPatch,
  probe: async (update, context) => {
    const answer = await readBack(read(update.userId), context);
    const held = answer.ok ? userOutput.safeParse(answer.reply.body) : undefined;
    if (held?.success !== true) return undetermined(answer);
    const values = new Map<string, unknown>(Object.entries(held.data));
    const given = Object.entries(asBody(update)).filter(([name]) => name !== 'userId');
    // What was there before is not known any more, so an undo cannot be offered.
    return given.every(([name, value]) => (values.get(name) ?? null) === value)
      ? { status: 'applied', result: {} }
      : { status: 'not-applied' };
  },
  undo: ({ userId }, result) => {
    const done = output.safeParse(result);
    if (!done.success || done.data.before === undefined) return undefined;
    const restored = Object.entries(done.data.before).filter(isGiven);
    return { operation: 'entra.user.update', input: { userId, ...Object.fromEntries(restored) } };
  },
  evidence: [
    doc('PATCH /users/{id}: 204; accountEnabled needs User.EnableDisableAccount.All or User.ReadWrite.All'),
    mem('null clears an optional property'),
  ],
});

export const userUpdateOperations = [updateUser] as const;
export const userUpdateInner = [
  inner(updateUser, patchCall, { method: 'PATCH', path: '/users/{}', input: byBody('userId') }),
];
