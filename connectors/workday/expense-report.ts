import { z } from 'zod';
import type { AnyOperation, Evidence } from '../../src/connector/contract.ts';
import { writeOperation } from '../../src/connector/contract.ts';
import { httpExecution } from '../../src/connector/http/http-execution.ts';
import { path } from '../../src/connector/http/path.ts';
import { contradiction, workdayAmount } from './confirm-total.ts';
import { instance, workdayId } from './fields.ts';
import { money } from './money.ts';
import { progressOf } from './process-status.ts';
import { readBack, readBefore } from './read-back.ts';

const submitReport = z.strictObject({
  reportId: workdayId,
  /** What the report amounts to; it is submitted only if Workday says the same. */
  total: money,
});
type SubmitReport = z.output<typeof submitReport>;

const report = z.object({ expenseReportStatus: instance.optional(), totalAmount: workdayAmount.optional() });

/** What is published about a second call. */
const ONCE: Evidence = {
  mark: 'spec',
  source: 'expense v1: "Can only submit Expense Reports that are in Draft Status" refuses a second submission',
};

const EVIDENCE: readonly Evidence[] = [
  {
    mark: 'spec',
    source: 'expense v1 POST /reports/{id}/submit; GET /reports/{id} has totalAmount and expenseReportStatus',
  },
  { mark: 'mem', source: 'That totalAmount names its currency, and the names of statuses after Draft' },
];

export function expenseReportOperations(tenant: string): readonly AnyOperation[] {
  const readReport = (reportId: string) =>
    ({
      call: { method: 'GET', path: path`/ccx/api/expense/v1/${tenant}/reports/${reportId}` },
      schema: report,
    }) as const;
  return [
    writeOperation({
      name: 'workday.expense-report.submit',
      description:
        'Submits an expense report for approval and reimbursement, if it amounts to exactly the stated total.',
      input: submitReport,
      output: z.object({ reportId: z.string() }),
      facets: {
        schema: z.object({ amountMinorUnits: z.int(), amountCurrency: z.string() }),
        of: ({ total }) => ({ amountMinorUnits: total.minorUnits, amountCurrency: total.currency }),
      },
      resourceTypes: ['Workday::ExpenseReport'],
      resources: ({ reportId }) => [{ type: 'Workday::ExpenseReport', id: reportId }],
      effectKinds: ['spend'],
      effect: ({ total }) => ({
        kind: 'spend',
        reversible: 'no',
        external: false,
        privileged: false,
        count: 1,
        amount: total,
      }),
      repeat: { class: 'at-most-once', evidence: ONCE },
      execute: (input, context) =>
        readBefore(readReport(input.reportId), context, async ({ totalAmount: amount }) => {
          const wrong = contradiction({ total: input.total, amount, currency: amount?.currency });
          return wrong ?? submit(tenant)(input, context);
        }),
      probe: async ({ reportId }, context) => {
        const found = await readBack(readReport(reportId), context);
        if (found.kind !== 'found')
          return { status: 'undetermined', detail: `The report cannot be read: ${found.detail}` };
        const progress = progressOf(found.value.expenseReportStatus?.descriptor);
        return progress.status === 'applied' ? { status: 'applied', result: { reportId } } : progress;
      },
      undo: { none: 'REST has no call to cancel a report that is submitted; its approvers can deny it.' },
      evidence: EVIDENCE,
    }),
  ];
}

function submit(tenant: string) {
  return httpExecution<SubmitReport>({
    request: ({ reportId }) => ({
      method: 'POST',
      path: path`/ccx/api/expense/v1/${tenant}/reports/${reportId}/submit`,
      body: { id: reportId },
    }),
    repeatable: false,
    result: (_reply, { reportId }) => ({ reportId }),
    accepted: (_reply, { reportId }) => ({ reportId }),
  });
}
