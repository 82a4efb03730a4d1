import { z } from 'zod';
import type { AnyOperation, Evidence, Execute, Probe } from '../../src/connector/contract.ts';
import { writeOperation } from '../../src/connector/contract.ts';
import { httpExecution } from '../../src/connector/http/http-execution.ts';
import { path } from '../../src/connector/http/path.ts';
import { carriesMark, withMark } from './action-mark.ts';
import { contradiction, workdayAmount } from './confirm-total.ts';
import { day, freeText, instance, reference, workdayId } from './fields.ts';
import { currencyCode, currencyReference, decimalOf, type Money, minorUnits, money } from './money.ts';
import { progressOf } from './process-status.ts';
import { readBack, readBefore } from './read-back.ts';
import { readPages } from './read-pages.ts';

const createInvoice = z.strictObject({
  companyId: workdayId,
  supplierId: workdayId,
  currency: currencyCode,
  invoiceDate: day,
  /** The supplier's own number: Workday refuses one that this supplier has used before. */
  suppliersInvoiceNumber: z.string().min(1).max(100).optional(),
  lines: z
    .array(z.strictObject({ description: freeText(1_000), minorUnits, spendCategoryId: workdayId.optional() }))
    .min(1)
    .max(100),
  taxMinorUnits: minorUnits.optional(),
  freightMinorUnits: minorUnits.optional(),
  requesterId: workdayId.optional(),
  /** Where the money goes, if not to the supplier's default connection. */
  remitToConnectionId: workdayId.optional(),
  memo: freeText(1_000).optional(),
});
type CreateInvoice = z.output<typeof createInvoice>;

const submitInvoice = z.strictObject({
  invoiceId: workdayId,
  /** What the invoice amounts to; it is submitted only if Workday says the same. */
  total: money,
});
type SubmitInvoice = z.output<typeof submitInvoice>;

const created = z.object({ id: workdayId });
const amountFacets = z.object({ amountMinorUnits: z.int(), amountCurrency: z.string() });

export function supplierInvoiceOperations(tenant: string): readonly AnyOperation[] {
  return [createOperation(tenant), submitOperation(tenant)];
}

function totalOf({ lines, taxMinorUnits = 0, freightMinorUnits = 0, currency }: CreateInvoice): Money {
  return {
    minorUnits: lines.reduce((sum, line) => sum + line.minorUnits, taxMinorUnits + freightMinorUnits),
    currency,
  };
}

/** What is published about a second call. */
const CREATED_ONCE: Evidence = {
  mark: 'spec',
  source: 'accountsPayable v1 takes no key; only a supplier’s invoice number, where given, is refused the second time',
};

function create(tenant: string): Execute<CreateInvoice> {
  return httpExecution({
    request: (input, { actionId }) => ({
      method: 'POST',
      path: path`/ccx/api/accountsPayable/v1/${tenant}/supplierInvoiceRequests`,
      body: invoiceBody(input, actionId),
    }),
    repeatable: false,
    result: (reply) => ({ invoiceId: created.parse(reply.body).id }),
  });
}

const CREATE_EVIDENCE: readonly Evidence[] = [
  {
    mark: 'spec',
    source:
      'accountsPayable v1 POST /supplierInvoiceRequests requires company, invoiceDate, supplier; "total … does not match the control total amount" is refused',
  },
  { mark: 'spec', source: 'GET /supplierInvoiceRequests returns memo, by which the action is found again' },
];

function createOperation(tenant: string): AnyOperation {
  return writeOperation({
    name: 'workday.supplier-invoice.create',
    description:
      'Enters an invoice of a supplier, with where its money goes; it is paid once it is submitted and approved.',
    input: createInvoice,
    output: z.object({ invoiceId: z.string() }),
    facets: {
      schema: amountFacets,
      of: (input) => ({ amountMinorUnits: totalOf(input).minorUnits, amountCurrency: input.currency }),
    },
    resourceTypes: ['Workday::SupplierInvoice', 'Workday::Supplier'],
    resources: ({ supplierId }) => [
      { type: 'Workday::SupplierInvoice', id: 'supplierInvoiceRequests' },
      { type: 'Workday::Supplier', id: supplierId },
    ],
    effectKinds: ['spend'],
    // That a new invoice waits as a draft is nowhere described, so it counts as money already.
    effect: (input) => ({
      kind: 'spend',
      reversible: 'no',
      external: true,
      privileged: false,
      count: 1,
      amount: totalOf(input),
    }),
    repeat: { class: 'at-most-once', evidence: CREATED_ONCE },
    touched: ({ invoiceId }) => [{ type: 'Workday::SupplierInvoice', id: invoiceId }],
    execute: create(tenant),
    probe: findInvoice(tenant),
    undo: { none: 'REST has no call to delete or cancel an invoice request.' },
    evidence: CREATE_EVIDENCE,
  });
}

