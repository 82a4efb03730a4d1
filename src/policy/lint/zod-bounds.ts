import type { z } from 'zod';

/** The whole numbers that a number can be, or the lengths that a list can have, by what the schema checks. */
export function boundsOf(schema: z.core.$ZodType): { readonly min: number; readonly max: number } {
  let [min, max] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (const { _zod: check } of schema._zod.def.checks ?? []) {
    // Every check that zod makes is one of these; the base class only forgets which.
    const def = check.def as z.core.$ZodChecks['_zod']['def'];
    switch (def.check) {
      case 'greater_than': {
        const value = Number(def.value);
        min = Math.max(min, def.inclusive ? Math.ceil(value) : Math.floor(value) + 1);
        break;
      }
      case 'less_than': {
        const value = Number(def.value);
        max = Math.min(max, def.inclusive ? Math.floor(value) : Math.ceil(value) - 1);
        break;
      }
      case 'min_length':
        min = Math.max(min, def.minimum);
        break;
      case 'max_length':
        max = Math.min(max, def.maximum);
        break;
      case 'length_equals':
        [min, max] = [def.length, def.length];
        break;
      default:
        break;
    }
  }
  return { min, max };
}
