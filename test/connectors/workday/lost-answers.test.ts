import { expect, test } from 'vitest';
import { FULL_INPUTS, ids } from '../../../connectors/workday/inputs.ts';
import type { JsonObject } from '../../../src/lib/json.ts';
import { resultOf, type SimulatedTenant, simulatedTenant } from './tenant.ts';

interface LostAnswer {
  readonly operation: string;
  readonly input: (tenant: SimulatedTenant) => JsonObject | Promise<JsonObject>;
  /** The call that has the effect, as the fault names it. */
  readonly call: string;
  /** What a read-back can tell after it took effect, and after it did not. */
  readonly applied: 'applied' | 'running' | 'undetermined';
  readonly notApplied: 'not-applied' | 'undetermined';
}

const full = (operation: string) => () => FULL_INPUTS[operation] ?? {};

const WRITES: readonly LostAnswer[] = [
  {
    operation: 'workday.worker.change-job',
    input: full('workday.worker.change-job'),
    call: 'POST /ccx/api/common',
    applied: 'undetermined',
    notApplied: 'not-applied',
  },
  ...['workday.worker.terminate', 'workday.worker.end-contract'].map(
    (operation): LostAnswer => ({
      operation,
      input: full(operation),
      call: 'POST /ccx/service',
      applied: 'applied',
      notApplied: 'not-applied',
    }),
  ),
  {
    operation: 'workday.payment.request-one-time',
    input: full('workday.payment.request-one-time'),
    call: 'POST /ccx/api/compensation',
    applied: 'undetermined',
    notApplied: 'undetermined',
  },
  {
    operation: 'workday.time-off.request',
    input: full('workday.time-off.request'),
    call: 'POST /ccx/api/absence',
    applied: 'running',
    notApplied: 'not-applied',
  },
  {
    operation: 'workday.payroll-input.create',
    input: full('workday.payroll-input.create'),
    call: 'POST /ccx/api/payroll',
    applied: 'applied',
    notApplied: 'not-applied',
  },
  {
    operation: 'workday.payroll-input.update',
    input: async (tenant) => ({ payrollInputId: await payrollInput(tenant), comment: 'corrected' }),
    call: 'PATCH',
    applied: 'applied',
    notApplied: 'not-applied',
  },
  {
    operation: 'workday.payroll-input.delete',
    input: async (tenant) => ({ payrollInputId: await payrollInput(tenant) }),
    call: 'DELETE',
    applied: 'applied',
    notApplied: 'not-applied',
  },
  {
    operation: 'workday.supplier-invoice.create',
    input: full('workday.supplier-invoice.create'),
    call: 'POST /ccx/api/accountsPayable',
    applied: 'applied',
    notApplied: 'not-applied',
  },
  {
    operation: 'workday.supplier-invoice.submit',
    input: full('workday.supplier-invoice.submit'),
    call: 'POST /ccx/api/accountsPayable',
    applied: 'running',
    notApplied: 'not-applied',
  },
  {
    operation: 'workday.expense-report.submit',
    input: full('workday.expense-report.submit'),
    call: 'POST /ccx/api/expense',
    applied: 'running',
    notApplied: 'not-applied',
  },
  {
    operation: 'workday.message.send',
    input: full('workday.message.send'),
    call: 'POST /ccx/api/connect',
    applied: 'undetermined',
    notApplied: 'undetermined',
  },
  {
    operation: 'workday.event-step.approve',
    input: async (tenant) => ({ stepId: await waitingStep(tenant), comment: 'fine' }),
    call: 'POST /ccx/api/businessProcess',
    applied: 'applied',
    notApplied: 'not-applied',
  },
  {
    operation: 'workday.event-step.deny',
    input: async (tenant) => ({ stepId: await waitingStep(tenant), comment: 'no' }),
    call: 'POST /ccx/api/businessProcess',
    applied: 'applied',
    notApplied: 'not-applied',
  },
  {
    operation: 'workday.event-step.send-back',
    input: async (tenant) => ({ stepId: await waitingStep(tenant), reason: 'again', toStepId: ids.any }),
    call: 'POST /ccx/api/businessProcess',
    applied: 'applied',
    notApplied: 'not-applied',
  },
];

async function payrollInput({ maker }: SimulatedTenant): Promise<string> {
  const made = await maker.run(
    'workday.payroll-input.create',
    FULL_INPUTS['workday.payroll-input.create'] ?? {},
    'act-before',
  );
  return String(resultOf(made)['payrollInputId']);
}

async function waitingStep({ maker }: SimulatedTenant): Promise<string> {
  const listed = resultOf(await maker.run('workday.event-step.list', {}));
  return (listed['steps'] as readonly { readonly id: string }[])[0]?.id ?? '';
}

test('every write has a case', async () => {
  const { maker } = await simulatedTenant();
  const writes = [...maker.registry.all()]
    .filter(({ definition }) => definition.kind === 'write')
    .map(({ name }) => name);
  expect(WRITES.map(({ operation }) => operation).sort()).toEqual(writes.sort());
});

const FAULTS = WRITES.flatMap((write) => [
  { ...write, when: 'after' as const, told: write.applied },
  { ...write, when: 'before' as const, told: write.notApplied },
]);

test.for(FAULTS)(
  '$operation, cut off $when its effect, is unknown, not repeated, and read back as $told',
  async (fault) => {
    const tenant = await simulatedTenant();
    const input = await fault.input(tenant);
    const before = tenant.effects().length;
    tenant.simulator.fail({ when: fault.when, answer: 'reset', call: fault.call });
    expect(await tenant.maker.run(fault.operation, input, 'act-lost')).toMatchObject({ status: 'unknown' });
    const caused = tenant.effects().slice(before);
    expect(caused.filter((effect) => `workday.${effect}` === fault.operation)).toHaveLength(
      fault.when === 'before' ? 0 : expectedEffects(fault.operation),
    );
    expect(await tenant.maker.probe(fault.operation, input, { actionId: 'act-lost' })).toMatchObject({
      status: fault.told,
    });
  },
);

/** A message is one effect per recipient. */
function expectedEffects(operation: string): number {
  return operation === 'workday.message.send' ? 2 : 1;
}

test("another action's effect is not taken for this one's", async () => {
  const { maker } = await simulatedTenant();
  for (const operation of [
    'workday.payroll-input.create',
    'workday.supplier-invoice.create',
    'workday.time-off.request',
  ]) {
    const input = FULL_INPUTS[operation] ?? {};
    await maker.run(operation, input, 'act-1');
    expect(await maker.probe(operation, input, { actionId: 'act-2' }), operation).toEqual({ status: 'not-applied' });
  }
});

test('an agent cannot write the mark of another action', async () => {
  const { maker } = await simulatedTenant();
  const schema = maker.registry.operation('workday.payroll-input.create').definition.input;
  const input = FULL_INPUTS['workday.payroll-input.create'];
  expect(schema.safeParse(input).success).toBe(true);
  expect(schema.safeParse({ ...input, comment: 'as agreed [Interlock act-2]' }).success).toBe(false);
});

test('a step that somebody else has answered settles nothing', async () => {
  const tenant = await simulatedTenant();
  const stepId = await waitingStep(tenant);
  await tenant.checker.run('workday.event-step.approve', { stepId, comment: 'mine' }, 'act-other');
  expect(await tenant.maker.probe('workday.event-step.approve', { stepId, comment: 'x' })).toMatchObject({
    status: 'undetermined',
  });
});
