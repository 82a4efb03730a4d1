import type {
  ConformanceCall,
  ConformanceFixtures,
  ConformanceSample,
  EffectCase,
} from '../../src/connector/conformance/fixtures.ts';
import type { JsonObject } from '../../src/lib/json.ts';
import { FULL_FOLLOW_UPS, FULL_INPUTS, ids } from './inputs.ts';
import { seededId } from './simulator/tenant.ts';

/** What the audit shows of each operation that needs nothing before it; nothing for what only reads. */
const EFFECTS: Readonly<Record<string, readonly string[]>> = {
  'workday.worker.change-job': ['worker.change-job', 'approvals.skip', 'worker.move'],
  'workday.worker.terminate': ['worker.terminate', 'approvals.skip', 'worker.leave'],
  'workday.worker.end-contract': ['worker.end-contract', 'approvals.skip', 'worker.leave'],
  'workday.payment.request-one-time': ['payment.request-one-time'],
  'workday.payroll-input.create': ['payroll-input.create'],
  'workday.supplier-invoice.create': ['supplier-invoice.create'],
  'workday.supplier-invoice.submit': ['supplier-invoice.submit'],
  'workday.expense-report.submit': ['expense-report.submit'],
  'workday.time-off.request': ['time-off.request'],
  'workday.message.send': ['message.send', 'message.send'],
};

/** Operations of the web service. */
const IN_ENVELOPE: ReadonlySet<string> = new Set(['workday.worker.terminate', 'workday.worker.end-contract']);
const BYPASS = {
  redaction:
    'A UsernameToken stands in the envelope, so in a body; that it does not come back is tested in test/connectors/workday/staffing.test.ts.',
};

/** Ids that the simulated tenant gives, because its chance is seeded: what waits on its first day, and the first input. */
const WAITING = { stepId: 'b7cf3c25632b92409d3fb64afebede10', eventId: 'a08ff49b6f772632716c43069c43a8c3' };
const FIRST_PAYROLL_INPUT = 'acaaf0de0d89511a6088ad7c16b3dc12';

const payrollInputFirst: readonly ConformanceCall[] = [
  { operation: 'workday.payroll-input.create', input: FULL_INPUTS['workday.payroll-input.create'] ?? {} },
];

const FOLLOW_UPS: readonly ConformanceSample[] = [
  {
    operation: 'workday.event.get',
    input: FULL_FOLLOW_UPS['workday.event.get'](WAITING.eventId),
    effects: [],
  },
  ...(['approve', 'deny', 'send-back'] as const).map(
    (verb): ConformanceSample => ({
      operation: `workday.event-step.${verb}`,
      input: FULL_FOLLOW_UPS[`workday.event-step.${verb}`](WAITING.stepId),
      effects: [`event-step.${verb}`],
      effect: { kind: 'privilege', privileged: true, reversible: 'no' },
    }),
  ),
  {
    operation: 'workday.payroll-input.update',
    input: FULL_FOLLOW_UPS['workday.payroll-input.update'](FIRST_PAYROLL_INPUT),
    effects: ['payroll-input.update'],
    effect: { kind: 'spend' },
    after: payrollInputFirst,
  },
  {
    operation: 'workday.payroll-input.delete',
    input: FULL_FOLLOW_UPS['workday.payroll-input.delete'](FIRST_PAYROLL_INPUT),
    effects: ['payroll-input.delete'],
    effect: { kind: 'delete', privileged: true, reversible: 'window' },
    after: payrollInputFirst,
    bypass: { undo: 'What takes a deletion back is a new input with another id: the deleted one stays gone.' },
  },
];

const given = (operation: string): JsonObject => FULL_INPUTS[operation] ?? {};
const without = (input: JsonObject, ...fields: readonly string[]): JsonObject =>
  Object.fromEntries(Object.entries(input).filter(([field]) => !fields.includes(field)));

/** What the samples, with every field that there is, do not show: less is asked for, or more than is known. */
const EFFECT_CASES: readonly EffectCase[] = [
  ...['workday.worker.terminate', 'workday.worker.end-contract'].flatMap((operation): readonly EffectCase[] => {
    const plain = without(given(operation), 'businessProcess', 'skipSteps');
    const skipping = { kind: 'privilege', privileged: true, reversible: 'no' } as const;
    const skipSteps = given(operation)['skipSteps'] ?? [];
    return [
      {
        operation,
        input: plain,
        effect: { kind: 'delete', privileged: true, reversible: 'no', count: 1 },
        when: 'with approvals',
      },
      { operation, input: { ...plain, businessProcess: { autoComplete: true } }, effect: skipping },
      { operation, input: { ...plain, businessProcess: { runNow: true } }, effect: skipping },
      { operation, input: { ...plain, skipSteps }, effect: skipping },
    ];
  }),
  {
    operation: 'workday.worker.change-job',
    input: without(given('workday.worker.change-job'), 'businessProcess', 'moveManagersTeam'),
    effect: { kind: 'update', privileged: false, reversible: 'no', count: 1 },
    when: 'with approvals',
  },
  {
    operation: 'workday.time-off.request',
    input: { ...given('workday.time-off.request'), businessProcess: { actionId: ids.any } },
    effect: { kind: 'privilege', privileged: true, reversible: 'no' },
    when: 'by an action that is not known',
  },
  {
    operation: 'workday.payroll-input.create',
    input: { ...given('workday.payroll-input.create'), ongoing: true },
    effect: { kind: 'spend', privileged: true, reversible: 'window' },
    when: 'every month, or of no known amount',
  },
  {
    operation: 'workday.payroll-input.update',
    input: {
      payrollInputId: FIRST_PAYROLL_INPUT,
      currency: 'EUR',
      details: [{ typeId: ids.amountType, value: '99' }],
    },
    effect: { kind: 'spend', privileged: false, amount: { minorUnits: 9_900, currency: 'EUR' } },
    when: 'another amount',
  },
  {
    operation: 'workday.message.send',
    input: without(given('workday.message.send'), 'senderOverrideId'),
    effect: { kind: 'communicate', external: true, privileged: false, reversible: 'no', count: 2 },
    when: 'in one’s own name',
  },
];

export default {
  samples: [
    ...Object.entries(FULL_INPUTS).map(
      ([operation, input]): ConformanceSample => ({
        operation,
        input,
        effects: EFFECTS[operation] ?? [],
        ...(IN_ENVELOPE.has(operation) && { bypass: BYPASS }),
      }),
    ),
    ...FOLLOW_UPS,
  ],
  effectCases: EFFECT_CASES,
  paging: [{ operation: 'workday.worker.list', input: { limit: 1 } }],
  rateLimits: [
    // Third parties report 429 with Retry-After; Workday documents none [3rd].
    { status: 429, headers: { 'retry-after': '6' }, dialect: 'retry-after', waitsMs: 6_000 },
    { status: 429, headers: {}, dialect: 'none', waitsMs: undefined },
  ],
  facts: [
    { name: 'workerIsManager', subject: { type: 'Workday::Worker', id: ids.amara }, value: true },
    { name: 'workerIsManager', subject: { type: 'Workday::Worker', id: ids.jonas }, value: false },
    { name: 'workerIsManager', subject: { type: 'Workday::Worker', id: 'workers' }, value: undefined },
    {
      name: 'workerOrganization',
      subject: { type: 'Workday::Worker', id: ids.amara },
      value: seededId('organization/engineering'),
    },
  ],
  judgedBy: { '*': 'description', 'workday.worker.terminate': 'none', 'workday.worker.end-contract': 'none' },
} satisfies ConformanceFixtures;
