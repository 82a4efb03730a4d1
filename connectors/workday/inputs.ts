import type { JsonObject } from '../../src/lib/json.ts';
import { AMOUNT_TYPE } from './simulator/simulate.ts';
import { seededId } from './simulator/tenant.ts';

/** Things of the seeded tenant, by name. */
export const ids = {
  amara: seededId('worker/amara-okafor'),
  jonas: seededId('worker/jonas-lind'),
  mei: seededId('worker/mei-tanaka'),
  luis: seededId('worker/luis-ortega'),
  /** A contingent worker. */
  omar: seededId('worker/omar-haddad'),
  engineering: seededId('organization/engineering'),
  security: seededId('organization/security'),
  transfer: seededId('reason/transfer'),
  plan: seededId('payment-plan/spot-bonus-plan'),
  vacation: seededId('time-off-type/vacation'),
  supplier: seededId('supplier/northwind-traders'),
  company: seededId('company/global-modern-services'),
  invoice: seededId('supplier-invoice/draft'),
  report: seededId('expense-report/draft'),
  amountType: AMOUNT_TYPE,
  hoursType: seededId('payroll-type/hours'),
  any: seededId('anything'),
};

const mark = 'the reason in words';

/** One input for each operation that needs nothing before it in the seeded tenant, with every field that it has. */
export const FULL_INPUTS: Readonly<Record<string, JsonObject>> = {
  'workday.worker.list': { search: 'amara', limit: 5, offset: 0 },
  'workday.worker.get': { workerId: ids.amara },
  'workday.worker.pay-slips': { workerId: ids.amara, limit: 5, offset: 0 },
  'workday.worker.change-job': {
    workerId: ids.amara,
    supervisoryOrganizationId: ids.security,
    reasonId: ids.transfer,
    effective: '2026-05-01',
    moveManagersTeam: true,
    proposedOrganizationIds: [ids.any],
    businessProcess: { autoComplete: true, comment: mark },
  },
  'workday.worker.terminate': {
    workerId: ids.luis,
    endDate: '2026-05-31',
    lastDayOfWork: '2026-05-29',
    reasonId: ids.any,
    payThroughDate: '2026-05-31',
    notificationDate: '2026-04-01',
    notEligibleForRehire: false,
    closePosition: true,
    businessProcess: { autoComplete: true, runNow: true, comment: mark },
    skipSteps: ['review-cobra-eligibility'],
  },
  'workday.worker.end-contract': {
    workerId: ids.omar,
    endDate: '2026-05-31',
    lastDayOfWork: '2026-05-29',
    reasonId: ids.any,
    closePosition: true,
    businessProcess: { autoComplete: true, runNow: true, comment: mark },
    skipSteps: ['create-job-requisition'],
  },
  'workday.event-step.list': { limit: 5, offset: 0 },
  'workday.payment.request-one-time': {
    workerId: ids.jonas,
    positionId: ids.any,
    reasonId: ids.any,
    effectiveDate: '2026-04-30',
    employeeVisibilityDate: '2026-05-01',
    currency: 'USD',
    payments: [
      {
        planId: ids.plan,
        minorUnits: 250_000,
        scheduledPaymentDate: '2026-04-30',
        sendToPayroll: true,
        additionalInformation: mark,
      },
    ],
  },
  'workday.payroll-input.create': {
    workerId: ids.jonas,
    payComponentId: ids.any,
    positionId: ids.any,
    startDate: '2026-04-01',
    endDate: '2026-04-30',
    ongoing: false,
    adjustment: true,
    currency: 'EUR',
    details: [{ typeId: ids.amountType, value: '120.50' }],
    runCategoryIds: [ids.any],
    comment: mark,
  },
  'workday.supplier-invoice.create': {
    companyId: ids.company,
    supplierId: ids.supplier,
    currency: 'USD',
    invoiceDate: '2026-04-01',
    suppliersInvoiceNumber: 'NW-1001',
    lines: [{ description: 'Chairs', minorUnits: 120_000, spendCategoryId: ids.any }],
    taxMinorUnits: 9_600,
    freightMinorUnits: 2_500,
    requesterId: ids.amara,
    remitToConnectionId: ids.any,
    memo: mark,
  },
  'workday.supplier-invoice.submit': { invoiceId: ids.invoice, total: { minorUnits: 1_250_000, currency: 'USD' } },
  'workday.expense-report.submit': { reportId: ids.report, total: { minorUnits: 84_210, currency: 'EUR' } },
  'workday.time-off.request': {
    workerId: ids.amara,
    days: [
      {
        date: '2026-06-01',
        timeOffTypeId: ids.vacation,
        dailyQuantity: '8',
        reasonId: ids.any,
        positionId: ids.any,
        comment: mark,
      },
    ],
    businessProcess: { comment: mark },
  },
  'workday.message.send': {
    notificationTypeId: ids.any,
    recipientIds: [ids.amara, ids.jonas],
    email: { subject: 'Hello', body: 'There is cake.', replyTo: 'hr@gms.example' },
    push: { message: 'Cake', redirectUrl: 'https://gms.example/cake' },
    senderOverrideId: ids.any,
  },
  'workday.audit-log.search': {
    from: '2026-03-01',
    to: '2026-04-30',
    systemAccount: 'isu-maker',
    taskId: ids.any,
    limit: 5,
    offset: 0,
  },
};

/** Inputs for the operations that answer or change what something before them made. */
export const FULL_FOLLOW_UPS = {
  'workday.event.get': (eventId: string): JsonObject => ({ eventId }),
  'workday.event-step.approve': (stepId: string): JsonObject => ({ stepId, comment: mark }),
  'workday.event-step.deny': (stepId: string): JsonObject => ({ stepId, comment: mark, stepActionId: ids.any }),
  'workday.event-step.send-back': (stepId: string): JsonObject => ({ stepId, reason: mark, toStepId: ids.any }),
  'workday.payroll-input.update': (payrollInputId: string): JsonObject => ({
    payrollInputId,
    startDate: '2026-04-02',
    endDate: '2026-05-31',
    ongoing: false,
    currency: 'EUR',
    details: [{ typeId: ids.amountType, value: '99' }],
    comment: mark,
  }),
  'workday.payroll-input.delete': (payrollInputId: string): JsonObject => ({ payrollInputId }),
} as const;
