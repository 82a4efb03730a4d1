import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SUBMIT_ACTION } from '../../../connectors/workday/business-process.ts';
import workday from '../../../connectors/workday/index.ts';
import { FULL_FOLLOW_UPS, FULL_INPUTS, ids } from '../../../connectors/workday/inputs.ts';
import { AMOUNT_TYPE } from '../../../connectors/workday/simulator/simulate.ts';
import { type Effect, effectSchema } from '../../../src/action/effect.ts';
import type { WriteOperation } from '../../../src/connector/contract.ts';
import { systemClock } from '../../../src/lib/clock.ts';
import type { JsonObject } from '../../../src/lib/json.ts';

const connected = await workday.connect(
  workday.settings.parse({
    origin: 'https://workday.example',
    tenant: 'gms',
    grant: 'client-credentials',
    clientId: 'client',
    clientSecret: 'never-sent',
    payrollAmountTypes: [AMOUNT_TYPE],
  }),
  { system: 'workday', clock: systemClock, baseDirectory: '.', log: () => undefined },
);

const writes = new Map<string, WriteOperation>(
  connected.operations.flatMap((operation) =>
    operation.kind === 'write' ? [[operation.name, operation as WriteOperation]] : [],
  ),
);

function writeNamed(name: string): WriteOperation {
  const operation = writes.get(name);
  if (operation === undefined) throw new Error(`there is no ${name}`);
  return operation;
}

function effectOf(name: string, input: JsonObject): Effect {
  const operation = writeNamed(name);
  return operation.effect(operation.input.parse(input));
}

function facetsOf(name: string, input: JsonObject): JsonObject {
  const operation = writeNamed(name);
  return operation.facets?.of(operation.input.parse(input)) ?? {};
}

const job = {
  workerId: ids.amara,
  supervisoryOrganizationId: ids.security,
  reasonId: ids.transfer,
  effective: '2026-05-01',
};
const payment = {
  workerId: ids.amara,
  positionId: ids.any,
  reasonId: ids.any,
  effectiveDate: '2026-04-30',
  currency: 'USD',
};
const input = {
  workerId: ids.amara,
  payComponentId: ids.any,
  startDate: '2026-04-01',
  endDate: '2026-04-30',
  currency: 'EUR',
};
const daysOff = [{ date: '2026-06-01', timeOffTypeId: ids.vacation, dailyQuantity: '8' }];
const note = { notificationTypeId: ids.any, templateId: ids.any };
const line = (value: string, typeId = ids.amountType) => ({ typeId, value });

interface EffectCase {
  readonly title: string;
  readonly operation: string;
  readonly input: JsonObject;
  readonly effect: Partial<Effect>;
  readonly facets?: JsonObject;
}

