import { z } from 'zod';
import type { Effect } from '../../../src/action/effect.ts';
import { type Execute, writeOperation } from '../../../src/connector/contract.ts';
import { isJsonObject, type Json, type JsonObject } from '../../../src/lib/json.ts';
import type { BulkPart } from '../bulk-part.ts';
import { change } from '../effects.ts';
import { NO_KEY, rfc } from '../evidence.ts';
import { filterable } from '../filter.ts';
import { scimId, user } from '../resources.ts';
import { ATTRIBUTES, type Changes, heldIn, parseUser, replaced, stepsOf, type User } from '../user-schema.ts';
import { type PatchStep, patchBody, readBack, readThenWrite, type Service, spelt, undetermined } from '../wire.ts';
import { userPath } from './user.ts';

/** Null clears an attribute. */
const text = z.string().min(1).max(256).nullable().optional();
const input = z
  .strictObject({
    userId: scimId,
    userName: filterable.optional(),
    displayName: text,
    title: text,
    userType: text,
    givenName: text,
    familyName: text,
  })
  .refine((given) => ATTRIBUTES.some((attribute) => given[attribute] !== undefined), {
    error: 'give at least one attribute',
  });
type Update = z.output<typeof input>;

const before = z.object({
  userName: z.string().optional(),
  displayName: text,
  title: text,
  userType: text,
  givenName: text,
  familyName: text,
});

function effectOf({ userName, title, userType }: Update): Effect {
  // Whoever holds the name signs in with it.
  if (userName !== undefined) return change('privilege', { reversible: 'operation', external: true });
  // Applications map rights to titles and types.
  return change('update', { reversible: 'operation', privileged: title !== undefined || userType !== undefined });
}

function changesOf({ userId: _, ...changes }: Update): Changes {
  return Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
}

interface Written {
  readonly user: User;
  readonly whole: JsonObject;
}

function parse(body: unknown): Written | undefined {
  const user = parseUser(body);
  return user === undefined || !isJsonObject(body) ? undefined : { user, whole: body };
}

/** PATCH, or PUT of the whole where the service has no PATCH. */
export function writeOf(
  { dialect }: Service,
  {
    whole,
    steps,
    changes,
  }: {
    readonly whole: JsonObject;
    readonly steps: readonly PatchStep[];
    readonly changes: Readonly<Record<string, Json>>;
  },
) {
  return dialect.update === 'patch'
    ? ({ method: 'PATCH', body: patchBody(steps, dialect) } as const)
    : ({ method: 'PUT', body: replaced(whole, changes) } as const);
}

export function updateUser(service: Service): BulkPart {
  const request: BulkPart['request'] = (input: Update) => ({
    method: 'PATCH',
    path: userPath(service, input),
    body: patchBody(stepsOf(changesOf(input)), service.dialect),
  });
  /** What the attributes hold is read first: for the undo, and for the version that the write must meet. */
  const execute: Execute<Update> = (input, context) => {
    const changes = changesOf(input);
    return readThenWrite(userPath(service, input), {
      context,
      parse,
      write: ({ whole }) => writeOf(service, { whole, steps: stepsOf(changes), changes }),
      result: ({ user }) => ({
        before: Object.fromEntries(
          ATTRIBUTES.filter((attribute) => attribute in changes).map((attribute) => [
            attribute,
            heldIn(user, attribute),
          ]),
        ),
      }),
    });
  };
  const operation = writeOperation({
    name: 'scim.user.update',
    provenance: {
      arguments: {
        userId: 'target',
        userName: 'credential',
        displayName: 'content',
        givenName: 'content',
        familyName: 'content',
        title: 'content',
        userType: 'flag',
      },
    },
    description: 'Changes a user’s names, title or type; null clears one. Answers what they were before.',
    input,
    output: z.object({ before: before.optional() }),
    resourceTypes: ['Scim::User'],
    resources: ({ userId }) => [user(userId)],
    labels: () => ['pii'],
    effect: effectOf,
    effectKinds: ['update', 'privilege'],
    repeat: NO_KEY,
    execute,
    probe: async (input, context) => {
      const answer = await readBack({ path: userPath(service, input) }, context);
      const held = answer.ok ? parseUser(answer.reply.body) : undefined;
      if (held === undefined) return undetermined(answer);
      const changes = changesOf(input);
      const applied = ATTRIBUTES.every((each) => changes[each] === undefined || changes[each] === heldIn(held, each));
      return applied ? { status: 'applied', result: {} } : { status: 'not-applied' };
    },
    undo: ({ userId }, result) => {
      const held = z.object({ before }).safeParse(result).data?.before ?? {};
      const known = Object.entries(held).filter((entry): entry is [string, string | null] => entry[1] !== undefined);
      return known.length === 0
        ? undefined
        : { operation: 'scim.user.update', input: { userId, ...Object.fromEntries(known) } };
    },
    evidence: [rfc('RFC 7644 §3.5.2: PATCH /Users/{id} with a PatchOp; §3.5.1: PUT replaces the whole')],
  });
  return { operation, request, result: () => ({}) };
}

interface OneUser {
  readonly userId: string;
}

const VERBS = {
  deactivate: {
    active: false,
    kind: 'isolate',
    undo: 'scim.user.activate',
    description:
      'Takes a user’s access away (`active: false`), and keeps the account. What else a service does then is its own.',
  },
  activate: {
    active: true,
    kind: 'privilege',
    undo: 'scim.user.deactivate',
    description: 'Gives a user access again (`active: true`), with all that the account still has.',
  },
} as const;

/** `active: false` is how SCIM deactivates; `true` is how it lets in again. */
export function setActive(service: Service, verb: keyof typeof VERBS): BulkPart {
  const { active, kind, undo, description } = VERBS[verb];
  const steps: readonly PatchStep[] = [{ op: 'replace', path: 'active', value: active }];
  const request: BulkPart['request'] = (input: OneUser) => ({
    method: 'PATCH',
    path: userPath(service, input),
    body: patchBody(steps, service.dialect),
  });
  const operation = writeOperation({
    name: `scim.user.${verb}`,
    provenance: { arguments: { userId: 'target' } },
    description,
    input: z.strictObject({ userId: scimId }),
    output: z.object({ wasActive: z.boolean().nullish() }),
    resourceTypes: ['Scim::User'],
    resources: ({ userId }) => [user(userId)],
    effect: () => change(kind, { reversible: 'operation' }),
    effectKinds: [kind],
    repeat: NO_KEY,
    execute: (input, context) =>
      readThenWrite(userPath(service, input), {
        context,
        parse,
        write: ({ whole }) =>
          writeOf(service, { whole, steps, changes: { active: spelt(active, service.dialect.booleans) } }),
        result: (held) => ({ wasActive: held.user.active }),
      }),
    probe: async (input, context) => {
      const answer = await readBack({ path: userPath(service, input) }, context);
      const held = answer.ok ? parseUser(answer.reply.body) : undefined;
      if (typeof held?.active !== 'boolean') return undetermined(answer);
      return held.active === active ? { status: 'applied', result: {} } : { status: 'not-applied' };
    },
    // Whoever was so before stays so.
    undo: ({ userId }, result) =>
      z.object({ wasActive: z.literal(active) }).safeParse(result).success
        ? undefined
        : { operation: undo, input: { userId } },
    evidence: [
      rfc('RFC 7643 §4.1.1: active is "the user’s administrative status"; what it means is the service’s own'),
    ],
  });
  return { operation, request, result: () => ({}) };
}
