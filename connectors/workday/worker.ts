import { z } from 'zod';
import type { AnyOperation } from '../../src/connector/contract.ts';
import { readOperation } from '../../src/connector/contract.ts';
import { httpExecution } from '../../src/connector/http/http-execution.ts';
import { path } from '../../src/connector/http/path.ts';
import { instance, paging, workdayId } from './fields.ts';
import { readPages } from './read-pages.ts';

const summary = z.object({
  id: z.string(),
  descriptor: z.string().optional(),
  businessTitle: z.string().optional(),
  isManager: z.boolean().optional(),
  primaryWorkEmail: z.string().optional(),
  primaryWorkPhone: z.string().optional(),
  primarySupervisoryOrganization: instance.optional(),
});

const worker = summary.extend({
  dateOfBirth: z.string().optional(),
  location: instance.optional(),
  primaryWorkAddressText: z.string().optional(),
  yearsOfService: z.number().optional(),
});

const paySlip = z.object({
  id: z.string(),
  descriptor: z.string().optional(),
  date: z.string().optional(),
  gross: z.number().optional(),
  net: z.number().optional(),
  status: instance.optional(),
});

const listPart = { total: z.int(), nextOffset: z.int().optional() };

export function workerOperations(tenant: string): readonly AnyOperation[] {
  return [listOperation(tenant), getOperation(tenant), paySlipsOperation(tenant)];
}

function listOperation(tenant: string): AnyOperation {
  return readOperation({
    name: 'workday.worker.list',
    description: 'Lists workers with title, organization and work contact; personal data of many people at once.',
    input: z.strictObject({ search: z.string().min(1).max(200).optional(), ...paging }),
    output: z.object({ ...listPart, workers: z.array(summary) }),
    resourceTypes: ['Workday::Worker'],
    resources: () => [{ type: 'Workday::Worker', id: 'workers', labels: ['hr', 'pii'] }],
    labels: () => ['hr', 'pii'],
    touched: ({ workers }) => workers.map(({ id }) => ({ type: 'Workday::Worker', id })),
    execute: ({ search, limit, offset }, context) =>
      readPages(
        {
          call: { method: 'GET', path: path`/ccx/api/common/v1/${tenant}/workers`, query: { search } },
          limit,
          offset,
          as: 'workers',
        },
        context,
      ),
    evidence: [{ mark: 'spec', source: 'common v1 GET /workers: limit at most 100, offset, search; {total, data}' }],
  });
}

function getOperation(tenant: string): AnyOperation {
  return readOperation({
    name: 'workday.worker.get',
    description: 'Reads one worker, with date of birth and address.',
    input: z.strictObject({ workerId: workdayId }),
    output: worker,
    resourceTypes: ['Workday::Worker'],
    resources: ({ workerId }) => [{ type: 'Workday::Worker', id: workerId, labels: ['hr', 'pii'] }],
    labels: () => ['hr', 'pii'],
    execute: httpExecution({
      request: ({ workerId }) => ({ method: 'GET', path: path`/ccx/api/common/v1/${tenant}/workers/${workerId}` }),
      repeatable: true,
      result: (reply) => reply.body,
    }),
    evidence: [{ mark: 'spec', source: 'common v1 GET /workers/{id}' }],
  });
}

function paySlipsOperation(tenant: string): AnyOperation {
  return readOperation({
    name: 'workday.worker.pay-slips',
    description: "Reads what a worker was paid: a person's gross and net pay, by payment date.",
    input: z.strictObject({ workerId: workdayId, ...paging }),
    output: z.object({ ...listPart, paySlips: z.array(paySlip) }),
    resourceTypes: ['Workday::Worker'],
    resources: ({ workerId }) => [{ type: 'Workday::Worker', id: workerId, labels: ['hr', 'pii', 'compensation'] }],
    labels: () => ['hr', 'pii', 'compensation'],
    execute: ({ workerId, limit, offset }, context) =>
      readPages(
        {
          call: { method: 'GET', path: path`/ccx/api/common/v1/${tenant}/workers/${workerId}/paySlips` },
          limit,
          offset,
          as: 'paySlips',
        },
        context,
      ),
    evidence: [{ mark: 'spec', source: 'common v1 GET /workers/{id}/paySlips' }],
  });
}