const CASES: readonly EffectCase[] = [
  {
    title: 'moving one worker',
    operation: 'worker.change-job',
    input: job,
    effect: { kind: 'update', privileged: false, count: 1, reversible: 'no' },
    facets: { approvalsSkipped: false },
  },
  {
    title: 'moving a team',
    operation: 'worker.change-job',
    input: { ...job, moveManagersTeam: true },
    effect: { kind: 'update', count: 10_000_000 },
  },
  {
    title: 'the submit action, which asks the approvers',
    operation: 'worker.change-job',
    input: { ...job, businessProcess: { actionId: SUBMIT_ACTION } },
    effect: { kind: 'update', privileged: false },
    facets: { approvalsSkipped: false },
  },
  {
    title: 'auto-complete, which asks nobody',
    operation: 'worker.change-job',
    input: { ...job, businessProcess: { autoComplete: true } },
    effect: { kind: 'privilege', privileged: true, reversible: 'no' },
    facets: { approvalsSkipped: true },
  },
  {
    title: 'an action that is not known',
    operation: 'worker.change-job',
    input: { ...job, businessProcess: { actionId: ids.any } },
    effect: { kind: 'privilege', privileged: true, reversible: 'no' },
    facets: { approvalsSkipped: true },
  },
  {
    title: 'days off',
    operation: 'time-off.request',
    input: { workerId: ids.amara, days: daysOff },
    effect: { kind: 'create', privileged: false, count: 1 },
    facets: { approvalsSkipped: false },
  },
  {
    title: 'days off by an action that is not known',
    operation: 'time-off.request',
    input: { workerId: ids.amara, days: daysOff, businessProcess: { actionId: ids.any } },
    effect: { kind: 'privilege', privileged: true },
    facets: { approvalsSkipped: true },
  },
  {
    title: 'an approval',
    operation: 'event-step.approve',
    input: FULL_FOLLOW_UPS['workday.event-step.approve'](ids.any),
    effect: { kind: 'privilege', privileged: true, reversible: 'no' },
  },
  {
    title: 'a denial',
    operation: 'event-step.deny',
    input: FULL_FOLLOW_UPS['workday.event-step.deny'](ids.any),
    effect: { kind: 'privilege', privileged: true, reversible: 'no' },
  },
  {
    title: 'sending back',
    operation: 'event-step.send-back',
    input: FULL_FOLLOW_UPS['workday.event-step.send-back'](ids.any),
    effect: { kind: 'privilege', privileged: true, reversible: 'no' },
  },
  {
    title: 'two payments, summed',
    operation: 'payment.request-one-time',
    input: {
      ...payment,
      payments: [
        { planId: ids.plan, minorUnits: 100 },
        { planId: ids.plan, minorUnits: 250 },
      ],
    },
    effect: { kind: 'spend', reversible: 'no', count: 2, amount: { minorUnits: 350, currency: 'USD' } },
    facets: { amountMinorUnits: 350, amountCurrency: 'USD' },
  },
  {
    title: 'an input of known amount',
    operation: 'payroll-input.create',
    input: { ...input, details: [line('-12.5')] },
    effect: { kind: 'spend', reversible: 'window', privileged: false, amount: { minorUnits: 1_250, currency: 'EUR' } },
    facets: { amountKnown: true, amountMinorUnits: 1_250, amountCurrency: 'EUR' },
  },
  {
    title: 'an input of hours',
    operation: 'payroll-input.create',
    input: { ...input, details: [line('10'), line('8', ids.hoursType)] },
    effect: { kind: 'spend', privileged: true },
    facets: { amountKnown: false },
  },
  {
    title: 'an input that comes back every month',
    operation: 'payroll-input.create',
    input: { ...input, ongoing: true, details: [line('10')] },
    effect: { kind: 'spend', privileged: true },
    facets: { amountKnown: false },
  },
  {
    title: 'an amount that the currency cannot express',
    operation: 'payroll-input.create',
    input: { ...input, currency: 'JPY', details: [line('10.5')] },
    effect: { kind: 'spend', privileged: true },
    facets: { amountKnown: false },
  },
  {
    title: 'another amount',
    operation: 'payroll-input.update',
    input: { payrollInputId: ids.any, currency: 'EUR', details: [line('20')] },
    effect: { kind: 'spend', privileged: false, amount: { minorUnits: 2_000, currency: 'EUR' } },
  },
  {
    title: 'another end, which may pay more often',
    operation: 'payroll-input.update',
    input: { payrollInputId: ids.any, endDate: '2027-01-01', currency: 'EUR', details: [line('20')] },
    effect: { kind: 'spend', privileged: true },
  },
  {
    title: 'deleting an input',
    operation: 'payroll-input.delete',
    input: { payrollInputId: ids.any },
    effect: { kind: 'delete', privileged: true, reversible: 'window' },
  },
  {
    title: 'an invoice with tax and freight',
    operation: 'supplier-invoice.create',
    input: FULL_INPUTS['workday.supplier-invoice.create'] ?? {},
    effect: { kind: 'spend', external: true, amount: { minorUnits: 132_100, currency: 'USD' } },
    facets: { amountMinorUnits: 132_100, amountCurrency: 'USD' },
  },
  {
    title: 'submitting an invoice',
    operation: 'supplier-invoice.submit',
    input: FULL_INPUTS['workday.supplier-invoice.submit'] ?? {},
    effect: { kind: 'spend', external: true, amount: { minorUnits: 1_250_000, currency: 'USD' } },
    facets: { amountMinorUnits: 1_250_000, amountCurrency: 'USD' },
  },
  {
    title: 'submitting expenses',
    operation: 'expense-report.submit',
    input: FULL_INPUTS['workday.expense-report.submit'] ?? {},
    effect: { kind: 'spend', amount: { minorUnits: 84_210, currency: 'EUR' } },
  },
  {
    title: 'a message to two',
    operation: 'message.send',
    input: { ...note, recipientIds: [ids.amara, ids.jonas] },
    effect: { kind: 'communicate', external: true, reversible: 'no', privileged: false, count: 2 },
    facets: { recipientCount: 2, senderOverridden: false },
  },
  {
    title: 'a message in the name of another',
    operation: 'message.send',
    input: { ...note, recipientIds: [ids.amara], senderOverrideId: ids.any },
    effect: { kind: 'communicate', privileged: true, count: 1 },
    facets: { recipientCount: 1, senderOverridden: true },
  },
];

