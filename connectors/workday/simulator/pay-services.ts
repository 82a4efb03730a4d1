import { z } from 'zod';
import type { Json, JsonObject } from '../../../src/lib/json.ts';
import { startProcess } from './process.ts';
import {
  correlationIn,
  created,
  invalid,
  notFound,
  ok,
  page,
  type Routes,
  referenceTo,
  type ServiceCall,
} from './service.ts';

/** One-time payments (compensation v2) and payroll inputs (payroll v2). */
export const payRoutes: Routes = {
  'POST compensation/v2/workers/:id/requestOneTimePayment': requestOneTimePayment,
  'GET payroll/v2/payrollInputs': ({ tenant, query }) => {
    const wanted = (field: 'worker' | 'payComponent', input: JsonObject) =>
      query.get(field) === null || query.get(field) === idIn(input[field]);
    return page(
      query,
      [...tenant.payrollInputs.values()].filter((input) => wanted('worker', input) && wanted('payComponent', input)),
    );
  },
  'GET payroll/v2/payrollInputs/:id': ({ tenant, id }) => {
    const input = tenant.payrollInputs.get(id);
    return input === undefined ? notFound() : ok(input);
  },
  'POST payroll/v2/payrollInputs': postPayrollInput,
  'PATCH payroll/v2/payrollInputs/:id': ({ tenant, world, id, body }) => {
    const before = tenant.payrollInputs.get(id);
    if (before === undefined) return notFound();
    const change = payrollInputChange.parse(body);
    const after = { ...before, ...stored(change) };
    tenant.payrollInputs.set(id, after);
    world.audit('payroll-input.update', id, correlationIn(change.comment));
    return ok(after);
  },
  'DELETE payroll/v2/payrollInputs/:id': ({ tenant, world, id }) => {
    if (!tenant.payrollInputs.delete(id)) return notFound();
    world.audit('payroll-input.delete', id);
    return { status: 200 };
  },
};

function idIn(value: Json | undefined): string | undefined {
  return referenceTo.safeParse(value).data?.id;
}

const oneTimePayment = z.object({
  reason: referenceTo,
  position: referenceTo,
  effectiveDate: z.string().optional(),
  oneTimePayments: z.array(
    z.object({
      oneTimePaymentPlan: referenceTo,
      paymentCurrency: referenceTo,
      paymentAmount: z.object({ value: z.string() }).optional(),
      additionalInformation: z.string().optional(),
    }),
  ),
});

function requestOneTimePayment({ tenant, world, account, id, body }: ServiceCall) {
  const worker = tenant.workers.get(id);
  if (worker === undefined) return notFound();
  const { oneTimePayments: payments, effectiveDate } = oneTimePayment.parse(body);
  if (effectiveDate === undefined) return invalid('Effective Date is required.');
  const [first] = payments;
  if (first === undefined) return invalid('At least 1 One-Time Payment is required.');
  if (payments.some(({ paymentAmount }) => paymentAmount === undefined))
    return invalid('Either an amount or a percent for the One-Time Payment is required.');
  if (payments.some(({ oneTimePaymentPlan: plan }) => !tenant.paymentPlans.has(plan.id)))
    return invalid('Please use a valid One-Time Payment plan.');
  world.audit('payment.request-one-time', id, correlationIn(first.additionalInformation));
  const started = startProcess(tenant, world, {
    type: 'Request One-Time Payment',
    workerId: id,
    initiator: account,
    effective: effectiveDate,
    onEnd: (status, now) => {
      if (status === 'Denied') return;
      const sum = payments.reduce((total, { paymentAmount }) => total + Number(paymentAmount?.value ?? 0), 0);
      tenant.paySlips.push({ id: now.id(), workerId: id, date: effectiveDate, gross: sum, net: sum });
      now.audit('payment.pay', id);
    },
  });
  return created({ id: started.id, descriptor: `One-Time Payment: ${worker.name}` });
}

const payrollInput = z.object({
  worker: referenceTo,
  payComponent: referenceTo,
  position: referenceTo.optional(),
  startDate: z.string(),
  endDate: z.string().optional(),
  ongoing: z.boolean().optional(),
  adjustment: z.boolean().optional(),
  comment: z.string().optional(),
  currency: referenceTo.optional(),
  inputDetails: z.array(z.object({ type: referenceTo, value: z.number() })).optional(),
  runCategories: z.array(referenceTo).optional(),
});

const payrollInputChange = payrollInput.partial();

function postPayrollInput({ tenant, world, body }: ServiceCall) {
  const parsed = payrollInput.safeParse(body);
  if (!parsed.success)
    return invalid('A549 Specify a Worker.', 'A555 Specify a Pay Component.', 'A552 Specify a Start Date.');
  const { worker, ongoing, endDate, comment } = parsed.data;
  if (!tenant.workers.has(worker.id)) return invalid('A549 Specify a Worker.');
  if (ongoing !== true && endDate === undefined) return invalid('A559 Specify an End Date for One-time Payroll Input.');
  const id = world.id();
  const input = { id, fieldEditability: 'all', ...stored(parsed.data) };
  tenant.payrollInputs.set(id, input);
  world.audit('payroll-input.create', id, correlationIn(comment));
  return created(input);
}

/** A currency is answered with its name; everything else as it came. */
function stored({ currency, ...rest }: z.output<typeof payrollInputChange>): JsonObject {
  const descriptor = currency?.id.replace('Currency_ID=', '') ?? '';
  const given = Object.entries(rest).flatMap(([field, value]) =>
    value === undefined ? [] : [[field, value] as const],
  );
  return { ...Object.fromEntries(given), ...(currency && { currency: { id: currency.id, descriptor } }) };
}
