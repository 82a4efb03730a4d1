import { z } from 'zod';
import type { AnyOperation, Evidence, Execute } from '../../src/connector/contract.ts';
import { writeOperation } from '../../src/connector/contract.ts';
import { httpExecution } from '../../src/connector/http/http-execution.ts';
import { path } from '../../src/connector/http/path.ts';
import { withMark } from './action-mark.ts';
import { eventRef } from './event.ts';
import { day, freeText, reference, workdayId } from './fields.ts';
import { currencyCode, currencyReference, decimalOf, type Money, minorUnits } from './money.ts';
import { eventIdIn, probeEvent } from './process-status.ts';

const requestOneTime = z.strictObject({
  workerId: workdayId,
  positionId: workdayId,
  reasonId: workdayId,
  effectiveDate: day,
  employeeVisibilityDate: day.optional(),
  /** One currency for all payments, so that they have one sum. */
  currency: currencyCode,
  payments: z
    .array(
      z.strictObject({
        planId: workdayId,
        minorUnits,
        scheduledPaymentDate: day.optional(),
        sendToPayroll: z.boolean().optional(),
        additionalInformation: freeText(1_000).optional(),
      }),
    )
    .min(1)
    .max(20),
});
type RequestOneTime = z.output<typeof requestOneTime>;

const created = z.object({ id: workdayId });

function sumOf({ payments, currency }: RequestOneTime): Money {
  return { minorUnits: payments.reduce((sum, payment) => sum + payment.minorUnits, 0), currency };
}

/** What is published about a second call. */
const ONCE: Evidence = {
  mark: 'spec',
  source: 'compensation v2 POST /workers/{id}/requestOneTimePayment takes no key: each call is another payment',
};

function requestPayment(tenant: string): Execute<RequestOneTime> {
  return httpExecution({
    request: (input, { actionId }) => ({
      method: 'POST',
      path: path`/ccx/api/compensation/v2/${tenant}/workers/${input.workerId}/requestOneTimePayment`,
      body: bodyOf(input, actionId),
    }),
    repeatable: false,
    result: (reply) => ({ eventId: created.parse(reply.body).id }),
    accepted: (reply) => ({ eventId: created.parse(reply.body).id }),
  });
}

const EVIDENCE: readonly Evidence[] = [
  {
    mark: 'spec',
    source:
      'compensation v2 requestOneTimePayment: reason, position, effectiveDate, oneTimePayments[paymentCurrency, oneTimePaymentPlan, paymentAmount {"value": "2500"}]',
  },
  {
    mark: 'mem',
    source: 'The reference Currency_ID=USD, and that the answered id is that of the business process event',
  },
];

export function paymentOperations(tenant: string): readonly AnyOperation[] {
  return [
    writeOperation({
      name: 'workday.payment.request-one-time',
      description:
        'Requests a payment to a worker beside the salary, such as a bonus; money leaves with the next payroll once it is approved.',
      input: requestOneTime,
      output: z.object({ eventId: z.string() }),
      facets: {
        schema: z.object({ amountMinorUnits: z.int(), amountCurrency: z.string() }),
        of: (input) => ({ amountMinorUnits: sumOf(input).minorUnits, amountCurrency: input.currency }),
      },
      resourceTypes: ['Workday::Worker'],
      resources: ({ workerId }) => [{ type: 'Workday::Worker', id: workerId, labels: ['hr', 'pii'] }],
      effectKinds: ['spend'],
      effect: (input) => ({
        kind: 'spend',
        reversible: 'no',
        external: false,
        privileged: false,
        count: input.payments.length,
        amount: sumOf(input),
        dataClasses: ['compensation'],
      }),
      repeat: { class: 'at-most-once', evidence: ONCE },
      touched: ({ eventId }) => [eventRef(eventId)],
      execute: requestPayment(tenant),
      probe: async (_input, context) => {
        const eventId = eventIdIn(context.handle);
        if (eventId !== undefined) return probeEvent(tenant, eventId, context);
        return {
          status: 'undetermined',
          detail:
            'REST cannot list one-time payments; look for the mark of this action in the payment’s additional information.',
        };
      },
      undo: { none: 'REST cannot cancel a one-time payment; once paid, only payroll can take it back.' },
      evidence: EVIDENCE,
    }),
  ];
}

function bodyOf(input: RequestOneTime, actionId: string) {
  const { reasonId, positionId, effectiveDate, employeeVisibilityDate, currency, payments } = input;
  return {
    reason: reference(reasonId),
    position: reference(positionId),
    effectiveDate,
    ...(employeeVisibilityDate !== undefined && { employeeVisibilityDate }),
    oneTimePayments: payments.map((payment) => ({
      oneTimePaymentPlan: reference(payment.planId),
      paymentCurrency: currencyReference(currency),
      paymentAmount: { value: decimalOf({ minorUnits: payment.minorUnits, currency }) },
      additionalInformation: withMark(payment.additionalInformation, actionId),
      ...(payment.scheduledPaymentDate !== undefined && { scheduledPaymentDate: payment.scheduledPaymentDate }),
      ...(payment.sendToPayroll !== undefined && { sendToPayroll: payment.sendToPayroll }),
    })),
  };
}
