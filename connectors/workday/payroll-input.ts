import { z } from 'zod';
import type { Effect } from '../../src/action/effect.ts';
import type { AnyOperation, Evidence, Probe } from '../../src/connector/contract.ts';
import { writeOperation } from '../../src/connector/contract.ts';
import { httpExecution } from '../../src/connector/http/http-execution.ts';
import { path } from '../../src/connector/http/path.ts';
import { carriesMark, withMark } from './action-mark.ts';
import { reference, workdayId } from './fields.ts';
import {
  amountOf,
  bodyOf,
  type CreatePayrollInput,
  createPayrollInput,
  type PayrollInput,
  payrollInput,
  type UpdatePayrollInput,
  updatePayrollInput,
} from './payroll-input-fields.ts';
import { creationOf, restorationOf } from './payroll-input-undo.ts';
import { readBack, readBefore } from './read-back.ts';
import { readPages } from './read-pages.ts';

interface Options {
  readonly tenant: string;
  readonly payrollAmountTypes: readonly string[];
}

const AT_MOST_ONCE = {
  class: 'at-most-once',
  evidence: { mark: 'spec', source: 'payroll v2 payrollInputs takes no key and publishes no idempotency' },
} as const;

const NO_AMOUNT_FACETS = z.object({
  amountKnown: z.boolean(),
  amountMinorUnits: z.int().optional(),
  amountCurrency: z.string().optional(),
});

export function payrollInputOperations(options: Options): readonly AnyOperation[] {
  return [createOperation(options), updateOperation(options), deleteOperation(options)];
}

/** Money whose amount nobody can tell beforehand is a right that ordinary work does not need. */
function spending(amount: Effect['amount']): Effect {
  return {
    kind: 'spend',
    reversible: 'window',
    external: false,
    privileged: amount === undefined,
    count: 1,
    ...(amount !== undefined && { amount }),
    dataClasses: ['compensation'],
  };
}

function amountFacets(amount: Effect['amount']) {
  if (amount === undefined) return { amountKnown: false };
  return { amountKnown: true, amountMinorUnits: amount.minorUnits, amountCurrency: amount.currency };
}

const CREATE_EVIDENCE: readonly Evidence[] = [
  {
    mark: 'spec',
    source:
      'payroll v2 POST /payrollInputs: worker, payComponent, startDate; endDate unless ongoing; type for each line',
  },
  {
    mark: 'spec',
    source: 'GET /payrollInputs?worker=&payComponent= returns comment, by which the action is found again',
  },
];

function createOperation({ tenant, payrollAmountTypes }: Options): AnyOperation {
  return writeOperation({
    name: 'workday.payroll-input.create',
    description: 'Adds an earning or deduction to a worker’s next pay; an ongoing one comes back in every pay period.',
    input: createPayrollInput,
    output: z.object({ payrollInputId: z.string() }),
    facets: { schema: NO_AMOUNT_FACETS, of: (input) => amountFacets(amountOf(input, payrollAmountTypes)) },
    resourceTypes: ['Workday::PayrollInput', 'Workday::Worker'],
    resources: ({ workerId }) => [
      { type: 'Workday::PayrollInput', id: 'payrollInputs' },
      { type: 'Workday::Worker', id: workerId, labels: ['hr', 'pii'] },
    ],
    effectKinds: ['spend'],
    effect: (input) => spending(amountOf(input, payrollAmountTypes)),
    repeat: AT_MOST_ONCE,
    touched: ({ payrollInputId }) => [{ type: 'Workday::PayrollInput', id: payrollInputId }],
    execute: httpExecution({
      request: (input, { actionId }) => ({
        method: 'POST',
        path: path`/ccx/api/payroll/v2/${tenant}/payrollInputs`,
        body: {
          ...bodyOf(input),
          worker: reference(input.workerId),
          payComponent: reference(input.payComponentId),
          comment: withMark(input.comment, actionId),
          ...(input.positionId !== undefined && { position: reference(input.positionId) }),
          ...(input.adjustment !== undefined && { adjustment: input.adjustment }),
          ...(input.runCategoryIds && { runCategories: input.runCategoryIds.map(reference) }),
        },
      }),
      repeatable: false,
      result: (reply) => ({ payrollInputId: created.parse(reply.body).id }),
    }),
    probe: findCreated(tenant),
    undo: (_input, result) => {
      const made = createdResult.safeParse(result);
      return made.success ? { operation: 'workday.payroll-input.delete', input: made.data } : undefined;
    },
    evidence: CREATE_EVIDENCE,
  });
}

const created = z.object({ id: workdayId });
const createdResult = z.strictObject({ payrollInputId: workdayId });

function updateOperation({ tenant, payrollAmountTypes }: Options): AnyOperation {
  return writeOperation({
    name: 'workday.payroll-input.update',
    description: 'Changes the value, dates or recurrence of a payroll input, and so what a worker is paid.',
    input: updatePayrollInput,
    output: z.object({ payrollInputId: z.string(), previous: payrollInput }),
    facets: { schema: NO_AMOUNT_FACETS, of: (input) => amountFacets(changedAmount(input, payrollAmountTypes)) },
    resourceTypes: ['Workday::PayrollInput'],
    resources: ({ payrollInputId }) => [{ type: 'Workday::PayrollInput', id: payrollInputId }],
    labels: () => ['hr', 'pii', 'compensation', 'untrusted'],
    effectKinds: ['spend'],
    effect: (input) => spending(changedAmount(input, payrollAmountTypes)),
    touched: ({ payrollInputId }) => [{ type: 'Workday::PayrollInput', id: payrollInputId }],
    repeat: AT_MOST_ONCE,
    execute: (input, context) =>
      readBefore(payrollInputRead(tenant, input.payrollInputId), context, (previous) =>
        httpExecution<UpdatePayrollInput>({
          request: (change, { actionId }) => ({
            method: 'PATCH',
            path: inputPath(tenant, change.payrollInputId),
            body: {
              ...bodyOf(change),
              ...(change.comment !== undefined && { comment: withMark(change.comment, actionId) }),
            },
          }),
          repeatable: false,
          result: (_reply, change) => ({ payrollInputId: change.payrollInputId, previous }),
        })(input, context),
      ),
    probe: findUpdated(tenant),
    undo: restorationOf,
    evidence: [
      {
        mark: 'spec',
        source:
          'payroll v2 PATCH /payrollInputs/{id}: "Before calling this PATCH method, call the GET"; fieldEditability none once payroll has run',
      },
    ],
  });
}

