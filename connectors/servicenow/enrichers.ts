import { z } from 'zod';
import type { Enricher } from '../../src/connector/contract.ts';
import type { HttpResult } from '../../src/connector/http/http-client.ts';
import { httpFact } from '../../src/connector/http/http-fact.ts';
import { path } from '../../src/connector/http/path.ts';
import { encodedQuery } from './encoded-query.ts';
import { EVIDENCE } from './evidence.ts';
import { STORED } from './table-call.ts';

/** Every scalar is a text [rec]; 1 is critical, 5 is planning. */
const priority = z.object({ result: z.object({ priority: z.string().regex(/^[1-5]$/) }) });
const owner = z.object({ result: z.object({ assignment_group: z.string() }) });
const users = z.object({ result: z.array(z.object({ active: z.enum(['true', 'false']) })) });

/** One column of an incident as it is stored. */
const column = (name: string) => ({
  request: ({ id }: { readonly id: string }) =>
    ({
      method: 'GET',
      path: path`/api/now/table/incident/${id}`,
      query: { sysparm_fields: name, ...STORED },
    }) as const,
  isAbsent: (answer: HttpResult) => !answer.ok && answer.reply?.status === 404,
});

const MINUTE_MS = 60_000;

export const enrichers: readonly Enricher[] = [
  {
    name: 'incidentPriority',
    title: 'The priority of the incident: 1 is critical, 5 is planning.',
    type: 'Long',
    about: ['ServiceNow::Incident'],
    ttlMs: 5 * MINUTE_MS,
    fetch: httpFact({
      ...column('priority'),
      value: ({ body }) => Number(priority.parse(body).result.priority),
    }),
    evidence: [EVIDENCE.tableApi, EVIDENCE.incidentRecord],
  },
  {
    name: 'incidentOwner',
    title: 'The group to which the incident is assigned, by sys_id.',
    type: 'String',
    about: ['ServiceNow::Incident'],
    ttlMs: 5 * MINUTE_MS,
    fetch: httpFact({
      ...column('assignment_group'),
      value: ({ body }) => owner.parse(body).result.assignment_group || undefined,
    }),
    evidence: [EVIDENCE.tableApi, EVIDENCE.incidentRecord],
  },
  {
    name: 'userActive',
    title: "Whether the workflow's user, by user name, is active in ServiceNow.",
    type: 'Bool',
    about: 'user',
    ttlMs: 5 * MINUTE_MS,
    fetch: httpFact({
      request: ({ id }) => ({
        method: 'GET',
        path: '/api/now/table/sys_user',
        query: {
          sysparm_query: encodedQuery([{ field: 'user_name', operator: 'equals', values: [id] }]),
          sysparm_fields: 'active',
          sysparm_limit: 2,
        },
      }),
      value: ({ body }) => {
        const [user, ...others] = users.parse(body).result;
        return user === undefined || others.length > 0 ? undefined : user.active === 'true';
      },
    }),
    evidence: [EVIDENCE.tableApi, EVIDENCE.userRecord],
  },
];
