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
import { settleGone } from '../settle.ts';
import { change, doc, type Identity, id, moreOf, NOT_REPEATED, one, PAGE_ITEMS, PAGED, page, read } from '../vendor.ts';

const service = z.object({ id: z.string(), name: z.string(), status: z.string() });
const listServices = readOperation({
  name: 'pagerduty.service.list',
  description: 'Lists services and their status.',
  input: z.strictObject(page),
  output: z.object({ services: z.array(service), next: z.number().optional() }),
  resourceTypes: ['PagerDuty::Service'],
  resources: () => [one('Service', '*')],
  touched: ({ services }) => services.map((found) => one('Service', found.id)),
  provenance: { returns: { default: 'system' } },
  execute: pagedExecution({
    as: 'services',
    dialect: offsetPages({ offset: 'offset', size: 'limit', items: itemsAt('services'), more: moreOf }),
    pageItems: PAGE_ITEMS,
    call: () => read('/services'),
    from: ({ next }) => next,
  }),
  evidence: [PAGED, doc('reference, GET /services')],
});

const deleteService = (identity: Identity) =>
  writeOperation({
    name: 'pagerduty.service.delete',
    description: 'Deletes a service for good: what monitors it can call nobody any more.',
    input: z.strictObject({ id }),
    output: z.object({}),
    resourceTypes: ['PagerDuty::Service'],
    resources: (input) => [one('Service', input.id)],
    effect: () => ({ kind: 'delete', reversible: 'no', external: false, privileged: true, count: 1 }),
    effectKinds: ['delete'],
    repeat: { class: 'at-most-once', evidence: NOT_REPEATED },
    provenance: { arguments: { id: 'target' } },
    execute: httpExecution({
      request: (input) => change(identity, { method: 'DELETE', path: path`/services/${input.id}` }),
      repeatable: false,
      result: () => ({}),
    }),
    probe: (input, context) => settleGone(read(path`/services/${input.id}`), context),
    undo: { none: 'PagerDuty keeps no deleted service, nor the keys of its integrations.' },
    evidence: [doc('reference, DELETE /services/{id}: not accessible afterwards, and no new incidents for it')],
  });

export function serviceOperations(identity: Identity): readonly AnyOperation[] {
  return [listServices, deleteService(identity)];
}
