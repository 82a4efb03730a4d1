import { z } from 'zod';
import type { ExecutionResult } from '../../src/connector/contract.ts';
import { decimalOf, type Money, minorUnitsOf } from './money.ts';

/** A sum as Workday writes it. The description gives `{"value": "2500"}` for requests; `currency` is from memory. */
export const workdayAmount = z.object({
  value: z.union([z.string(), z.number()]).transform(String),
  currency: z.string().optional(),
});

interface Stated {
  readonly total: Money;
  /** What the document says; undefined where it does not. */
  readonly amount: z.output<typeof workdayAmount> | undefined;
  readonly currency: string | undefined;
}

/**
 * Submitting names a document and not a sum, so the caller states the sum that was decided on, and a document that says
 * another one is not submitted. Undefined: they agree.
 */
export function contradiction({ total, amount, currency }: Stated): ExecutionResult | undefined {
  const found =
    amount === undefined || currency !== total.currency ? undefined : minorUnitsOf(amount.value, total.currency);
  if (found === total.minorUnits) return undefined;
  const stated = `${decimalOf(total)} ${total.currency}`;
  return {
    status: 'failed',
    code: 'EXECUTION_FAILED',
    detail: `Workday does not confirm the stated total of ${stated}, so nothing was submitted.`,
    exposed: true,
  };
}
