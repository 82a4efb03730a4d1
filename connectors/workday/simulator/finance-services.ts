import { z } from 'zod';
import type { SimulatorResponse } from '../../../src/connector/simulator/create-simulator.ts';
import type { JsonObject } from '../../../src/lib/json.ts';
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
  statusOf,
} from './service.ts';
import type { Document } from './tenant.ts';

/** Supplier invoice requests (accountsPayable v1) and expense reports (expense v1). */
export const financeRoutes: Routes = {
  'GET accountsPayable/v1/supplierInvoiceRequests': ({ tenant, query }) => {
    const wanted = ({ fields }: Document) =>
      (['supplier', 'company'] as const).every(
        (field) => query.get(field) === null || query.get(field) === fields[field],
      );
    return page(query, [...tenant.invoices.values()].filter(wanted).map(invoiceOf));
  },
  'GET accountsPayable/v1/supplierInvoiceRequests/:id': ({ tenant, id }) => {
    const invoice = tenant.invoices.get(id);
    return invoice === undefined ? notFound() : ok(invoiceOf(invoice));
  },
  'POST accountsPayable/v1/supplierInvoiceRequests': postInvoice,
  'POST accountsPayable/v1/supplierInvoiceRequests/:id/submit': (call) =>
    submit(call, {
      document: call.tenant.invoices.get(call.id),
      noun: 'supplier-invoice',
      refusal:
        'You cannot submit this Supplier Invoice Request because the Supplier Invoice Request is not in submittable status.',
    }),
  'GET expense/v1/reports/:id': ({ tenant, id }) => {
    const report = tenant.reports.get(id);
    if (report === undefined) return notFound();
    const { total = '', currency = '', memo = '' } = report.fields;
    return ok({
      id,
      descriptor: memo,
      expenseReportMemo: memo,
      expenseReportStatus: statusOf(report.status),
      totalAmount: { value: total, currency },
    });
  },
  'POST expense/v1/reports/:id/submit': (call) =>
    submit(call, {
      document: call.tenant.reports.get(call.id),
      noun: 'expense-report',
      refusal: 'Can only submit Expense Reports that are in Draft Status.',
    }),
};

function invoiceOf({ id, status, fields }: Document): JsonObject {
  const { supplier = '', company = '', memo = '', total = '', currency = '', invoiceDate = '' } = fields;
  return {
    id,
    status: statusOf(status),
    supplier: { id: supplier },
    company: { id: company },
    controlTotalAmount: { value: total, currency },
    currency: { currencyID: currency, descriptor: currency },
    memo,
    invoiceDate,
  };
}

const amount = z.object({ value: z.string() });
const invoice = z.object({
  company: referenceTo,
  supplier: referenceTo,
  invoiceDate: z.string(),
  currency: referenceTo.optional(),
  controlTotalAmount: amount.optional(),
  taxAmount: amount.optional(),
  freightAmount: amount.optional(),
  lines: z.array(z.object({ extendedAmount: amount, itemDescription: z.string().optional() })).optional(),
  memo: z.string().optional(),
  suppliersInvoiceNumber: z.string().optional(),
});

function postInvoice({ tenant, world, body }: ServiceCall): SimulatorResponse {
  const parsed = invoice.safeParse(body);
  if (!parsed.success) return invalid('company, invoiceDate and supplier are required.');
  const {
    supplier,
    company,
    currency,
    lines = [],
    controlTotalAmount,
    suppliersInvoiceNumber: number = '',
    memo = '',
    invoiceDate,
  } = parsed.data;
  if (currency === undefined) return invalid('Currency is required.');
  if (lines.length === 0) return invalid('Enter at least one invoice request line.');
  const parts = [
    ...lines.map(({ extendedAmount }) => extendedAmount),
    parsed.data.taxAmount,
    parsed.data.freightAmount,
  ];
  const total = parts.reduce((sum, part) => sum + Number(part?.value ?? 0), 0).toFixed(2);
  if (controlTotalAmount !== undefined && Number(controlTotalAmount.value) !== Number(total))
    return invalid('The total invoice request amount does not match the control total amount.');
  const used = [...tenant.invoices.values()].some(
    ({ fields }) => number !== '' && fields['number'] === number && fields['supplier'] === supplier.id,
  );
  if (used)
    return invalid(
      "The Supplier's Invoice Number entered has already been used on another Supplier Invoice, Adjustment, or Invoice Request for this supplier",
    );
  const id = world.id();
  const fields = {
    supplier: supplier.id,
    company: company.id,
    currency: currency.id.replace('Currency_ID=', ''),
    total,
    memo,
    number,
    invoiceDate,
  };
  tenant.invoices.set(id, { id, status: 'Draft', fields });
  world.audit('supplier-invoice.create', id, correlationIn(memo));
  return created({ id, memo });
}

interface Submission {
  readonly document: Document | undefined;
  readonly noun: string;
  readonly refusal: string;
}

function submit(
  { tenant, world, account, id }: ServiceCall,
  { document, noun, refusal }: Submission,
): SimulatorResponse {
  if (document === undefined) return notFound();
  if (document.status !== 'Draft') return invalid(refusal);
  document.status = 'In Progress';
  world.audit(`${noun}.submit`, id);
  startProcess(tenant, world, {
    type: noun === 'expense-report' ? 'Expense Report Event' : 'Supplier Invoice Request Event',
    initiator: account,
    onEnd: (status, now) => {
      document.status = status === 'Denied' ? 'Denied' : 'Approved';
      if (status !== 'Denied') now.audit(`${noun}.pay`, id);
    },
  });
  return created({ id });
}