describe('the effect of each case', () => {
  test.for(CASES)('$operation: $title', ({ operation, input: call, effect, facets }) => {
    const found = effectOf(`workday.${operation}`, call);
    expect(effectSchema.parse(found)).toMatchObject(effect);
    if (effect.kind === 'spend') expect(found.amount).toEqual(effect.amount);
    if (facets !== undefined) expect(facetsOf(`workday.${operation}`, call)).toEqual(facets);
  });

  test('every write has a case for every kind that it declares', () => {
    const shown = new Set(CASES.map(({ operation, effect }) => `workday.${operation} ${effect.kind}`));
    const declared = [...writes.values()].flatMap(({ name, effectKinds }) =>
      effectKinds.map((kind) => `${name} ${kind}`),
    );
    expect([...shown].sort()).toEqual(declared.sort());
  });
});

const wid = fc.stringMatching(/^[0-9a-f]{32}$/);
const date = fc
  .date({ min: new Date('2020-01-01'), max: new Date('2030-01-01'), noInvalidDate: true })
  .map((at) => at.toISOString().slice(0, 10));
const currency = fc.constantFrom('USD', 'EUR', 'JPY', 'KWD');
const units = fc.integer({ min: 1, max: 1_000_000_000_000 });
const decimal = fc
  .tuple(fc.integer({ min: -999_999_999, max: 999_999_999 }), fc.integer({ min: 0, max: 999_999 }))
  .map(([whole, part]) => `${whole}.${String(part).padStart(6, '0')}`);
const actionId = fc.oneof(fc.constant(SUBMIT_ACTION), wid);
const some = <T>(values: fc.Arbitrary<T>) => fc.array(values, { minLength: 1, maxLength: 8 });

interface Rule {
  readonly operation: string;
  readonly inputs: fc.Arbitrary<JsonObject>;
  readonly holds: (effect: Effect, call: JsonObject, facets: JsonObject) => void;
}

