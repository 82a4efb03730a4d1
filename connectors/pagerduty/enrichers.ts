import { type Enricher, type HttpResult, httpFact, path, z } from '../../src/connector/index.ts';
import { wrapped } from './operations/incidents.ts';
import { doc, id, mem, read } from './vendor.ts';

const isSubject = (of: string) => id.safeParse(of).success;
const isAbsent = (answer: HttpResult) => !answer.ok && answer.reply?.status === 404;

/** What policies may want to know of what is touched: nobody deletes who is on duty, nor silences what burns. */
export const enrichers: readonly Enricher[] = [
  {
    name: 'onCall',
    title: 'Whether the user is on duty now, on any schedule or policy.',
    type: 'Bool',
    about: ['PagerDuty::User'],
    ttlMs: 60_000,
    fetch: httpFact({
      request: (subject) => read('/oncalls', { 'user_ids[]': subject.id, limit: 1 }),
      isSubject,
      isAbsent,
      value: ({ body }) => z.object({ oncalls: z.array(z.unknown()) }).parse(body).oncalls.length > 0,
    }),
    evidence: [doc('reference, GET /oncalls?user_ids[]'), mem('a user whom nobody knows has no on-calls')],
  },
  {
    name: 'serviceStatus',
    title: 'The status of the service: `active`, `warning`, `critical`, `maintenance` or `disabled`.',
    type: 'String',
    about: ['PagerDuty::Service'],
    ttlMs: 60_000,
    fetch: httpFact({
      request: (subject) => read(path`/services/${subject.id}`),
      isSubject,
      isAbsent,
      value: ({ body }) => z.object({ service: z.object({ status: z.string() }) }).parse(body).service.status,
    }),
    evidence: [mem('GET /services/{id}')],
  },
  {
    name: 'incidentUrgency',
    title: 'The urgency of the incident: `high` or `low`.',
    type: 'String',
    about: ['PagerDuty::Incident'],
    ttlMs: 60_000,
    fetch: httpFact({
      request: (subject) => read(path`/incidents/${subject.id}`),
      isSubject,
      isAbsent,
      value: ({ body }) => wrapped.parse(body).incident.urgency,
    }),
    evidence: [doc('reference, GET /incidents/{id}')],
  },
];
