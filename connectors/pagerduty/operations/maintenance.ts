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
  marked,
  mem,
  moreOf,
  NOT_REPEATED,
  one,
  PAGE_ITEMS,
  PAGED,
  page,
  pointer,
  read,
  reference,
  some,
  time,
} from '../vendor.ts';

const window = z.object({
  id: z.string(),
  start_time: z.string(),
  end_time: z.string(),
  description: z.string().nullish(),
  services: z.array(reference),
});

const list = readOperation({
  name: 'pagerduty.maintenance-window.list',
  description: 'Lists maintenance windows: which services are or will be silent.',
  input: z.strictObject({
    serviceId: id.optional(),
    filter: z.enum(['past', 'future', 'ongoing', 'open', 'all']).optional(),
    ...page,
  }),
  output: z.object({ maintenance_windows: z.array(window), next: z.number().optional() }),
  resourceTypes: ['PagerDuty::Service'],
  resources: ({ serviceId = '*' }) => [one('Service', serviceId)],
  touched: ({ maintenance_windows: found }) => found.map((open) => one('MaintenanceWindow', open.id)),
  labels: () => ['untrusted'],
  provenance: { returns: { default: 'system', fields: { description: 'others' } } },
  execute: pagedExecution({
    as: 'maintenance_windows',
    dialect: offsetPages({ offset: 'offset', size: 'limit', items: itemsAt('maintenance_windows'), more: moreOf }),
    pageItems: PAGE_ITEMS,
    call: ({ serviceId, filter }) => read('/maintenance_windows', { 'service_ids[]': serviceId, filter }),
    from: ({ next }) => next,
  }),
  evidence: [PAGED, doc('reference, GET /maintenance_windows: service_ids[], filter, query')],
});

const create = (identity: Identity) =>
  writeOperation({
    name: 'pagerduty.maintenance-window.create',
    description: 'Silences services for a time: nobody is called, and what happens meanwhile opens no incident, ever.',
    input: z
      .strictObject({
        serviceIds: z.array(id).min(1).max(50),
        start: time,
        end: time,
        description: z.string().min(1).max(1_000),
      })
      .refine(({ start, end }) => Date.parse(start) < Date.parse(end), { error: '`end` is after `start`.' }),
    output: window,
    resourceTypes: ['PagerDuty::Service'],
    resources: ({ serviceIds }) => some('Service', serviceIds),
    touched: (created) => [one('MaintenanceWindow', created.id)],
    labels: () => ['untrusted'],
    // An alarm that is off is a defence that is off.
    effect: ({ serviceIds }) => ({
      kind: 'privilege',
      reversible: 'operation',
      external: false,
      privileged: true,
      count: serviceIds.length,
    }),
    effectKinds: ['privilege'],
    repeat: { class: 'at-most-once', evidence: NOT_REPEATED },
    provenance: {
      arguments: { serviceIds: 'target', start: 'date', end: 'date', description: 'content' },
      asked: ['silence', 'mute', 'pause', 'schedule'],
    },
    execute: httpExecution({
      request: ({ serviceIds, start, end, description }, { actionId }) =>
        change(identity, {
          method: 'POST',
          path: '/maintenance_windows',
          body: {
            maintenance_window: {
              type: 'maintenance_window',
              start_time: start,
              end_time: end,
              description: marked(description, actionId),
              services: serviceIds.map((service) => pointer(service, 'service')),
            },
          },
        }),
      repeatable: false,
      result: ({ body }) => z.object({ maintenance_window: window }).parse(body).maintenance_window,
    }),
    probe: (_input, context) =>
      settle(read('/maintenance_windows', { query: context.actionId, limit: PAGE_ITEMS }), context, {
        shape: z.object({ maintenance_windows: z.array(window) }),
        judge: ({ maintenance_windows: found }) => {
          const result = found.find(({ description }) => description?.includes(context.actionId));
          if (result !== undefined) return { status: 'applied', result };
          return found.length === 0 ? { status: 'not-applied' } : unsure('the search found other windows');
        },
      }),
    undo: (_input, result) => {
      const created = window.safeParse(result);
      if (!created.success) return undefined;
      return { operation: 'pagerduty.maintenance-window.delete', input: { id: created.data.id } };
    },
    evidence: [
      doc('reference, POST /maintenance_windows: no new incidents for a service in maintenance'),
      mem('the limits'),
    ],
  });

const remove = (identity: Identity) =>
  writeOperation({
    name: 'pagerduty.maintenance-window.delete',
    description: 'Ends a maintenance window now, or cancels one to come: its services call people again.',
    input: z.strictObject({ id }),
    output: z.object({}),
    resourceTypes: ['PagerDuty::MaintenanceWindow'],
    resources: (input) => [one('MaintenanceWindow', input.id)],
    effect: () => ({ kind: 'delete', reversible: 'no', external: false, privileged: true, count: 1 }),
    effectKinds: ['delete'],
    repeat: {
      class: 'at-most-once',
      evidence: doc('developer-docs, Errors: 5003 Cannot cancel a maintenance window from the past'),
    },
    provenance: { arguments: { id: 'target' }, asked: ['end', 'cancel'] },
    execute: httpExecution({
      request: (input) => change(identity, { method: 'DELETE', path: path`/maintenance_windows/${input.id}` }),
      repeatable: false,
      result: () => ({}),
    }),
    probe: async (input, { http, signal, clock }) => {
      const call = read(path`/maintenance_windows/${input.id}`);
      const answer = await http.send(call, { repeatable: true, reads: true, signal });
      // One to come is gone afterwards; one that had begun stays and has ended.
      if (!answer.ok) return answer.reply?.status === 404 ? { status: 'applied', result: {} } : unsure(answer.detail);
      const found = z.object({ maintenance_window: window }).safeParse(answer.reply.body);
      if (!found.success) return unsure('the answer is no maintenance window');
      const isOver = Date.parse(found.data.maintenance_window.end_time) <= clock.now();
      return isOver ? { status: 'applied', result: {} } : { status: 'not-applied' };
    },
    undo: { none: 'A new window would be another one, and what called people meanwhile called them.' },
    evidence: [doc('reference, DELETE /maintenance_windows/{id}: deletes one to come, ends one that is going on')],
  });

export function maintenanceOperations(identity: Identity): readonly AnyOperation[] {
  return [list, create(identity), remove(identity)];
}
