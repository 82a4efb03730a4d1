import { z } from 'zod';
import { type AnyOperation, readOperation, writeOperation } from '../../../src/connector/contract.ts';
import { path } from '../../../src/connector/http/path.ts';
import type { BulkPart } from '../bulk-part.ts';
import { change } from '../effects.ts';
import { NO_KEY, rfc } from '../evidence.ts';
import { filterable, filterOn, filterText } from '../filter.ts';
import { listExecution, listOf, readPages, window } from '../pages.ts';
import { COLLECTION, scimId, user } from '../resources.ts';
import { parseUser, readUser, userOutput } from '../user-schema.ts';
import { isAbsent, readBack, type Service, scimExecution, spelt, USER_SCHEMA, undetermined } from '../wire.ts';

interface OneUser {
  readonly userId: string;
}

export const userPath = ({ base }: Service, { userId }: OneUser): string => `${base}${path`/Users/${userId}`}`;

function readOperations(service: Service): readonly AnyOperation[] {
  const getUser = readOperation({
    name: 'scim.user.get',
    provenance: {
      arguments: { userId: 'target' },
      returns: { fields: { displayName: 'others', title: 'others', name: 'others' } },
    },
    description: 'Reads one user.',
    input: z.strictObject({ userId: scimId }),
    output: userOutput,
    resourceTypes: ['Scim::User'],
    resources: ({ userId }) => [user(userId)],
    labels: () => ['pii'],
    execute: scimExecution<OneUser>({
      request: (input) => ({ method: 'GET', path: userPath(service, input) }),
      repeatable: true,
      result: ({ body }) => readUser(body),
    }),
    evidence: [rfc('RFC 7644 §3.4.1: GET /Users/{id}')],
  });
  const listUsers = readOperation({
    name: 'scim.user.list',
    provenance: {
      returns: { fields: { 'items[*].displayName': 'others', 'items[*].title': 'others', 'items[*].name': 'others' } },
    },
    description: 'Lists users, all or those whose attributes are, contain or begin with given values.',
    input: z.strictObject({
      where: filterOn(['userName', 'externalId', 'displayName', 'title', 'emails.value', 'name.familyName']),
      ...window,
    }),
    output: listOf(userOutput),
    resourceTypes: ['Scim::User'],
    resources: () => [user(COLLECTION)],
    labels: () => ['pii'],
    touched: ({ items }) => items.map(({ id }) => user(id)),
    execute: listExecution(
      ({ where }) => ({ path: `${service.base}/Users`, query: { filter: filterText(where) } }),
      readUser,
    ),
    evidence: [rfc('RFC 7644 §3.4.2: GET /Users with filter, startIndex and count')],
  });
  return [getUser, listUsers];
}

const newUser = z.strictObject({
  userName: filterable,
  displayName: z.string().min(1).max(256).optional(),
  givenName: z.string().min(1).max(128).optional(),
  familyName: z.string().min(1).max(128).optional(),
  title: z.string().min(1).max(128).optional(),
  externalId: filterable.optional(),
  email: z.email().optional(),
  active: z.boolean().default(false),
});
type NewUser = z.output<typeof newUser>;

function newUserBody({ dialect }: Service, input: NewUser) {
  const { userName, displayName, givenName, familyName, title, externalId, email, active } = input;
  const name = {
    ...(givenName === undefined ? {} : { givenName }),
    ...(familyName === undefined ? {} : { familyName }),
  };
  return {
    schemas: [USER_SCHEMA],
    userName,
    active: spelt(active, dialect.booleans),
    ...(displayName === undefined ? {} : { displayName }),
    ...(Object.keys(name).length === 0 ? {} : { name }),
    ...(title === undefined ? {} : { title }),
    ...(externalId === undefined ? {} : { externalId }),
    ...(email === undefined ? {} : { emails: [{ value: email, type: 'work', primary: true }] }),
  };
}

const domainsOf = ({ userName, email = '' }: NewUser): string[] => [
  ...new Set(
    [userName, email].flatMap((text) =>
      text.includes('@') ? [text.slice(text.lastIndexOf('@') + 1).toLowerCase()] : [],
    ),
  ),
];

