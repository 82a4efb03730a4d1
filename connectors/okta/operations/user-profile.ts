import { z } from 'zod';
import { type Execute, type Probe, writeOperation } from '../../../src/connector/contract.ts';
import { httpExecution } from '../../../src/connector/http/http-execution.ts';
import { path } from '../../../src/connector/http/path.ts';
import { change } from '../effects.ts';
import { userId } from '../ids.ts';
import { asJson, domainsOf, holds } from '../profile.ts';
import { readBack, undetermined } from '../read-back.ts';
import { user } from '../resources.ts';
import { clearableField, isPositionField, isSignInField, profileChanges, userOutput } from '../user-schema.ts';

const input = z
  .strictObject({
    userId,
    /** New values; fields that are left out stay as they are. */
    profile: profileChanges.default({}),
    /** Fields to empty. */
    clear: z.array(clearableField).max(32).default([]),
  })
  .refine(({ profile, clear }) => Object.keys(profile).length + clear.length > 0, {
    error: 'nothing would change',
    path: ['profile'],
  })
  .refine(({ profile, clear }) => clear.every((field) => profile[field] === undefined), {
    error: 'a field is both set and cleared',
    path: ['clear'],
  });

type Update = z.output<typeof input>;

const before = z.record(z.string(), z.string().nullable());
const output = userOutput.extend({ before });

function changesOf({ profile, clear }: Update): Readonly<Record<string, string | null>> {
  const set = Object.entries(profile).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return Object.fromEntries([...set, ...clear.map((field): [string, null] => [field, null])]);
}

const readCurrent = httpExecution<Update>({
  request: ({ userId }) => ({ method: 'GET', path: path`/api/v1/users/${userId}` }),
  repeatable: true,
  result: ({ body, headers }) => ({ user: userOutput.parse(body), etag: headers['etag'] }),
});
const current = z.object({ user: userOutput, etag: z.string().optional() });

/**
 * Reads, then updates on the condition that nothing changed in between, so that what the undo will restore is what was
 * there. Okta answers 412 where it did change.
 */
const updateIfUnchanged: Execute<Update> = async (input, context) => {
  const read = await readCurrent(input, context);
  if (read.status !== 'succeeded') return read;
  const { user, etag } = current.parse(read.result);
  const changes = changesOf(input);
  const update = httpExecution<Update>({
    request: ({ userId }) => ({
      method: 'POST',
      path: path`/api/v1/users/${userId}`,
      headers: etag === undefined ? {} : { 'if-match': etag },
      body: { profile: asJson(changes) },
    }),
    repeatable: false,
    result: (reply) => ({ ...userOutput.parse(reply.body), before: valuesOf(user.profile, Object.keys(changes)) }),
  });
  return update(input, context);
};

function valuesOf(
  profile: Readonly<Record<string, string | null | undefined>>,
  fields: readonly string[],
): Record<string, string | null> {
  return Object.fromEntries(fields.map((field) => [field, profile[field] ?? null]));
}

/** All values there: applied. None of them: not applied. Some: somebody else was at it too. */
const probeProfile: Probe<Update> = async (input, context) => {
  const answer = await readBack({ path: path`/api/v1/users/${input.userId}` }, context);
  const found = answer.ok ? userOutput.safeParse(answer.reply.body) : undefined;
  if (found?.success !== true) return undetermined(answer);
  const { profile } = found.data;
  const changes = Object.entries(changesOf(input));
  const there = changes.filter(([field, value]) => holds(profile, { [field]: value })).length;
  // Without the values from before: a lost update cannot be undone by itself.
  if (there === changes.length) return { status: 'applied', result: { ...found.data, before: {} } };
  return there === 0
    ? { status: 'not-applied' }
    : { status: 'undetermined', detail: 'Some of the new values are there, some are not.' };
};

const updateProfile = writeOperation({
  name: 'okta.user.update-profile',
  description:
    'Changes fields of a user’s standard profile. Login, e-mail addresses and mobile phone decide who controls the account; position fields feed the rules that put people into groups.',
  input,
  output,
  facets: {
    schema: z.object({ domains: z.array(z.string()) }),
    of: ({ profile }) => ({ domains: domainsOf(profile) }),
  },
  resourceTypes: ['Okta::User'],
  resources: ({ userId }) => [user(userId)],
  labels: () => ['pii'],
  effect: (input) => {
    const fields = Object.keys(changesOf(input));
    const signIn = fields.some(isSignInField);
    // Recovery links go to the new address, wherever that is.
    return change(signIn ? 'privilege' : 'update', {
      reversible: 'operation',
      external: signIn,
      privileged: signIn || fields.some(isPositionField),
    });
  },
  effectKinds: ['update', 'privilege'],
  repeat: {
    class: 'at-most-once',
    evidence: {
      mark: 'spec',
      source:
        'POST /api/v1/users/{id}: header If-Match, so a repetition is refused once the first has changed the user',
    },
  },
  // The answer shows the former values, which somebody else may have written.
  touched: ({ id }) => [user(id)],
  execute: updateIfUnchanged,
  probe: probeProfile,
  undo: ({ userId }, result) => {
    const done = output.safeParse(result);
    if (!done.success || Object.keys(done.data.before).length === 0) return undefined;
    const old = Object.entries(done.data.before);
    return {
      operation: 'okta.user.update-profile',
      input: {
        userId,
        profile: Object.fromEntries(old.flatMap(([field, value]) => (value === null ? [] : [[field, value]]))),
        clear: old.filter(([, value]) => value === null).map(([field]) => field),
      },
    };
  },
  evidence: [
    {
      mark: 'spec',
      source: 'POST /api/v1/users/{id} (updateUser): partial update; profile fields and lengths from UserProfile',
    },
  ],
});

export const userProfileOperations = [updateProfile] as const;
