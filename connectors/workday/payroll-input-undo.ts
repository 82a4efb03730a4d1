import { z } from 'zod';
import type { Json, JsonObject } from '../../src/lib/json.ts';
import { withoutMark } from './action-mark.ts';
import { workdayId } from './fields.ts';
import { currencyCode } from './money.ts';
import {
  createPayrollInput,
  type PayrollInput,
  payrollInput,
  type UpdatePayrollInput,
  updatePayrollInput,
} from './payroll-input-fields.ts';

type Undone = { readonly operation: string; readonly input: JsonObject } | undefined;

const changed = z.object({ payrollInputId: workdayId, previous: payrollInput });

/** The update that puts back what an update replaced; undefined where something was not there before or cannot be said. */
export function restorationOf(input: UpdatePayrollInput, result: Json | undefined): Undone {
  const done = changed.safeParse(result);
  if (!done.success) return undefined;
  const before = fieldsOf(
    done.data.previous,
    input.details?.map(({ typeId }) => typeId),
  );
  const { payrollInputId: _id, ...touched } = input;
  const restored: Record<string, Json> = { payrollInputId: done.data.payrollInputId };
  for (const field of Object.keys(touched)) {
    const value = before[field];
    if (value === undefined) return undefined;
    restored[field] = value;
  }
  return updatePayrollInput.safeParse(restored).success
    ? { operation: 'workday.payroll-input.update', input: restored }
    : undefined;
}

/** The creation that brings a deleted input back, under a new id. */
export function creationOf(result: Json | undefined): Undone {
  const done = changed.safeParse(result);
  if (!done.success) return undefined;
  const { worker, payComponent, position, adjustment, runCategories, inputDetails } = done.data.previous;
  const input: JsonObject = {
    ...fieldsOf(
      done.data.previous,
      inputDetails?.map(({ type }) => type?.id ?? ''),
    ),
    ...(worker && { workerId: worker.id }),
    ...(payComponent && { payComponentId: payComponent.id }),
    ...(position && { positionId: position.id }),
    ...(adjustment !== undefined && { adjustment }),
    ...(runCategories && { runCategoryIds: runCategories.map(({ id }) => id) }),
  };
  return createPayrollInput.safeParse(input).success ? { operation: 'workday.payroll-input.create', input } : undefined;
}

/** An input as Workday answers it in the words of our own operations, with the lines of the given types. */
function fieldsOf(previous: PayrollInput, typeIds: readonly string[] | undefined): JsonObject {
  const { startDate, endDate, ongoing } = previous;
  const comment = previous.comment === undefined ? '' : withoutMark(previous.comment);
  const currency = currencyOf(previous);
  const details = typeIds?.map((typeId) => {
    const value = previous.inputDetails?.find(({ type }) => type?.id === typeId)?.value;
    return { typeId, value: value === undefined ? '' : String(value) };
  });
  return {
    ...(startDate !== undefined && { startDate }),
    ...(endDate !== undefined && { endDate }),
    ...(ongoing !== undefined && { ongoing }),
    ...(comment !== '' && { comment }),
    ...(currency !== undefined && { currency }),
    ...(details !== undefined && { details }),
  };
}

function currencyOf({ currency }: PayrollInput): string | undefined {
  const names = [currency?.descriptor, currency?.id.replace(/^Currency_ID=/, '')];
  return names.find((name) => currencyCode.safeParse(name).success);
}
