import { expect, test } from 'vitest';
import { FULL_INPUTS, ids } from '../../../connectors/workday/inputs.ts';
import { isJsonObject, type Json, type JsonObject } from '../../../src/lib/json.ts';
import { type Caller, resultOf, simulatedTenant } from './tenant.ts';

async function createInput(maker: Caller): Promise<string> {
  return String(
    resultOf(await maker.run('workday.payroll-input.create', FULL_INPUTS['workday.payroll-input.create'] ?? {}))[
      'payrollInputId'
    ],
  );
}

/** What the connector says takes an action back, run. */
async function undo(
  maker: Caller,
  operation: string,
  { input, result }: { readonly input: JsonObject; readonly result: Json | undefined },
): Promise<string | undefined> {
  const { definition } = maker.registry.operation(operation);
  if (definition.kind === 'read' || typeof definition.undo !== 'function')
    throw new Error(`${operation} cannot be undone`);
  const back = definition.undo(definition.input.parse(input), result);
  if (back === undefined) return undefined;
  expect(await maker.run(back.operation, back.input, 'act-undo')).toMatchObject({ status: 'succeeded' });
  return back.operation;
}

/** A payroll input as the tenant holds it: what an update that changes nothing reports as previous. */
async function stored(maker: Caller, payrollInputId: string): Promise<JsonObject | undefined> {
  const result = await maker.run('workday.payroll-input.update', { payrollInputId, ongoing: false }, 'act-look');
  if (result.status !== 'succeeded' || !isJsonObject(result.result)) return undefined;
  const { previous } = result.result;
  return isJsonObject(previous) ? previous : undefined;
}

test('a created payroll input is deleted again', async () => {
  const { maker } = await simulatedTenant();
  const payrollInputId = await createInput(maker);
  expect(
    await undo(maker, 'workday.payroll-input.create', {
      input: FULL_INPUTS['workday.payroll-input.create'] ?? {},
      result: { payrollInputId },
    }),
  ).toBe('workday.payroll-input.delete');
  expect(await stored(maker, payrollInputId)).toBeUndefined();
});

test('a changed payroll input gets back exactly what was changed', async () => {
  const { maker } = await simulatedTenant();
  const payrollInputId = await createInput(maker);
  const before = await stored(maker, payrollInputId);
  const input = {
    payrollInputId,
    endDate: '2026-12-31',
    currency: 'EUR',
    details: [{ typeId: ids.amountType, value: '9999' }],
  };
  const result = resultOf(await maker.run('workday.payroll-input.update', input));
  expect((await stored(maker, payrollInputId))?.['endDate']).toBe('2026-12-31');
  expect(await undo(maker, 'workday.payroll-input.update', { input, result })).toBe('workday.payroll-input.update');
  expect(await stored(maker, payrollInputId)).toEqual(before);
});

test('a deleted payroll input is created again, for the same worker and worth the same', async () => {
  const { maker } = await simulatedTenant();
  const payrollInputId = await createInput(maker);
  const result = resultOf(await maker.run('workday.payroll-input.delete', { payrollInputId }));
  expect(result['previous']).toMatchObject({ worker: { id: ids.jonas } });
  expect(await undo(maker, 'workday.payroll-input.delete', { input: { payrollInputId }, result })).toBe(
    'workday.payroll-input.create',
  );
});

test('what was not there before cannot be put back', async () => {
  const { maker } = await simulatedTenant();
  const payrollInputId = await createInput(maker);
  const input = { payrollInputId, currency: 'EUR', details: [{ typeId: ids.hoursType, value: '8' }] };
  const result = resultOf(await maker.run('workday.payroll-input.update', input));
  expect(await undo(maker, 'workday.payroll-input.update', { input, result })).toBeUndefined();
});

test('without what it brought, a change cannot be taken back', async () => {
  const { maker } = await simulatedTenant();
  for (const operation of ['workday.payroll-input.update', 'workday.payroll-input.delete']) {
    const input = { payrollInputId: ids.any, ...(operation.endsWith('update') && { ongoing: true }) };
    expect(await undo(maker, operation, { input, result: undefined })).toBeUndefined();
  }
});

test('a payroll input that cannot be read is left alone', async () => {
  const { maker, effects } = await simulatedTenant();
  expect(await maker.run('workday.payroll-input.delete', { payrollInputId: ids.any })).toMatchObject({
    status: 'failed',
    code: 'EXECUTION_FAILED',
  });
  expect(effects()).toEqual([]);
});
