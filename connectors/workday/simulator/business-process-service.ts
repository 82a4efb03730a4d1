import { z } from 'zod';
import type { JsonObject } from '../../../src/lib/json.ts';
import { answerStep, findStep } from './process.ts';
import {
  correlationIn,
  created,
  invalid,
  notFound,
  ok,
  page,
  type Routes,
  referenceTo,
  type ServiceCall,
  statusOf,
} from './service.ts';
import { dayOf, type Process, type Step, type Tenant } from './tenant.ts';

/** Events and their steps: businessProcess v1. Whoever started an event is never the one its steps wait for. */
export const businessProcessRoutes: Routes = {
  'GET businessProcess/v1/events': ({ tenant, query }) => {
    // "You must specify exactly one worker parameter. If a worker parameter is not specified, returns a blank response."
    const worker = query.get('worker');
    return page(
      query,
      worker === null
        ? []
        : [...tenant.processes.values()]
            .filter(({ workerId }) => workerId === worker)
            .map((each) => eventOf(each, tenant)),
    );
  },
  'GET businessProcess/v1/events/:id': ({ tenant, id }) => {
    const process = tenant.processes.get(id);
    return process === undefined ? notFound() : ok(eventOf(process, tenant));
  },
  'GET businessProcess/v1/events/:id/inProgressSteps': ({ tenant, id, query }) => {
    const process = tenant.processes.get(id);
    if (process === undefined) return notFound();
    return page(
      query,
      process.steps.filter(({ status }) => status === 'Awaiting Action').map((step) => stepOf(process, step)),
    );
  },
  'GET businessProcess/v1/events/:id/comments': ({ tenant, id, query }) => {
    const process = tenant.processes.get(id);
    if (process === undefined) return notFound();
    const date = dayOf(process.createdAt);
    return page(query, process.comment === undefined ? [] : [{ comment: process.comment, commentDate: date }]);
  },
  'GET businessProcess/v1/eventSteps': ({ tenant, query }) => {
    const steps = [...tenant.processes.values()].flatMap((process) =>
      process.steps.map((step) => stepOf(process, step)),
    );
    return page(query, steps);
  },
  'GET businessProcess/v1/eventSteps/:id': ({ tenant, id }) => {
    const found = findStep(tenant, id);
    return found === undefined ? notFound() : ok(stepOf(found.process, found.step));
  },
  'POST businessProcess/v1/eventSteps/:id/approve': (call) => answer(call, 'Approved'),
  'POST businessProcess/v1/eventSteps/:id/deny': (call) => answer(call, 'Denied'),
  'POST businessProcess/v1/eventSteps/:id/sendBack': (call) => answer(call, 'Sent Back'),
};

function eventOf(process: Process, tenant: Tenant): JsonObject {
  const worker = process.workerId === undefined ? undefined : tenant.workers.get(process.workerId);
  return {
    id: process.id,
    descriptor: `${process.type}: ${worker?.name ?? 'no worker'}`,
    status: statusOf(process.status),
    initiator: { id: process.initiator, descriptor: process.initiator },
    overallBusinessProcess: { id: process.id, descriptor: process.type },
    creationDate: dayOf(process.createdAt),
    ...(worker !== undefined && { for: { id: worker.id, descriptor: worker.name } }),
    ...(process.effective !== undefined && { effectiveDate: process.effective }),
    ...(process.completedAt !== undefined && { completedDate: dayOf(process.completedAt) }),
  };
}

function stepOf(process: Process, step: Step): JsonObject {
  return {
    id: step.id,
    descriptor: step.name,
    event: { id: process.id, descriptor: process.type },
    businessProcessStep: { id: `Step=${process.type.replaceAll(' ', '_')}`, descriptor: step.name },
    status: statusOf(step.status),
    awaitingPersons: step.status === 'Awaiting Action' ? [{ id: 'Role=Manager', descriptor: step.awaiting }] : [],
    creationDate: dayOf(step.createdAt),
    comments: step.comments.map(({ comment, at, by }) => ({
      comment,
      commentDate: dayOf(at),
      person: { id: by, descriptor: by },
    })),
    ...(step.completedAt !== undefined && { completedDate: dayOf(step.completedAt) }),
    ...(step.completedBy !== undefined && {
      completedByPerson: { id: step.completedBy, descriptor: step.completedBy },
    }),
  };
}

const answerBody = z.object({
  id: z.string().optional(),
  comment: z.string().optional(),
  reason: z.string().optional(),
  to: referenceTo.optional(),
});

const EFFECTS = {
  Approved: 'event-step.approve',
  Denied: 'event-step.deny',
  'Sent Back': 'event-step.send-back',
} as const;

function answer({ tenant, world, account, id, body }: ServiceCall, status: 'Approved' | 'Denied' | 'Sent Back') {
  const found = findStep(tenant, id);
  if (found === undefined) return notFound();
  const parsed = answerBody.parse(body);
  const comment = status === 'Sent Back' ? parsed.reason : parsed.comment;
  if (comment === undefined) return invalid('A181 A comment is required');
  if (status === 'Sent Back' && parsed.to === undefined) return invalid('To is required.');
  if (found.step.status !== 'Awaiting Action' || found.process.initiator === account)
    return invalid('A212 This event step is not awaiting your action.');
  world.audit(EFFECTS[status], id, correlationIn(comment));
  answerStep(found, { status, comment, account }, world);
  return created({ id, comment, eventStatus: statusOf(status) });
}