const RULES: Readonly<Record<string, Rule>> = {
  'what does not ask the approvers is a privilege that nobody can take back': {
    operation: 'workday.worker.change-job',
    inputs: fc.record(
      {
        workerId: wid,
        supervisoryOrganizationId: wid,
        reasonId: wid,
        effective: date,
        moveManagersTeam: fc.boolean(),
        businessProcess: fc.record({ actionId, autoComplete: fc.boolean() }),
      },
      { requiredKeys: ['workerId', 'supervisoryOrganizationId', 'reasonId', 'effective'] },
    ) as fc.Arbitrary<JsonObject>,
    holds: (effect, { businessProcess }, { approvalsSkipped }) => {
      const { actionId: id, autoComplete } = (businessProcess ?? { actionId: SUBMIT_ACTION }) as {
        actionId: string;
        autoComplete?: boolean;
      };
      const skips = autoComplete === true || id !== SUBMIT_ACTION;
      expect(approvalsSkipped).toBe(skips);
      expect(effect).toMatchObject({ kind: skips ? 'privilege' : 'update', privileged: skips, reversible: 'no' });
    },
  },
  'days off count one by one': {
    operation: 'workday.time-off.request',
    inputs: fc.record({ workerId: wid, days: some(fc.record({ date, timeOffTypeId: wid, dailyQuantity: decimal })) }),
    holds: (effect, { days }) => expect(effect.count).toBe((days as readonly unknown[]).length),
  },
  'payments cost exactly their sum': {
    operation: 'workday.payment.request-one-time',
    inputs: fc.record({
      workerId: wid,
      positionId: wid,
      reasonId: wid,
      effectiveDate: date,
      currency,
      payments: some(fc.record({ planId: wid, minorUnits: units })),
    }),
    holds: (effect, call) => {
      const sum = (call['payments'] as readonly { readonly minorUnits: number }[]).reduce(
        (total, each) => total + BigInt(each.minorUnits),
        0n,
      );
      expect(effect.amount).toEqual({ minorUnits: Number(sum), currency: call['currency'] });
    },
  },
  'an input has an amount only if every line is one, and then no line is worth more': {
    operation: 'workday.payroll-input.create',
    inputs: fc.record({
      workerId: wid,
      payComponentId: wid,
      startDate: date,
      endDate: date,
      ongoing: fc.boolean(),
      currency,
      details: some(
        fc.record({
          typeId: fc.oneof(fc.constant(ids.amountType), wid),
          value: fc.oneof(decimal, fc.integer({ min: 0, max: 1_000 }).map(String)),
        }),
      ),
    }),
    holds: (effect, call) => {
      const lines = call['details'] as readonly { readonly typeId: string; readonly value: string }[];
      const known = call['ongoing'] === false && lines.every(({ typeId }) => typeId === ids.amountType);
      if (!known) expect(effect.amount).toBeUndefined();
      expect(effect.privileged).toBe(effect.amount === undefined);
      for (const { value } of effect.amount === undefined ? [] : lines) {
        expect(effect.amount?.minorUnits).toBeGreaterThanOrEqual(Math.floor(Math.abs(Number(value))));
      }
    },
  },
  'a message may leave the organisation and counts its recipients': {
    operation: 'workday.message.send',
    inputs: fc.record({ notificationTypeId: wid, templateId: wid, recipientIds: some(wid) }),
    holds: (effect, { recipientIds }, { recipientCount }) => {
      expect(effect).toMatchObject({
        external: true,
        reversible: 'no',
        count: (recipientIds as readonly string[]).length,
      });
      expect(recipientCount).toBe(effect.count);
    },
  },
};

describe('no input has a weaker effect than its operation declares', () => {
  test.for(Object.entries(RULES))('%s', ([, { operation, inputs, holds }]) => {
    fc.assert(
      fc.property(inputs, (call) => {
        const effect = effectSchema.parse(effectOf(operation, call));
        expect(writeNamed(operation).effectKinds).toContain(effect.kind);
        holds(effect, call, facetsOf(operation, call));
      }),
      { seed: 20_260_401 },
    );
  });

  test('what is said to be taken back has an operation that does it', () => {
    for (const { name, undo, effectKinds } of writes.values()) {
      const reversible = CASES.filter(({ operation }) => `workday.${operation}` === name).map(
        ({ operation, input: call }) => effectOf(`workday.${operation}`, call).reversible,
      );
      expect(
        reversible.every((each) => (each === 'no') === (typeof undo !== 'function')),
        `${name} ${effectKinds}`,
      ).toBe(true);
    }
  });
});

test.for([
  ['another name for the same worker', 'workday.worker.get', { workerId: 'Employee_ID=21001' }],
  ['a path in an id', 'workday.worker.get', { workerId: '../../../admin' }],
  [
    'money as a fraction',
    'workday.supplier-invoice.submit',
    { invoiceId: ids.any, total: { minorUnits: 10.5, currency: 'USD' } },
  ],
  [
    'a currency that is none',
    'workday.supplier-invoice.submit',
    { invoiceId: ids.any, total: { minorUnits: 10, currency: 'XXX' } },
  ],
  ['an unknown field', 'workday.worker.change-job', { ...job, runNow: true }],
  ['an unknown switch', 'workday.worker.change-job', { ...job, businessProcess: { skip: true } }],
  ['a template and a text', 'workday.message.send', { ...note, recipientIds: [ids.amara], push: { message: 'x' } }],
  [
    'a one-time input without an end',
    'workday.payroll-input.create',
    { ...input, endDate: undefined, details: [line('1')] },
  ],
  ['an update that changes nothing', 'workday.payroll-input.update', { payrollInputId: ids.any }],
] as const)('%s is refused', ([, name, call]) => {
  const operation = connected.operations.find((each) => each.name === name);
  expect(operation?.input.safeParse(call).success).toBe(false);
});
