import type { z } from 'zod';
import { lowerCase } from './fields.ts';
import type { OperationsFor } from './operations-for.ts';

/** The field of this object that takes the mark of the action that creates a record, where the operator has named one. */
export function markerOf({ markerFields }: Pick<OperationsFor, 'markerFields'>, object: string): string | undefined {
  return Object.entries(markerFields).find(([name]) => lowerCase(name) === lowerCase(object))?.[1];
}

/** Refuses input that writes this field: an agent that could would make another action look done. */
export function writesNoMark<I extends { readonly object: string }>(
  environment: OperationsFor,
  fieldsOf: (input: I) => readonly string[],
): (input: I, context: z.RefinementCtx) => void {
  return (input, context) => {
    const marker = markerOf(environment, input.object);
    if (marker === undefined || !fieldsOf(input).some((name) => lowerCase(name) === lowerCase(marker))) return;
    context.addIssue({
      code: 'custom',
      path: [],
      message: `${marker} takes the mark of an action; nobody else writes it`,
    });
  };
}
