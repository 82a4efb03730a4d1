import { z } from 'zod';
import type { Enricher } from '../../src/connector/contract.ts';
import { httpFact } from '../../src/connector/http/http-fact.ts';
import { path } from '../../src/connector/http/path.ts';
import { EVIDENCE } from './evidence.ts';

/** Every scalar is a text [rec]; 1 is critical, 5 is planning. */
const incident = z.object({ result: z.object({ priority: z.string().regex(/^[1-5]$/) }) });

const MINUTE_MS = 60_000;

export const enrichers: readonly Enricher[] = [
  {
    name: 'incidentPriority',
    title: 'The priority of the incident: 1 is critical, 5 is planning.',
    type: 'Long',
    about: ['ServiceNow::Incident'],
    ttlMs: 5 * MINUTE_MS,
    fetch: httpFact({
      request: ({ id }) => ({
        method: 'GET',
        path: path`/api/now/table/incident/${id}`,
        query: { sysparm_fields: 'priority', sysparm_display_value: 'false' },
      }),
      isAbsent: (answer) => !answer.ok && answer.reply?.status === 404,
      value: ({ body }) => Number(incident.parse(body).result.priority),
    }),
    evidence: [EVIDENCE.tableApi, EVIDENCE.incidentRecord],
  },
];