function createUser(service: Service): BulkPart {
  const request: BulkPart['request'] = (input: NewUser) => ({
    method: 'POST',
    path: `${service.base}/Users`,
    body: newUserBody(service, input),
  });
  const operation = writeOperation({
    name: 'scim.user.create',
    provenance: {
      arguments: {
        userName: 'destination',
        email: 'destination',
        displayName: 'content',
        givenName: 'content',
        familyName: 'content',
        title: 'content',
        active: 'flag',
      },
    },
    description: 'Creates a user without a password. Not active unless `active` is given.',
    input: newUser,
    output: userOutput.partial().extend({ id: z.string() }),
    facets: { schema: z.object({ domains: z.array(z.string()) }), of: (input) => ({ domains: domainsOf(input) }) },
    resourceTypes: ['Scim::User'],
    resources: () => [user(COLLECTION)],
    labels: () => ['pii'],
    touched: ({ id }) => [user(id)],
    // The account can only be deleted again, which is no way back for whatever it has been given in between.
    effect: ({ active }) => change('create', { reversible: 'operation', privileged: active }),
    effectKinds: ['create'],
    repeat: NO_KEY,
    execute: scimExecution<NewUser>({ request, repeatable: false, result: ({ body }) => readUser(body) }),
    // User names are unique (RFC 7643 §4.1.1), so the user who has it either came of this action or was in its way.
    probe: async (input, context) => {
      const query = { filter: filterText([{ attribute: 'userName', is: 'eq', value: input.userName }]) };
      const listed = await readPages(
        { path: `${service.base}/Users`, query },
        { window: { startIndex: 1, limit: 2 }, context },
      );
      if ('status' in listed) return { status: 'undetermined', detail: 'The users could not be listed.' };
      if (listed.items.length === 0) return { status: 'not-applied' };
      const found = parseUser(listed.items[0]);
      return found !== undefined && listed.items.length === 1 && (found.displayName ?? undefined) === input.displayName
        ? { status: 'applied', result: found }
        : { status: 'undetermined', detail: 'A user with this name exists, and is not as this action would make one.' };
    },
    undo: (_input, result) => {
      const id = z.object({ id: z.string() }).safeParse(result).data?.id;
      return id === undefined ? undefined : { operation: 'scim.user.delete', input: { userId: id } };
    },
    evidence: [rfc('RFC 7644 §3.3: POST /Users, 201; 409 with scimType uniqueness for a name that is taken')],
  });
  return { operation, request, result: (id) => ({ id: id ?? '' }) };
}

function deleteUser(service: Service): BulkPart {
  const request: BulkPart['request'] = (input: OneUser) => ({ method: 'DELETE', path: userPath(service, input) });
  const operation = writeOperation({
    name: 'scim.user.delete',
    provenance: { arguments: { userId: 'target' } },
    description:
      'Deletes a user for good, with all that hangs on the account. To take access away for a while, deactivate.',
    input: z.strictObject({ userId: scimId }),
    output: z.object({}),
    resourceTypes: ['Scim::User'],
    resources: ({ userId }) => [user(userId)],
    effect: () => change('delete', { reversible: 'no' }),
    effectKinds: ['delete'],
    repeat: {
      class: 'at-most-once',
      evidence: rfc(
        'RFC 7644 §3.6: 204, and 404 for what was deleted: a repetition looks like a refusal, or meets another',
      ),
    },
    execute: scimExecution<OneUser>({ request, repeatable: false }),
    probe: async (input, context) => {
      const answer = await readBack({ path: userPath(service, input) }, context);
      if (answer.ok) return { status: 'not-applied' };
      return isAbsent(answer) ? { status: 'applied', result: {} } : undetermined(answer);
    },
    undo: { none: 'SCIM has no way to bring a deleted user back; a new one has another id.' },
    evidence: [rfc('RFC 7644 §3.6: DELETE /Users/{id}; the service must answer 404 afterwards')],
  });
  return { operation, request, result: () => ({}) };
}

export interface UserOperations {
  readonly operations: readonly AnyOperation[];
  readonly parts: readonly BulkPart[];
}

export function userOperations(service: Service): UserOperations {
  const parts = [createUser(service), deleteUser(service)];
  return { operations: [...readOperations(service), ...parts.map(({ operation }) => operation)], parts };
}
