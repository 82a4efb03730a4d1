import {
  type AnyOperation,
  type Effect,
  type HttpCall,
  httpExecution,
  type JsonObject,
  path,
  writeOperation,
  z,
} from '../../../src/connector/index.ts';
import { settle, unsure } from '../settle.ts';
import { change, doc, type Identity, id, NOT_REPEATED, one, pointer, read } from '../vendor.ts';
import { incident, wrapped } from './incidents.ts';

const STATUS = doc('reference, PUT /incidents/{id}: `status` is `resolved` or `acknowledged`, and nothing else');
const UPDATE: Effect = { kind: 'update', reversible: 'no', external: false, privileged: false, count: 1 };

function update(identity: Identity, of: string, fields: JsonObject): HttpCall {
  const body = { incident: { type: 'incident_reference', ...fields } };
  return change(identity, { method: 'PUT', path: path`/incidents/${of}`, body });
}

const acknowledge = (identity: Identity) =>
  writeOperation({
    name: 'pagerduty.incident.acknowledge',
    description: 'Says that somebody is at work on an incident: nobody else is called until it times out.',
    input: z.strictObject({ id }),
    output: incident,
    resourceTypes: ['PagerDuty::Incident'],
    resources: (input) => [one('Incident', input.id)],
    labels: () => ['untrusted'],
    effect: () => UPDATE,
    effectKinds: ['update'],
    repeat: { class: 'at-most-once', evidence: doc('developer-docs, Errors: 1002 Incident Already Acknowledged') },
    provenance: { arguments: { id: 'target' }, asked: ['ack'] },
    execute: httpExecution({
      request: (input) => update(identity, input.id, { status: 'acknowledged' }),
      repeatable: false,
      result: ({ body }) => wrapped.parse(body).incident,
    }),
    probe: (input, context) =>
      settle(read(path`/incidents/${input.id}`), context, {
        shape: wrapped,
        judge: ({ incident: found }) => {
          if (found.status === 'resolved') return unsure('it has been resolved since');
          return found.status === 'acknowledged' ? { status: 'applied', result: found } : { status: 'not-applied' };
        },
      }),
    undo: { none: 'The API has no call back to `triggered`: an acknowledgement ends by its time-out.' },
    evidence: [STATUS],
  });

const resolve = (identity: Identity) =>
  writeOperation({
    name: 'pagerduty.incident.resolve',
    description: 'Closes an incident: nobody is called any more. It cannot be opened again by this API.',
    input: z.strictObject({ id, resolution: z.string().min(1).max(20_000).optional() }),
    output: incident,
    resourceTypes: ['PagerDuty::Incident'],
    resources: (input) => [one('Incident', input.id)],
    labels: () => ['untrusted'],
    effect: () => UPDATE,
    effectKinds: ['update'],
    repeat: { class: 'at-most-once', evidence: doc('developer-docs, Errors: 1001 Incident Already Resolved') },
    provenance: { arguments: { id: 'target', resolution: 'content' }, asked: ['close'] },
    execute: httpExecution({
      request: ({ id: of, resolution }) =>
        update(identity, of, { status: 'resolved', ...(resolution === undefined ? {} : { resolution }) }),
      repeatable: false,
      result: ({ body }) => wrapped.parse(body).incident,
    }),
    probe: (input, context) =>
      settle(read(path`/incidents/${input.id}`), context, {
        shape: wrapped,
        judge: ({ incident: found }) =>
          found.status === 'resolved' ? { status: 'applied', result: found } : { status: 'not-applied' },
      }),
    undo: { none: 'The API has no status that opens a resolved incident again.' },
    evidence: [STATUS],
  });

const users = z.array(id).min(1).max(20);

const reassign = (identity: Identity) =>
  writeOperation({
    name: 'pagerduty.incident.reassign',
    description: 'Hands an incident to users, or to an escalation policy, which calls whoever is on duty.',
    input: z
      .strictObject({
        id,
        assigneeIds: users.optional(),
        escalationPolicyId: id.optional(),
        /** Who has it now: what an undo gives it back to. */
        previousIds: users.optional(),
      })
      .refine((to) => (to.assigneeIds === undefined) !== (to.escalationPolicyId === undefined), {
        error: 'Either users or an escalation policy get it.',
      }),
    output: incident,
    resourceTypes: ['PagerDuty::Incident', 'PagerDuty::User', 'PagerDuty::EscalationPolicy'],
    resources: ({ id: of, assigneeIds = [], escalationPolicyId }) => [
      one('Incident', of),
      ...assigneeIds.map((user) => one('User', user)),
      ...(escalationPolicyId === undefined ? [] : [one('EscalationPolicy', escalationPolicyId)]),
    ],
    labels: () => ['untrusted'],
    effect: ({ assigneeIds, previousIds }) => ({
      kind: 'communicate',
      reversible: assigneeIds !== undefined && previousIds !== undefined ? 'operation' : 'no',
      external: false,
      privileged: false,
      count: assigneeIds?.length ?? 1,
    }),
    effectKinds: ['communicate'],
    repeat: { class: 'at-most-once', evidence: NOT_REPEATED },
    provenance: {
      arguments: { id: 'target', assigneeIds: 'destination', escalationPolicyId: 'destination' },
      asked: ['assign', 'escalate', 'hand'],
    },
    execute: httpExecution({
      request: ({ id: of, assigneeIds, escalationPolicyId = '' }) =>
        update(
          identity,
          of,
          assigneeIds === undefined
            ? { escalation_policy: pointer(escalationPolicyId, 'escalation_policy') }
            : { assignments: assigneeIds.map((user) => ({ assignee: pointer(user, 'user') })) },
        ),
      repeatable: false,
      result: ({ body }) => wrapped.parse(body).incident,
    }),
    probe: ({ id: of, assigneeIds }, context) =>
      settle(read(path`/incidents/${of}`), context, {
        shape: wrapped,
        judge: ({ incident: found }) => {
          // It may have had this policy before, and begun again with it or not.
          if (assigneeIds === undefined) return unsure('an incident does not say how often its policy began');
          const has = new Set(found.assignments?.map(({ assignee }) => assignee.id));
          return has.size === new Set(assigneeIds).size && assigneeIds.every((user) => has.has(user))
            ? { status: 'applied', result: found }
            : { status: 'not-applied' };
        },
      }),
    undo: ({ id: of, assigneeIds, previousIds }) =>
      assigneeIds === undefined || previousIds === undefined
        ? undefined
        : {
            operation: 'pagerduty.incident.reassign',
            input: { id: of, assigneeIds: previousIds, previousIds: assigneeIds },
          },
    evidence: [doc('reference, PUT /incidents/{id}: `assignments` or `escalation_policy`')],
  });

export function dutyOperations(identity: Identity): readonly AnyOperation[] {
  return [acknowledge(identity), resolve(identity), reassign(identity)];
}
