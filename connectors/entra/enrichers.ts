import { z } from 'zod';
import type { Enricher } from '../../src/connector/contract.ts';
import { httpFact } from '../../src/connector/http/http-fact.ts';
import { path } from '../../src/connector/http/path.ts';
import { doc } from './evidence.ts';
import { objectId } from './ids.ts';
import { isAbsent } from './read-back.ts';

const state = z.object({ accountEnabled: z.boolean(), userType: z.string().nullish() });

const lookedUp = {
  ttlMs: 300_000,
  evidence: [doc('GET /users/{id | userPrincipalName}?$select=accountEnabled,userType')],
} as const;

const request = ({ id }: { readonly id: string }) =>
  ({ method: 'GET', path: path`/v1.0/users/${id}`, query: { $select: 'accountEnabled,userType' } }) as const;

const accountType = httpFact({ request, isAbsent, value: ({ body }) => state.parse(body).userType ?? undefined });

export const enrichers: readonly Enricher[] = [
  {
    ...lookedUp,
    name: 'userEnabled',
    title: "Whether the account of the workflow's user, by object id or principal name, is enabled.",
    type: 'Bool',
    about: 'user',
    fetch: httpFact({ request, isAbsent, value: ({ body }) => state.parse(body).accountEnabled }),
  },
  {
    ...lookedUp,
    name: 'accountType',
    title: 'Whether the account that is acted on belongs here: Member or Guest.',
    type: 'String',
    about: ['Entra::User'],
    // Nothing is known of all users together.
    fetch: async (subject, context) =>
      objectId.safeParse(subject.id).success ? accountType(subject, context) : undefined,
  },
];
