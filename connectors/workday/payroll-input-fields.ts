import { z } from 'zod';
import type { Effect } from '../../src/action/effect.ts';
import type { JsonObject } from '../../src/lib/json.ts';
import { day, decimal, freeText, instance, reference, workdayId } from './fields.ts';
import { currencyCode, currencyReference, minorUnitsOf } from './money.ts';

const details = z
  .array(z.strictObject({ typeId: workdayId, value: decimal }))
  .min(1)
  .max(50);

export const createPayrollInput = z
  .strictObject({
    workerId: workdayId,
    payComponentId: workdayId,
    positionId: workdayId.optional(),
    startDate: day,
    endDate: day.optional(),
    /** Applies again in every pay period until somebody ends it. */
    ongoing: z.boolean().default(false),
    /** Adds to the calculated value; else it replaces it. */
    adjustment: z.boolean().optional(),
    currency: currencyCode,
    /** One line per type; a value is money or a quantity, as its type says. */
    details,
    runCategoryIds: z.array(workdayId).max(20).optional(),
    comment: freeText(1_000).optional(),
  })
  .refine((input) => input.ongoing || input.endDate !== undefined, {
    path: ['endDate'],
    error: 'an input that is not ongoing ends on some day',
  });
export type CreatePayrollInput = z.output<typeof createPayrollInput>;

export const updatePayrollInput = z
  .strictObject({
    payrollInputId: workdayId,
    startDate: day.optional(),
    endDate: day.optional(),
    ongoing: z.boolean().optional(),
    currency: currencyCode.optional(),
    details: details.optional(),
    comment: freeText(1_000).optional(),
  })
  .refine((input) => (input.details === undefined) === (input.currency === undefined), {
    path: ['currency'],
    error: 'lines and their currency are given together',
  })
  .refine((input) => Object.keys(input).length > 1, { path: ['payrollInputId'], error: 'nothing would be changed' });
export type UpdatePayrollInput = z.output<typeof updatePayrollInput>;

/** A payroll input as Workday answers it. */
export const payrollInput = z.object({
  id: z.string(),
  worker: instance.optional(),
  payComponent: instance.optional(),
  position: instance.optional(),
  startDate: z.string().optional(),
  endDate: z.string().optional(),
  ongoing: z.boolean().optional(),
  adjustment: z.boolean().optional(),
  comment: z.string().optional(),
  currency: instance.optional(),
  inputDetails: z.array(z.object({ type: instance.optional(), value: z.number().optional() })).optional(),
  runCategories: z.array(instance).optional(),
});
export type PayrollInput = z.output<typeof payrollInput>;

type Lines = Pick<UpdatePayrollInput, 'details' | 'currency' | 'ongoing'>;

/** What the lines cost once; undefined where some line is no amount, or where they come back in every pay period. */
export function amountOf(
  { details: lines, currency, ongoing }: Lines,
  amountTypes: readonly string[],
): Effect['amount'] {
  if (lines === undefined || currency === undefined || ongoing === true) return undefined;
  let sum = 0;
  for (const { typeId, value } of lines) {
    const units = amountTypes.includes(typeId) ? minorUnitsOf(value, currency) : undefined;
    if (units === undefined) return undefined;
    sum += Math.abs(units);
  }
  return { minorUnits: sum, currency };
}

/** The fields that creating and changing have in common, but for the comment. */
export function bodyOf(input: UpdatePayrollInput | CreatePayrollInput): JsonObject {
  const { startDate, endDate, ongoing, currency, details: lines } = input;
  return {
    ...(startDate !== undefined && { startDate }),
    ...(endDate !== undefined && { endDate }),
    ...(ongoing !== undefined && { ongoing }),
    ...(currency !== undefined && { currency: currencyReference(currency) }),
    ...(lines !== undefined && {
      inputDetails: lines.map(({ typeId, value }) => ({ type: reference(typeId), value: Number(value) })),
    }),
  };
}