/** New lines cost what they say only while the input stays as it is: moved dates or a recurrence may pay them more often. */
function changedAmount(input: UpdatePayrollInput, amountTypes: readonly string[]): Effect['amount'] {
  const movesInTime = input.startDate !== undefined || input.endDate !== undefined || input.ongoing !== undefined;
  return movesInTime ? undefined : amountOf(input, amountTypes);
}

function deleteOperation({ tenant }: Options): AnyOperation {
  return writeOperation({
    name: 'workday.payroll-input.delete',
    description: 'Deletes a payroll input: an earning is not paid, or a deduction not taken.',
    input: createdResult,
    output: z.object({ payrollInputId: z.string(), previous: payrollInput.optional() }),
    resourceTypes: ['Workday::PayrollInput'],
    resources: ({ payrollInputId }) => [{ type: 'Workday::PayrollInput', id: payrollInputId }],
    labels: () => ['hr', 'pii', 'compensation', 'untrusted'],
    effectKinds: ['delete'],
    // What it was worth is not in the input, so the worst counts.
    effect: () => ({
      kind: 'delete',
      reversible: 'window',
      external: false,
      privileged: true,
      count: 1,
      dataClasses: ['compensation'],
    }),
    touched: ({ payrollInputId }) => [{ type: 'Workday::PayrollInput', id: payrollInputId }],
    repeat: AT_MOST_ONCE,
    execute: (input, context) =>
      readBefore(payrollInputRead(tenant, input.payrollInputId), context, (previous) =>
        httpExecution<{ readonly payrollInputId: string }>({
          request: ({ payrollInputId }) => ({ method: 'DELETE', path: inputPath(tenant, payrollInputId) }),
          repeatable: false,
          result: (_reply, { payrollInputId }) => ({ payrollInputId, previous }),
        })(input, context),
      ),
    probe: async ({ payrollInputId }, context) => {
      const found = await readBack(payrollInputRead(tenant, payrollInputId), context);
      if (found.kind === 'found') return { status: 'not-applied' };
      if (found.kind === 'missing') return { status: 'applied', result: { payrollInputId } };
      return { status: 'undetermined', detail: `The payroll input cannot be read: ${found.detail}` };
    },
    undo: (_input, result) => creationOf(result),
    evidence: [{ mark: 'spec', source: 'payroll v2 DELETE /payrollInputs/{id} answers 200 without a body' }],
  });
}

function inputPath(tenant: string, payrollInputId: string): string {
  return path`/ccx/api/payroll/v2/${tenant}/payrollInputs/${payrollInputId}`;
}

function payrollInputRead(tenant: string, payrollInputId: string) {
  return { call: { method: 'GET', path: inputPath(tenant, payrollInputId) }, schema: payrollInput } as const;
}

const listed = z.object({ nextOffset: z.int().optional(), inputs: z.array(payrollInput) });

function findCreated(tenant: string): Probe<CreatePayrollInput> {
  return async ({ workerId, payComponentId }, context) => {
    const query = { worker: workerId, payComponent: payComponentId };
    const call = { method: 'GET', path: path`/ccx/api/payroll/v2/${tenant}/payrollInputs`, query } as const;
    const answer = await readPages({ call, limit: 1_000, offset: 0, as: 'inputs' }, context);
    const read = answer.status === 'succeeded' ? listed.safeParse(answer.result) : undefined;
    if (!read?.success) return { status: 'undetermined', detail: "The worker's payroll inputs cannot be read." };
    const own = read.data.inputs.find(({ comment }) => carriesMark(comment, context.actionId));
    if (own !== undefined) return { status: 'applied', result: { payrollInputId: own.id } };
    if (read.data.nextOffset !== undefined)
      return { status: 'undetermined', detail: "The worker's payroll inputs cannot be read in full." };
    return { status: 'not-applied' };
  };
}

function findUpdated(tenant: string): Probe<UpdatePayrollInput> {
  return async (input, context) => {
    const found = await readBack(payrollInputRead(tenant, input.payrollInputId), context);
    if (found.kind !== 'found')
      return { status: 'undetermined', detail: `The payroll input cannot be read: ${found.detail}` };
    // The effect of an update is that these values stand, whoever wrote them last.
    return { status: holds(found.value, input, context.actionId) ? 'applied' : 'not-applied' };
  };
}

/** Whether every requested value stands there now. */
function holds(
  now: PayrollInput,
  { startDate, endDate, ongoing, comment, details }: UpdatePayrollInput,
  actionId: string,
): boolean {
  const same = (wanted: unknown, found: unknown) => wanted === undefined || wanted === found;
  const line = (typeId: string) => now.inputDetails?.find(({ type }) => type?.id === typeId)?.value;
  return (
    same(startDate, now.startDate) &&
    same(endDate, now.endDate) &&
    same(ongoing, now.ongoing) &&
    (comment === undefined || carriesMark(now.comment, actionId)) &&
    (details ?? []).every(({ typeId, value }) => line(typeId) === Number(value))
  );
}
