import { z } from 'zod';
import type { Enricher } from '../../src/connector/contract.ts';
import { type HttpFact, httpFact } from '../../src/connector/http/http-fact.ts';
import { path } from '../../src/connector/http/path.ts';
import { instance, workdayId } from './fields.ts';

const worker = z.object({ isManager: z.boolean().optional(), primarySupervisoryOrganization: instance.optional() });

const declared = {
  about: ['Workday::Worker'],
  ttlMs: 600_000,
  evidence: [{ mark: 'spec', source: 'common v1 GET /workers/{ID}: isManager, primarySupervisoryOrganization' }],
} as const;

/** About workers who are acted on; the workflow's user has another name in Workday. */
export function enrichersOf(tenant: string): readonly Enricher[] {
  const workerFact = (value: (found: z.output<typeof worker>) => ReturnType<HttpFact['value']>): Enricher['fetch'] =>
    httpFact({
      isSubject: (id) => workdayId.safeParse(id).success,
      request: ({ id }) => ({ method: 'GET', path: path`/ccx/api/common/v1/${tenant}/workers/${id}` }),
      isAbsent: (answer) => !answer.ok && answer.reply?.status === 404,
      value: ({ body }) => value(worker.parse(body)),
    });
  return [
    {
      ...declared,
      name: 'workerIsManager',
      title: 'Whether the worker has people who report to them.',
      type: 'Bool',
      fetch: workerFact(({ isManager }) => isManager),
    },
    {
      ...declared,
      name: 'workerOrganization',
      title: 'The supervisory organization that the worker belongs to, by Workday ID.',
      type: 'String',
      fetch: workerFact(({ primarySupervisoryOrganization }) => primarySupervisoryOrganization?.id),
    },
  ];
}
