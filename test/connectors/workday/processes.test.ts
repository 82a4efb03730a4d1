import { expect, test } from 'vitest';
import { FULL_INPUTS, ids } from '../../../connectors/workday/inputs.ts';
import { handleOf, resultOf, type SimulatedTenant, simulatedTenant } from './tenant.ts';

const change = {
  workerId: ids.amara,
  supervisoryOrganizationId: ids.security,
  reasonId: ids.transfer,
  effective: '2026-05-01',
};

const STARTS = [
  { operation: 'workday.worker.change-job', input: change },
  { operation: 'workday.payment.request-one-time', input: FULL_INPUTS['workday.payment.request-one-time'] ?? {} },
  { operation: 'workday.time-off.request', input: FULL_INPUTS['workday.time-off.request'] ?? {} },
  { operation: 'workday.supplier-invoice.submit', input: FULL_INPUTS['workday.supplier-invoice.submit'] ?? {} },
  { operation: 'workday.expense-report.submit', input: FULL_INPUTS['workday.expense-report.submit'] ?? {} },
];

const ENDS = [
  { answer: 'approve', end: 'applied' },
  { answer: 'deny', end: 'not-applied' },
  { answer: 'send-back', end: 'running' },
] as const;

const CASES = STARTS.flatMap((start) => ENDS.map((end) => ({ ...start, ...end })));

test.for(CASES)(
  '$operation runs until it is answered; after $answer it is $end',
  async ({ operation, input, answer: verb, end }) => {
    const tenant = await simulatedTenant();
    const handle = handleOf(await tenant.maker.run(operation, input));
    expect(await tenant.maker.probe(operation, input, { handle })).toEqual({ status: 'running' });
    await answer(tenant, verb);
    expect(await tenant.maker.probe(operation, input, { handle })).toMatchObject({ status: end });
  },
);

/** Answers the step that the maker's process waits for: the last one that was made. */
async function answer({ checker }: SimulatedTenant, verb: 'approve' | 'deny' | 'send-back'): Promise<void> {
  const listed = resultOf(await checker.run('workday.event-step.list', {}));
  const stepId = (listed['steps'] as readonly { readonly id: string }[]).at(-1)?.id ?? '';
  const words = verb === 'send-back' ? { reason: 'not yet', toStepId: ids.any } : { comment: 'seen' };
  expect(await checker.run(`workday.event-step.${verb}`, { stepId, ...words })).toMatchObject({ status: 'succeeded' });
}

test('a status that the connector does not know settles nothing', async () => {
  const { maker } = await simulatedTenant();
  const handle = { eventId: ids.any };
  expect(await maker.probe('workday.worker.change-job', change, { handle })).toMatchObject({ status: 'undetermined' });
});

test('an approved change takes effect on its day and not before', async () => {
  const tenant = await simulatedTenant();
  await tenant.maker.run('workday.worker.change-job', change);
  await answer(tenant, 'approve');
  const organization = async () =>
    resultOf(await tenant.maker.run('workday.worker.get', { workerId: ids.amara }))['primarySupervisoryOrganization'];
  tenant.clock.moveTo('2026-04-30');
  expect(await organization()).toMatchObject({ descriptor: 'Engineering' });
  tenant.clock.moveTo('2026-05-01');
  expect(await organization()).toMatchObject({ descriptor: 'Security' });
});

test('auto-complete asks nobody, so the same change is over when it begins', async () => {
  const { maker, effects } = await simulatedTenant();
  const input = { ...change, businessProcess: { autoComplete: true } };
  const handle = handleOf(await maker.run('workday.worker.change-job', input));
  expect(await maker.probe('workday.worker.change-job', input, { handle })).toMatchObject({ status: 'applied' });
  expect(effects()).toEqual(['worker.change-job', 'approvals.skip', 'worker.move']);
});
