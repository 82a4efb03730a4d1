import { z } from 'zod';
import { readOperation } from '../../../src/connector/contract.ts';
import { path } from '../../../src/connector/http/path.ts';
import { doc } from '../evidence.ts';
import { byIds, callExecution, type GraphCall, inner } from '../graph-call.ts';
import { objectId } from '../ids.ts';
import { filterOn, filterText } from '../odata-filter.ts';
import { limit, listExecution, listOf } from '../pages.ts';
import { COLLECTION, group, user } from '../resources.ts';

const text = z.string().nullish();

export const userOutput = z.object({
  id: z.string(),
  displayName: text,
  userPrincipalName: text,
  mail: text,
  accountEnabled: z.boolean().nullish(),
  userType: text,
  givenName: text,
  surname: text,
  jobTitle: text,
  department: text,
  companyName: text,
  officeLocation: text,
  mobilePhone: text,
  usageLocation: text,
  createdDateTime: text,
});

/** Asked for by name: by default Graph leaves out accountEnabled and others [doc]. */
export const USER_SELECT = Object.keys(userOutput.shape).join(',');

const getCall: GraphCall<{ readonly userId: string }> = {
  request: ({ userId }) => ({ method: 'GET', path: path`/v1.0/users/${userId}`, query: { $select: USER_SELECT } }),
  result: (reply) => reply.body,
};

const getUser = readOperation({
  name: 'entra.user.get',
  provenance: { arguments: { userId: 'target' }, returns: { fields: { displayName: 'others' } } },
  description: 'Reads one user: profile, type, and whether the account is enabled.',
  input: z.strictObject({ userId: objectId }),
  output: userOutput,
  resourceTypes: ['Entra::User'],
  resources: ({ userId }) => [user(userId)],
  labels: () => ['pii'],
  execute: callExecution(getCall, true),
  evidence: [doc('GET /users/{id}: only some properties are answered unless $select names others')],
});

const listUsers = readOperation({
  name: 'entra.user.list',
  provenance: { returns: { fields: { 'items[*].displayName': 'others' } } },
  description: 'Lists users, all or those whose fields are or begin with given values.',
  input: z.strictObject({
    where: filterOn([
      'displayName',
      'userPrincipalName',
      'mail',
      'department',
      'jobTitle',
      'givenName',
      'surname',
      'userType',
    ]),
    limit,
  }),
  output: listOf(userOutput),
  resourceTypes: ['Entra::User'],
  resources: () => [user(COLLECTION)],
  labels: () => ['pii'],
  touched: ({ items }) => items.map(({ id }) => user(id)),
  execute: listExecution(({ where }) => ({
    path: '/v1.0/users',
    query: { $select: USER_SELECT, $filter: filterText(where) },
  })),
  evidence: [doc('GET /users; paging: follow the whole @odata.nextLink, $top up to 999')],
});

const membership = z.object({ '@odata.type': text, id: z.string(), displayName: text });

const listMemberships = readOperation({
  name: 'entra.user.list-memberships',
  provenance: { arguments: { userId: 'target' }, returns: { fields: { 'items[*].displayName': 'others' } } },
  description: 'Lists the groups, roles and administrative units that a user is a direct member of.',
  input: z.strictObject({ userId: objectId, limit }),
  output: listOf(membership),
  resourceTypes: ['Entra::User', 'Entra::Group'],
  resources: ({ userId }) => [user(userId)],
  labels: () => ['security'],
  touched: ({ items }) =>
    items.filter((item) => item['@odata.type'] === '#microsoft.graph.group').map(({ id }) => group(id)),
  execute: listExecution(({ userId }) => ({
    path: path`/v1.0/users/${userId}/memberOf`,
    query: { $select: 'id,displayName' },
  })),
  evidence: [doc('GET /users/{id}/memberOf: "groups, directory roles, and administrative units", direct only')],
});

export const userReadOperations = [getUser, listUsers, listMemberships] as const;
export const userReadInner = [inner(getUser, getCall, { method: 'GET', path: '/users/{}', input: byIds('userId') })];