function invoiceBody(input: CreateInvoice, actionId: string) {
  const { currency } = input;
  const amount = (units: number) => ({ value: decimalOf({ minorUnits: units, currency }) });
  return {
    company: reference(input.companyId),
    supplier: reference(input.supplierId),
    currency: currencyReference(currency),
    invoiceDate: input.invoiceDate,
    controlTotalAmount: amount(totalOf(input).minorUnits),
    lines: input.lines.map((line) => ({
      itemDescription: line.description,
      extendedAmount: amount(line.minorUnits),
      ...(line.spendCategoryId !== undefined && { spendCategory: reference(line.spendCategoryId) }),
    })),
    memo: withMark(input.memo, actionId),
    ...(input.suppliersInvoiceNumber !== undefined && { suppliersInvoiceNumber: input.suppliersInvoiceNumber }),
    ...(input.taxMinorUnits !== undefined && { taxAmount: amount(input.taxMinorUnits) }),
    ...(input.freightMinorUnits !== undefined && { freightAmount: amount(input.freightMinorUnits) }),
    ...(input.requesterId !== undefined && { requester: reference(input.requesterId) }),
    ...(input.remitToConnectionId !== undefined && { remitToConnection: reference(input.remitToConnectionId) }),
  };
}

const invoice = z.object({
  id: z.string(),
  memo: z.string().optional(),
  status: instance.optional(),
  controlTotalAmount: workdayAmount.optional(),
  currency: z.object({ currencyID: z.string().optional(), descriptor: z.string().optional() }).optional(),
});

const listed = z.object({
  nextOffset: z.int().optional(),
  invoices: z.array(z.object({ id: z.string(), memo: z.string().optional() })),
});

function findInvoice(tenant: string): Probe<CreateInvoice> {
  return async ({ companyId, supplierId }, context) => {
    const query = { company: companyId, supplier: supplierId };
    const call = {
      method: 'GET',
      path: path`/ccx/api/accountsPayable/v1/${tenant}/supplierInvoiceRequests`,
      query,
    } as const;
    const answer = await readPages({ call, limit: 1_000, offset: 0, as: 'invoices' }, context);
    const read = answer.status === 'succeeded' ? listed.safeParse(answer.result) : undefined;
    if (!read?.success) return { status: 'undetermined', detail: "The supplier's invoices cannot be read." };
    const own = read.data.invoices.find(({ memo }) => carriesMark(memo, context.actionId));
    if (own !== undefined) return { status: 'applied', result: { invoiceId: own.id } };
    if (read.data.nextOffset !== undefined)
      return { status: 'undetermined', detail: "The supplier's invoices cannot be read in full." };
    return { status: 'not-applied' };
  };
}

/** What is published about a second call. */
const SUBMITTED_ONCE: Evidence = {
  mark: 'spec',
  source: 'accountsPayable v1 submit: an invoice that is "not in submittable status" is refused',
};

const SUBMIT_EVIDENCE: readonly Evidence[] = [
  {
    mark: 'spec',
    source:
      'accountsPayable v1 POST /supplierInvoiceRequests/{id}/submit; GET …/{id} has controlTotalAmount, currency, status',
  },
  { mark: 'mem', source: 'The names of statuses after Draft' },
];

function submitOperation(tenant: string): AnyOperation {
  const readInvoice = (invoiceId: string) =>
    ({
      call: { method: 'GET', path: path`/ccx/api/accountsPayable/v1/${tenant}/supplierInvoiceRequests/${invoiceId}` },
      schema: invoice,
    }) as const;
  return writeOperation({
    name: 'workday.supplier-invoice.submit',
    description: 'Submits an invoice for approval and payment, if it amounts to exactly the stated total.',
    input: submitInvoice,
    output: z.object({ invoiceId: z.string() }),
    facets: {
      schema: amountFacets,
      of: ({ total }) => ({ amountMinorUnits: total.minorUnits, amountCurrency: total.currency }),
    },
    resourceTypes: ['Workday::SupplierInvoice'],
    resources: ({ invoiceId }) => [{ type: 'Workday::SupplierInvoice', id: invoiceId }],
    effectKinds: ['spend'],
    effect: ({ total }) => ({
      kind: 'spend',
      reversible: 'no',
      external: true,
      privileged: false,
      count: 1,
      amount: total,
    }),
    repeat: { class: 'at-most-once', evidence: SUBMITTED_ONCE },
    execute: (input, context) =>
      readBefore(readInvoice(input.invoiceId), context, async ({ controlTotalAmount: amount, currency }) => {
        const currencyName = amount?.currency ?? currency?.currencyID ?? currency?.descriptor;
        return contradiction({ total: input.total, amount, currency: currencyName }) ?? submit(tenant)(input, context);
      }),
    probe: async ({ invoiceId }, context) => {
      const found = await readBack(readInvoice(invoiceId), context);
      if (found.kind !== 'found')
        return { status: 'undetermined', detail: `The invoice cannot be read: ${found.detail}` };
      const progress = progressOf(found.value.status?.descriptor);
      return progress.status === 'applied' ? { status: 'applied', result: { invoiceId } } : progress;
    },
    undo: { none: 'REST has no call to cancel an invoice that is submitted; its approvers can deny it.' },
    evidence: SUBMIT_EVIDENCE,
  });
}

function submit(tenant: string) {
  return httpExecution<SubmitInvoice>({
    request: ({ invoiceId }) => ({
      method: 'POST',
      path: path`/ccx/api/accountsPayable/v1/${tenant}/supplierInvoiceRequests/${invoiceId}/submit`,
      body: { id: invoiceId },
    }),
    repeatable: false,
    result: (_reply, { invoiceId }) => ({ invoiceId }),
    accepted: (_reply, { invoiceId }) => ({ invoiceId }),
  });
}
