import { z } from 'zod';
import type { AnyOperation } from '../../src/connector/contract.ts';
import { readOperation } from '../../src/connector/contract.ts';
import { path } from '../../src/connector/http/path.ts';
import { day, instance, paging, workdayId } from './fields.ts';
import { readPages } from './read-pages.ts';

const entry = z.object({
  requestTime: z.string().optional(),
  systemAccount: z.string().optional(),
  taskId: z.string().optional(),
  taskDisplayName: z.string().optional(),
  activityAction: z.string().optional(),
  target: instance.optional(),
  ipAddress: z.string().optional(),
  deviceType: z.string().optional(),
  /** Written by whoever made the request. */
  userAgent: z.string().optional(),
});

export function auditLogOperations(tenant: string): readonly AnyOperation[] {
  return [
    readOperation({
      name: 'workday.audit-log.search',
      description: 'Reads who did what in the tenant, from where, between two days.',
      input: z.strictObject({
        from: day,
        to: day,
        systemAccount: z.string().min(1).max(200).optional(),
        taskId: workdayId.optional(),
        ...paging,
      }),
      output: z.object({ total: z.int(), nextOffset: z.int().optional(), entries: z.array(entry) }),
      resourceTypes: ['Workday::AuditLog'],
      resources: () => [{ type: 'Workday::AuditLog', id: 'auditLogs', labels: ['security'] }],
      labels: () => ['security', 'pii', 'untrusted'],
      execute: ({ from, to, systemAccount, taskId, limit, offset }, context) =>
        readPages(
          {
            call: {
              method: 'GET',
              path: path`/ccx/api/common/v1/${tenant}/auditLogs`,
              query: { from, to, systemAccount, taskId },
            },
            limit,
            offset,
            as: 'entries',
          },
          context,
        ),
      evidence: [
        {
          mark: 'spec',
          source:
            'common v1 GET /auditLogs: from, to, systemAccount, taskId; deprecated since 2021-09-11 in favour of the Privacy service',
        },
      ],
    }),
  ];
}
