import type { AnyOperation } from '../../src/connector/contract.ts';
import { defineConnector } from '../../src/connector/contract.ts';
import { path } from '../../src/connector/http/path.ts';
import { InterlockError } from '../../src/lib/errors.ts';
import { auditLogOperations } from './audit-log.ts';
import { authenticationOf } from './authentication-of.ts';
import { enrichersOf } from './enrichers.ts';
import { eventOperations } from './event.ts';
import { eventStepOperations } from './event-step.ts';
import { expenseReportOperations } from './expense-report.ts';
import { failureOf } from './failure-of.ts';
import { messageOperations } from './message.ts';
import { paymentOperations } from './payment.ts';
import { payrollInputOperations } from './payroll-input.ts';
import { type WorkdaySettings, workdaySettings } from './settings.ts';
import { simulate } from './simulator/simulate.ts';
import { createStaffingService, type SendSoap } from './soap-client.ts';
import { staffingOperations } from './staffing.ts';
import { supplierInvoiceOperations } from './supplier-invoice.ts';
import { timeOffOperations } from './time-off.ts';
import { workerOperations } from './worker.ts';
import { changeJobOperation } from './worker-change-job.ts';

function operationsOf(
  { tenant, payrollAmountTypes }: WorkdaySettings,
  staffing: SendSoap | undefined,
): readonly AnyOperation[] {
  return [
    ...workerOperations(tenant),
    changeJobOperation(tenant),
    ...eventOperations(tenant),
    ...eventStepOperations(tenant),
    ...paymentOperations(tenant),
    ...payrollInputOperations({ tenant, payrollAmountTypes }),
    ...supplierInvoiceOperations(tenant),
    ...expenseReportOperations(tenant),
    ...timeOffOperations(tenant),
    ...messageOperations(tenant),
    ...auditLogOperations(tenant),
    ...(staffing === undefined ? [] : staffingOperations(tenant, staffing)),
  ];
}

/**
 * Workday's REST services, and its Staffing web service for what REST cannot do. Reconstructed from third parties' copies
 * of Workday's descriptions; see README.md.
 */
export default defineConnector({
  system: 'workday',
  title: 'Workday',
  settings: workdaySettings,
  async connect(settings, { clock }) {
    return {
      operations: operationsOf(settings, createStaffingService(settings, clock)),
      resourceTypes: {
        'Workday::AuditLog': {},
        'Workday::Event': {},
        'Workday::EventStep': {},
        'Workday::ExpenseReport': {},
        'Workday::Message': {},
        'Workday::Organization': {},
        'Workday::PayrollInput': {},
        'Workday::Supplier': {},
        'Workday::SupplierInvoice': {},
        'Workday::Worker': {},
      },
      enrichers: enrichersOf(settings.tenant),
      labels: ['hr', 'pii', 'compensation', 'security', 'untrusted'],
      http: {
        origin: settings.origin,
        authentication: authenticationOf(settings, clock),
        failureOf: (reply) => failureOf(reply, clock),
      },
      async check({ http, signal }) {
        const currencies = path`/ccx/api/common/v1/${settings.tenant}/currencies`;
        const answer = await http.send(
          { method: 'GET', path: currencies, query: { limit: 1 } },
          { repeatable: true, signal },
        );
        if (answer.ok) return;
        throw new InterlockError(
          answer.class === 'credential' ? 'CREDENTIAL_REFUSED' : 'SYSTEM_UNAVAILABLE',
          answer.detail,
        );
      },
    };
  },
  simulate,
});
