import {
  type AnyOperation,
  httpExecution,
  itemsAt,
  offsetPages,
  pagedExecution,
  path,
  readOperation,
  writeOperation,
  z,
} from '../../../src/connector/index.ts';
import { settle, unsure } from '../settle.ts';
import {
  change,
  doc,
  type Identity,
  id,
  mem,
  moreOf,
  one,
  PAGE_ITEMS,
  PAGED,
  page,
  pointer,
  read,
  reference,
} from '../vendor.ts';

const CREATION = doc(
  'developer-docs, Incident Creation API: an open incident with the same key on the service is a 400',
);

/** What others may see of an incident. */
export const incident = z.object({
  id: z.string(),
  incident_number: z.number().optional(),
  title: z.string(),
  status: z.enum(['triggered', 'acknowledged', 'resolved']),
  urgency: z.enum(['high', 'low']),
  created_at: z.string().optional(),
  service: reference,
  escalation_policy: reference.nullish(),
  assignments: z.array(z.object({ assignee: reference })).optional(),
  resolve_reason: z.object({ type: z.string(), incident: reference }).nullish(),
});
export const wrapped = z.object({ incident });

const list = readOperation({
  name: 'pagerduty.incident.list',
  description: 'Lists incidents of the last month; `next` says where the list goes on.',
  input: z.strictObject({
    status: z.enum(['triggered', 'acknowledged', 'resolved']).optional(),
    serviceId: id.optional(),
    userId: id.optional(),
    ...page,
  }),
  output: z.object({ incidents: z.array(incident), next: z.number().optional() }),
  resourceTypes: ['PagerDuty::Service'],
  resources: ({ serviceId = '*' }) => [one('Service', serviceId)],
  touched: ({ incidents }) => incidents.map((found) => one('Incident', found.id)),
  // Whoever can send an event or a mail to the service writes titles.
  labels: () => ['untrusted'],
  provenance: { returns: { default: 'system', fields: { title: 'others' } } },
  execute: pagedExecution({
    as: 'incidents',
    dialect: offsetPages({ offset: 'offset', size: 'limit', items: itemsAt('incidents'), more: moreOf }),
    pageItems: PAGE_ITEMS,
    call: ({ status, serviceId, userId }) =>
      read('/incidents', { 'statuses[]': status, 'service_ids[]': serviceId, 'user_ids[]': userId }),
    from: ({ next }) => next,
  }),
  evidence: [
    PAGED,
    doc('reference, GET /incidents: since defaults to one month; statuses[], service_ids[], user_ids[]'),
  ],
});

const get = readOperation({
  name: 'pagerduty.incident.get',
  description: 'Reads one incident.',
  input: z.strictObject({ id }),
  output: incident,
  resourceTypes: ['PagerDuty::Incident'],
  resources: (input) => [one('Incident', input.id)],
  labels: () => ['untrusted'],
  provenance: { returns: { default: 'system', fields: { title: 'others' } } },
  execute: httpExecution({
    request: (input) => read(path`/incidents/${input.id}`),
    repeatable: true,
    result: ({ body }) => wrapped.parse(body).incident,
  }),
  evidence: [doc('reference, GET /incidents/{id}')],
});

const create = (identity: Identity) =>
  writeOperation({
    name: 'pagerduty.incident.create',
    description: 'Opens an incident and calls whoever is on duty, at night too. Nothing deletes an incident.',
    input: z
      .strictObject({
        serviceId: id,
        title: z.string().min(1).max(1_024),
        details: z.string().max(20_000).optional(),
        urgency: z.enum(['high', 'low']).optional(),
        assigneeId: id.optional(),
        escalationPolicyId: id.optional(),
      })
      .refine(({ assigneeId, escalationPolicyId }) => assigneeId === undefined || escalationPolicyId === undefined, {
        error: 'Either a user or an escalation policy is called.',
      }),
    output: incident,
    resourceTypes: ['PagerDuty::Service', 'PagerDuty::User', 'PagerDuty::EscalationPolicy'],
    resources: ({ serviceId, assigneeId, escalationPolicyId }) => [
      one('Service', serviceId),
      ...(assigneeId === undefined ? [] : [one('User', assigneeId)]),
      ...(escalationPolicyId === undefined ? [] : [one('EscalationPolicy', escalationPolicyId)]),
    ],
    touched: (created) => [one('Incident', created.id)],
    labels: () => ['untrusted'],
    // Low urgency calls people too, by other rules of theirs: what those are is not known here.
    effect: () => ({ kind: 'communicate', reversible: 'no', external: false, privileged: false, count: 1 }),
    effectKinds: ['communicate'],
    // The key stops a second open incident, but not one after the first was resolved: too little for a repetition.
    repeat: { class: 'at-most-once', evidence: CREATION },
    provenance: {
      arguments: {
        assigneeId: 'destination',
        escalationPolicyId: 'destination',
        serviceId: 'target',
        title: 'content',
        details: 'content',
      },
      asked: ['page', 'alert', 'trigger'],
    },
    execute: httpExecution({
      request: ({ serviceId, title, details, urgency, assigneeId, escalationPolicyId }, { actionId }) =>
        change(identity, {
          method: 'POST',
          path: '/incidents',
          body: {
            incident: {
              type: 'incident',
              title,
              service: pointer(serviceId, 'service'),
              incident_key: actionId,
              ...(urgency === undefined ? {} : { urgency }),
              ...(details === undefined ? {} : { body: { type: 'incident_body', details } }),
              ...(assigneeId === undefined ? {} : { assignments: [{ assignee: pointer(assigneeId, 'user') }] }),
              ...(escalationPolicyId === undefined
                ? {}
                : { escalation_policy: pointer(escalationPolicyId, 'escalation_policy') }),
            },
          },
        }),
      repeatable: false,
      result: ({ body }) => wrapped.parse(body).incident,
    }),
    probe: (_input, context) =>
      settle(read('/incidents', { incident_key: context.actionId, date_range: 'all' }), context, {
        shape: z.object({ incidents: z.array(incident) }),
        judge: ({ incidents: [found, second] }) => {
          if (second !== undefined) return unsure('several incidents have the key of this action');
          return found === undefined ? { status: 'not-applied' } : { status: 'applied', result: found };
        },
      }),
    undo: { none: 'An incident can be resolved and not deleted, and who was called was called.' },
    evidence: [
      CREATION,
      doc('reference, GET /incidents?incident_key finds it again'),
      mem('a title has 1,024 characters'),
    ],
  });

export function incidentOperations(identity: Identity): readonly AnyOperation[] {
  return [list, get, create(identity)];
}
