import { z } from 'zod';
import type { JsonObject } from '../../src/lib/json.ts';
import { freeText, reference, workdayId } from './fields.ts';

/** The action "Submit", which hands the process to its approvers: "You must specify the submit action WID" [spec]. */
export const SUBMIT_ACTION = 'd9e4223e446c11de98360015c5e6daf6';

/** `businessProcessParameters` as REST has it: the action that starts the process, and a comment. */
export const businessProcess = z.strictObject({
  /** Any action but Submit counts as one that skips approvals. */
  actionId: workdayId.default(SUBMIT_ACTION),
  comment: freeText(2_000).optional(),
});

/** With the switch that SOAP calls `Auto_Complete`. */
export const businessProcessWithAutoComplete = businessProcess.extend({
  /** Approves every approval, passes over every review and to-do, and silences every notification. */
  autoComplete: z.boolean().default(false),
});

type BusinessProcess = z.output<typeof businessProcess> & { readonly autoComplete?: boolean | undefined };

/** Whether the process would run without the people who should approve it; what is not known to ask them counts. */
export function skipsApprovals(parameters: BusinessProcess | undefined): boolean {
  if (parameters === undefined) return false;
  return parameters.autoComplete === true || parameters.actionId !== SUBMIT_ACTION;
}

/** The part of a request body, or nothing: an absent parameter starts the process as a person would. */
export function businessProcessBody(parameters: BusinessProcess | undefined): JsonObject {
  if (parameters === undefined) return {};
  const { actionId, comment, autoComplete } = parameters;
  return {
    businessProcessParameters: {
      action: reference(actionId),
      ...(comment !== undefined && { comment }),
      ...(autoComplete === true && { autoComplete }),
    },
  };
}
