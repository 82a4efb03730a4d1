import { expect, test } from 'vitest';
import { FULL_FOLLOW_UPS, FULL_INPUTS, ids } from '../../../connectors/workday/inputs.ts';
import { handleOf, resultOf, type SimulatedTenant, simulatedTenant } from './tenant.ts';

test('reads answer what the tenant holds, and only declared fields', async () => {
  const { maker } = await simulatedTenant();
  const worker = resultOf(await maker.run('workday.worker.get', { workerId: ids.amara }));
  expect(worker).toMatchObject({
    id: ids.amara,
    descriptor: 'Amara Okafor',
    primarySupervisoryOrganization: { descriptor: 'Engineering' },
  });
  expect(worker, 'href is what the simulator sends and the connector does not declare').not.toHaveProperty('href');
  const slips = resultOf(await maker.run('workday.worker.pay-slips', { workerId: ids.amara }));
  expect(slips).toMatchObject({ total: 3, paySlips: [{ gross: 6_000 }, {}, {}] });
});

test('the audit log tells who wrote what', async () => {
  const { maker } = await simulatedTenant();
  await maker.run('workday.supplier-invoice.create', FULL_INPUTS['workday.supplier-invoice.create'] ?? {});
  const found = resultOf(await maker.run('workday.audit-log.search', { from: '2026-04-01', to: '2026-04-01' }));
  expect(found).toMatchObject({
    total: 1,
    entries: [{ systemAccount: 'isu-maker', target: { id: 'supplierInvoiceRequests' } }],
  });
  const before = resultOf(await maker.run('workday.audit-log.search', { from: '2026-03-01', to: '2026-03-31' }));
  expect(before).toMatchObject({ total: 0 });
});

const CHECKS = [
  {
    operation: 'workday.event-step.approve',
    status: 'Approved',
    event: 'Successfully Completed',
    effect: 'event-step.approve',
  },
  { operation: 'workday.event-step.deny', status: 'Denied', event: 'Denied', effect: 'event-step.deny' },
  {
    operation: 'workday.event-step.send-back',
    status: 'Sent Back',
    event: 'In Progress',
    effect: 'event-step.send-back',
  },
] as const;

test.for(CHECKS)('$operation answers a step that somebody else began', async ({ operation, status, event, effect }) => {
  const { maker, simulator } = await simulatedTenant();
  const { stepId, eventId } = await firstStep(maker);
  const result = await maker.run(operation, FULL_FOLLOW_UPS[operation](stepId), 'act-7');
  expect(result).toMatchObject({ status: 'succeeded', result: { stepId, status } });
  expect(simulator.audit()).toMatchObject([{ effect, target: stepId, correlation: 'act-7' }]);
  const read = await maker.run('workday.event.get', { eventId });
  expect(resultOf(read)['status']).toMatchObject({ descriptor: event });
});

async function firstStep(maker: SimulatedTenant['maker']): Promise<{ stepId: string; eventId: string }> {
  const listed = resultOf(await maker.run('workday.event-step.list', {}));
  const [first] = listed['steps'] as readonly { readonly id: string; readonly event: { readonly id: string } }[];
  if (first === undefined) throw new Error('the seeded tenant has steps');
  return { stepId: first.id, eventId: first.event.id };
}

test('nobody checks what they have made themselves; the other client can', async () => {
  const { maker, checker, effects } = await simulatedTenant();
  const input = FULL_INPUTS['workday.payment.request-one-time'] ?? {};
  const { eventId } = handleOf(await maker.run('workday.payment.request-one-time', input));
  const listed = resultOf(await maker.run('workday.event-step.list', { eventId: String(eventId) }));
  const [step] = listed['steps'] as readonly { readonly id: string }[];
  const approval = { stepId: step?.id ?? '', comment: 'fine' };
  expect(await maker.run('workday.event-step.approve', approval)).toMatchObject({
    status: 'failed',
    code: 'EXECUTION_FAILED',
    detail: expect.stringContaining('A212'),
  });
  expect(effects()).toEqual(['payment.request-one-time']);
  expect(await checker.run('workday.event-step.approve', approval)).toMatchObject({ status: 'succeeded' });
  expect(effects()).toEqual(['payment.request-one-time', 'event-step.approve', 'payment.pay']);
});

test('a document that amounts to another sum than the stated one is not submitted', async () => {
  const { maker, effects } = await simulatedTenant();
  const wrong = [
    ['workday.supplier-invoice.submit', { invoiceId: ids.invoice, total: { minorUnits: 1_250_001, currency: 'USD' } }],
    ['workday.supplier-invoice.submit', { invoiceId: ids.invoice, total: { minorUnits: 1_250_000, currency: 'EUR' } }],
    ['workday.supplier-invoice.submit', { invoiceId: ids.any, total: { minorUnits: 1_250_000, currency: 'USD' } }],
    ['workday.expense-report.submit', { reportId: ids.report, total: { minorUnits: 84_200, currency: 'EUR' } }],
  ] as const;
  for (const [operation, input] of wrong)
    expect(await maker.run(operation, input)).toMatchObject({ status: 'failed', code: 'EXECUTION_FAILED' });
  expect(effects()).toEqual([]);
});

test('a document that cannot be read is not submitted, and the reason is the failed read', async () => {
  const { maker, simulator, effects } = await simulatedTenant();
  simulator.fail({ when: 'before', answer: 403, call: 'GET /ccx/api/accountsPayable' });
  const input = FULL_INPUTS['workday.supplier-invoice.submit'] ?? {};
  expect(await maker.run('workday.supplier-invoice.submit', input)).toMatchObject({
    status: 'failed',
    detail: 'Simulated refusal with status 403.',
  });
  expect(effects()).toEqual([]);
});

test('a validation that the system refuses is a failure in the system’s own words', async () => {
  const { maker, effects } = await simulatedTenant();
  const input = { ...FULL_INPUTS['workday.worker.change-job'], reasonId: ids.any };
  expect(await maker.run('workday.worker.change-job', input)).toMatchObject({
    status: 'failed',
    code: 'EXECUTION_FAILED',
    detail: 'Invalid request. Reason is required.',
  });
  expect(effects()).toEqual([]);
});
