import { z } from 'zod';
import type { Enricher } from '../../src/connector/contract.ts';
import type { HttpReply } from '../../src/connector/http/http-client.ts';
import { httpFact } from '../../src/connector/http/http-fact.ts';
import { path } from '../../src/connector/http/path.ts';
import { InterlockError } from '../../src/lib/errors.ts';
import { csdl, doc } from './evidence.ts';
import { objectId } from './ids.ts';
import { isAbsent } from './read-back.ts';

const state = z.object({ accountEnabled: z.boolean(), userType: z.string().nullish() });
const risk = z.object({ riskLevel: z.string() });
const listed = <T extends z.ZodType>(item: T) =>
  z.object({ value: z.array(item), '@odata.nextLink': z.string().optional() });

/** All of a list, each once; what does not stand on one page is not guessed. */
function wholeList<T extends z.ZodType>({ body }: HttpReply, item: T): readonly z.output<T>[] {
  const { value, '@odata.nextLink': next } = listed(item).parse(body);
  if (next !== undefined) throw new InterlockError('RESPONSE_TOO_LARGE');
  return value;
}

const distinct = (texts: readonly string[]): readonly string[] => [...new Set(texts)].sort();

const isObject = (id: string): boolean => objectId.safeParse(id).success;
const aboutUser = { about: 'user', ttlMs: 300_000 } as const;

const account = ({ id }: { readonly id: string }) =>
  ({ method: 'GET', path: path`/v1.0/users/${id}`, query: { $select: 'accountEnabled,userType' } }) as const;
const ACCOUNT = [doc('GET /users/{id | userPrincipalName}?$select=accountEnabled,userType')];

export const enrichers: readonly Enricher[] = [
  {
    ...aboutUser,
    name: 'userEnabled',
    title: "Whether the account of the workflow's user, by object id or principal name, is enabled.",
    type: 'Bool',
    fetch: httpFact({ request: account, isAbsent, value: ({ body }) => state.parse(body).accountEnabled }),
    evidence: ACCOUNT,
  },
  {
    ...aboutUser,
    name: 'userRoles',
    title: 'The directory roles that the user has, also through groups, by role template id.',
    type: { setOf: 'String' },
    fetch: httpFact({
      request: ({ id }) => ({
        method: 'GET',
        path: `${path`/v1.0/users/${id}`}/transitiveMemberOf/microsoft.graph.directoryRole`,
        query: { $select: 'roleTemplateId', $top: 999 },
      }),
      isAbsent,
      value: (reply) =>
        distinct(wholeList(reply, z.object({ roleTemplateId: z.string() })).map((role) => role.roleTemplateId)),
    }),
    evidence: [
      doc('GET /users/{id | userPrincipalName}/transitiveMemberOf, OData cast to microsoft.graph.directoryRole'),
      csdl('directoryRole: roleTemplateId'),
    ],
  },
  {
    ...aboutUser,
    name: 'userMethods',
    title: 'How the user can sign in, e.g. passwordAuthenticationMethod and fido2AuthenticationMethod.',
    type: { setOf: 'String' },
    fetch: httpFact({
      request: ({ id }) => ({ method: 'GET', path: path`/v1.0/users/${id}/authentication/methods` }),
      isAbsent,
      value: (reply) =>
        distinct(
          wholeList(reply, z.object({ '@odata.type': z.string() })).map((method) =>
            method['@odata.type'].replace('#microsoft.graph.', ''),
          ),
        ),
    }),
    evidence: [doc('GET /users/{id | userPrincipalName}/authentication/methods: @odata.type of each')],
  },
  {
    ...aboutUser,
    name: 'userRisk',
    title: 'How risky Identity Protection holds the user, by object id: none, low, medium, high or hidden.',
    type: 'String',
    fetch: httpFact({
      isSubject: isObject,
      request: ({ id }) => ({ method: 'GET', path: path`/v1.0/identityProtection/riskyUsers/${id}` }),
      isAbsent,
      value: ({ body }) => risk.parse(body).riskLevel,
    }),
    evidence: [doc('GET /identityProtection/riskyUsers/{id}'), csdl('riskyUser: riskLevel')],
  },
  {
    name: 'accountType',
    title: 'Whether the account that is acted on belongs here: Member or Guest.',
    type: 'String',
    about: ['Entra::User'],
    ttlMs: 300_000,
    fetch: httpFact({
      isSubject: isObject,
      request: account,
      isAbsent,
      value: ({ body }) => state.parse(body).userType ?? undefined,
    }),
    evidence: ACCOUNT,
  },
];
