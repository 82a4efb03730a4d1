import { z } from 'zod';
import { readOperation, writeOperation } from '../../../src/connector/contract.ts';
import { path } from '../../../src/connector/http/path.ts';
import { change, WHOLE_TENANT } from '../effects.ts';
import { doc, NO_KEY } from '../evidence.ts';
import { byBody, byIds, callExecution, type GraphCall, inner } from '../graph-call.ts';
import { objectId, opaqueId } from '../ids.ts';
import { quoted } from '../odata-filter.ts';
import { limit, listExecution, listOf } from '../pages.ts';
import { absenceProbe, probeList } from '../read-back.ts';
import { grant, servicePrincipal } from '../resources.ts';

const GRANTS = '/v1.0/oauth2PermissionGrants';
const text = z.string().nullish();
const grantOutput = z.object({
  id: z.string(),
  clientId: text,
  consentType: text,
  principalId: text,
  resourceId: text,
  scope: text,
});

const listGrants = readOperation({
  name: 'entra.permission-grant.list',
  description: 'Lists the delegated permissions that an application has been given, for everybody or for single users.',
  input: z.strictObject({ clientId: objectId, limit }),
  output: listOf(grantOutput),
  resourceTypes: ['Entra::ServicePrincipal', 'Entra::Grant'],
  resources: ({ clientId }) => [servicePrincipal(clientId)],
  labels: () => ['security'],
  touched: ({ items }) => items.map(({ id }) => grant(id)),
  execute: listExecution(({ clientId }) => ({
    path: GRANTS,
    query: { $filter: `clientId eq ${quoted(clientId)}` },
  })),
  evidence: [doc('GET /oauth2PermissionGrants?$filter=clientId eq')],
});

const input = z
  .strictObject({
    /** The service principal that may call. */
    clientId: objectId,
    /** The service principal that is called. */
    resourceId: objectId,
    /** Delegated permissions, as `User.Read`. */
    scope: z
      .string()
      .max(2_048)
      .regex(/^[A-Za-z0-9._:/-]+(?: [A-Za-z0-9._:/-]+)*$/, 'permissions with one space between them'),
    consentType: z.enum(['AllPrincipals', 'Principal']),
    /** For Principal: the user in whose name. */
    principalId: objectId.optional(),
  })
  .refine(({ consentType, principalId }) => (consentType === 'Principal') === (principalId !== undefined), {
    error: 'Principal needs a principalId; AllPrincipals takes none',
  });
type Grant = z.output<typeof input>;

const createCall: GraphCall<Grant> = {
  request: ({ principalId, ...rest }) => ({
    method: 'POST',
    path: GRANTS,
    body: { ...rest, ...(principalId === undefined ? {} : { principalId }) },
  }),
  result: (reply) => reply.body,
};

const createGrant = writeOperation({
  name: 'entra.permission-grant.create',
  provenance: {
    arguments: {
      clientId: 'destination',
      resourceId: 'target',
      scope: 'credential',
      consentType: 'flag',
      principalId: 'target',
    },
  },
  description:
    'Consents for one user, or for everybody, that an application acts in their name: it can read and change what they can.',
  input,
  output: grantOutput,
  facets: {
    schema: z.object({ scopes: z.array(z.string()), everybody: z.boolean() }),
    of: ({ scope, consentType }) => ({ scopes: scope.split(' '), everybody: consentType === 'AllPrincipals' }),
  },
  resourceTypes: ['Entra::ServicePrincipal', 'Entra::Grant'],
  resources: ({ clientId, resourceId }) => [servicePrincipal(clientId), servicePrincipal(resourceId)],
  labels: () => ['security'],
  touched: ({ id }) => [grant(id)],
  // The application can belong to anybody, and keeps what it has read.
  effect: ({ consentType }) =>
    change('privilege', {
      reversible: 'no',
      external: true,
      count: consentType === 'AllPrincipals' ? WHOLE_TENANT : 1,
    }),
  effectKinds: ['privilege'],
  repeat: NO_KEY,
  execute: callExecution(createCall, false),
  probe: (wanted, context) =>
    probeList(
      { path: GRANTS, query: { $filter: `clientId eq ${quoted(wanted.clientId)}` } },
      {
        context,
        find: (items) => {
          const found = items
            .map((item) => grantOutput.safeParse(item).data)
            .find(
              (item) =>
                item?.resourceId === wanted.resourceId &&
                item.consentType === wanted.consentType &&
                (item.principalId ?? undefined) === wanted.principalId &&
                item.scope?.trim() === wanted.scope,
            );
          return found === undefined ? { status: 'not-applied' } : { status: 'applied', result: found };
        },
      },
    ),
  undo: (_input, result) => {
    const made = grantOutput.safeParse(result);
    return made.success ? { operation: 'entra.permission-grant.delete', input: { grantId: made.data.id } } : undefined;
  },
  evidence: [
    doc(
      'POST /oauth2PermissionGrants {clientId, consentType, principalId, resourceId, scope}: 201; "AllPrincipals" is the whole tenant',
    ),
  ],
});

interface OneGrant {
  readonly grantId: string;
}
const grantPath = ({ grantId }: OneGrant) => `${GRANTS}${path`/${grantId}`}`;
const deleteCall: GraphCall<OneGrant> = { request: (input) => ({ method: 'DELETE', path: grantPath(input) }) };

const deleteGrant = writeOperation({
  name: 'entra.permission-grant.delete',
  provenance: { arguments: { grantId: 'target' } },
  description: 'Revokes delegated permissions. The application may stop working for everybody who uses it.',
  input: z.strictObject({ grantId: opaqueId }),
  output: z.object({}),
  resourceTypes: ['Entra::Grant'],
  resources: ({ grantId }) => [grant(grantId)],
  effect: () => change('isolate', { reversible: 'no', count: WHOLE_TENANT }),
  effectKinds: ['isolate'],
  repeat: NO_KEY,
  execute: callExecution(deleteCall, false),
  probe: absenceProbe(grantPath),
  undo: { none: 'What was granted, to whom and for whom, is gone with the grant.' },
  evidence: [doc('DELETE /oauth2PermissionGrants/{id}: 204')],
});

export const consentOperations = [listGrants, createGrant, deleteGrant] as const;
export const consentInner = [
  inner(createGrant, createCall, { method: 'POST', path: '/oauth2PermissionGrants', input: byBody() }),
  inner(deleteGrant, deleteCall, { method: 'DELETE', path: '/oauth2PermissionGrants/{}', input: byIds('grantId') }),
];
