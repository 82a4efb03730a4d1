import { z } from 'zod';
import type { ResourceRef } from '../../src/action/resource.ts';
import type { AnyOperation } from '../../src/connector/contract.ts';
import { readOperation } from '../../src/connector/contract.ts';
import { httpExecution } from '../../src/connector/http/http-execution.ts';
import { path } from '../../src/connector/http/path.ts';
import { instance, workdayId } from './fields.ts';

/** A business process; what starts one answers this id. */
export function eventRef(id: string): ResourceRef {
  return { type: 'Workday::Event', id };
}

export function eventOperations(tenant: string): readonly AnyOperation[] {
  return [
    readOperation({
      name: 'workday.event.get',
      description:
        'Reads how far a business process is: its status, whom it is about, who started it, when it takes effect.',
      input: z.strictObject({ eventId: workdayId }),
      output: z.object({
        id: z.string(),
        descriptor: z.string().optional(),
        status: instance.optional(),
        for: instance.optional(),
        initiator: instance.optional(),
        overallBusinessProcess: instance.optional(),
        creationDate: z.string().optional(),
        effectiveDate: z.string().optional(),
        completedDate: z.string().optional(),
        dueDate: z.string().optional(),
      }),
      resourceTypes: ['Workday::Event'],
      resources: ({ eventId }) => [eventRef(eventId)],
      labels: () => ['hr', 'pii'],
      touched: ({ overallBusinessProcess: whole }) => (whole === undefined ? [] : [eventRef(whole.id)]),
      execute: httpExecution({
        request: ({ eventId }) => ({
          method: 'GET',
          path: path`/ccx/api/businessProcess/v1/${tenant}/events/${eventId}`,
        }),
        repeatable: true,
        result: (reply) => reply.body,
      }),
      evidence: [{ mark: 'spec', source: 'businessProcess v1 GET /events/{id}' }],
    }),
  ];
}
