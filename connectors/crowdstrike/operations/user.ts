import { z } from 'zod';
import { readOperation, writeOperation } from '../../../src/connector/contract.ts';
import { httpExecution } from '../../../src/connector/http/http-execution.ts';
import { change } from '../effects.ts';
import { resourceOf, resourcesOf } from '../envelope.ts';
import { ONCE, sdk } from '../evidence.ts';
import { fql } from '../fql.ts';
import { cid, userUuid } from '../ids.ts';
import { foundOutput, idsThenEntities, OFFSET, searchInput } from '../lists.ts';
import { gone, readBack, settle, undetermined } from '../read-back.ts';
import { refs } from '../resources.ts';

const USERS = '/user-management/entities/users/v1';
const QUERY = '/user-management/queries/users/v1';
const ENTITIES = '/user-management/entities/users/GET/v1';

const user = z.object({
  uuid: z.string(),
  uid: z.string().optional(),
  cid: z.string().optional(),
  first_name: z.string().optional(),
  last_name: z.string().optional(),
});
const entities = (ids: readonly string[]) => ({ method: 'POST', path: ENTITIES, body: { ids: [...ids] } }) as const;

const searchUsers = readOperation({
  name: 'crowdstrike.user.search',
  description: 'Searches those who may sign in to the console.',
  input: searchInput,
  output: foundOutput('users', user),
  resourceTypes: ['CrowdStrike::User'],
  resources: () => refs('CrowdStrike::User', []),
  labels: () => ['pii', 'security'],
  touched: ({ users }) => users.map(({ uuid }) => ({ type: 'CrowdStrike::User', id: uuid })),
  execute: idsThenEntities({ as: 'users', queries: QUERY, entities: ENTITIES, item: user, dialect: OFFSET }),
  evidence: [
    sdk('GET /user-management/queries/users/v1 (queryUserV1)'),
    sdk('POST /user-management/entities/users/GET/v1 (retrieveUsersGETV1)'),
  ],
});

const name = z.string().min(1).max(100);

const createUser = writeOperation({
  name: 'crowdstrike.user.create',
  description:
    'Invites somebody to the console by e-mail, without a role. `validateOnly` is Falcon’s own dry run: nothing happens then.',
  input: z.strictObject({
    uid: z
      .email()
      .regex(/^[^'"\\*[\]]+$/)
      .max(200),
    firstName: name,
    lastName: name,
    cid: cid.optional(),
    validateOnly: z.boolean().default(false),
  }),
  output: z.object({ uuid: z.string().optional() }),
  resourceTypes: ['CrowdStrike::User'],
  resources: () => refs('CrowdStrike::User', []),
  labels: () => ['pii'],
  touched: ({ uuid }) => (uuid === undefined ? [] : [{ type: 'CrowdStrike::User', id: uuid }]),
  provenance: {
    arguments: { uid: 'destination', firstName: 'content', lastName: 'content', cid: 'target', validateOnly: 'flag' },
  },
  effect: ({ validateOnly }) =>
    validateOnly
      ? change('read', 'operation', { privileged: false })
      : change('privilege', 'operation', { external: true }),
  effectKinds: ['read', 'privilege'],
  repeat: ONCE,
  execute: httpExecution({
    request: ({ uid, firstName, lastName, cid, validateOnly }) => ({
      method: 'POST',
      path: USERS,
      query: { validate_only: validateOnly },
      body: { uid, first_name: firstName, last_name: lastName, ...(cid === undefined ? {} : { cid }) },
    }),
    repeatable: false,
    result: (reply, { validateOnly }) => (validateOnly ? {} : resourceOf(reply, user)),
  }),
  probe: async ({ uid, firstName, lastName, validateOnly }, context) => {
    if (validateOnly) return undetermined('A dry run leaves nothing that could be read.');
    const filter = fql([{ field: 'uid', is: 'equal', value: uid }]);
    const found = await readBack({ method: 'GET', path: QUERY, query: { filter } }, context);
    if (!found.ok) return undetermined(found.detail);
    const ids = readIds(found.reply);
    if (ids === undefined) return undetermined('The reply does not tell.');
    if (ids.length === 0) return { status: 'not-applied' };
    const answer = await readBack(entities(ids), context);
    const users = answer.ok ? z.object({ resources: z.array(user) }).safeParse(answer.reply.body) : undefined;
    const own = users?.data?.resources.find((each) => each.first_name === firstName && each.last_name === lastName);
    return own === undefined
      ? undetermined('Somebody else has that name to sign in with.')
      : { status: 'applied', result: own };
  },
  undo: (_input, result) => {
    const said = z.object({ uuid: userUuid }).safeParse(result);
    return said.success ? { operation: 'crowdstrike.user.delete', input: { userUuid: said.data.uuid } } : undefined;
  },
  evidence: [sdk('POST /user-management/entities/users/v1?validate_only=… (createUserV1)')],
});

function readIds({ body }: { readonly body: unknown }): readonly string[] | undefined {
  const said = z.object({ resources: z.array(z.string()) }).safeParse(body);
  return said.success ? said.data.resources : undefined;
}

const deleteUser = writeOperation({
  name: 'crowdstrike.user.delete',
  description: 'Deletes somebody from the console, with all roles.',
  input: z.strictObject({ userUuid }),
  output: z.object({}),
  resourceTypes: ['CrowdStrike::User'],
  resources: ({ userUuid }) => refs('CrowdStrike::User', [userUuid]),
  provenance: { arguments: { userUuid: 'target' } },
  effect: () => change('delete', 'no'),
  effectKinds: ['delete'],
  repeat: ONCE,
  execute: httpExecution({
    request: ({ userUuid }) => ({ method: 'DELETE', path: USERS, query: { user_uuid: userUuid } }),
    repeatable: false,
    result: () => ({}),
  }),
  probe: settle({ call: ({ userUuid }) => entities([userUuid]), item: user, judge: gone, result: () => ({}) }),
  undo: { none: 'A deleted user is invited anew, with another id and without the roles.' },
  evidence: [sdk('DELETE /user-management/entities/users/v1 (deleteUserV1)')],
});

const getUsers = readOperation({
  name: 'crowdstrike.user.get',
  description: 'Reads one user of the console.',
  input: z.strictObject({ userUuid }),
  output: z.object({ users: z.array(user) }),
  resourceTypes: ['CrowdStrike::User'],
  resources: ({ userUuid }) => refs('CrowdStrike::User', [userUuid]),
  labels: () => ['pii', 'security'],
  execute: httpExecution({
    request: ({ userUuid }) => entities([userUuid]),
    repeatable: true,
    reads: true,
    result: (reply) => ({ users: resourcesOf(reply, user) }),
  }),
  evidence: [sdk('POST /user-management/entities/users/GET/v1 (retrieveUsersGETV1)')],
});

export const userOperations = [searchUsers, getUsers, createUser, deleteUser] as const;
