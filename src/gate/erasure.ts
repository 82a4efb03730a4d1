import { z } from 'zod';
import type { Erasure } from '../action/view.ts';
import { BOUNDS } from '../lib/bounds.ts';
import { InterlockError } from '../lib/errors.ts';
import type { Workflows } from '../workflow/workflows.ts';
import { parsed } from './parsed.ts';

/** Surfaces use the same schema. */
export const eraseRequestSchema = z.strictObject({
  before: z
    .int()
    .min(0)
    .optional()
    .describe('Only what happened before, in ms since 1970; the workflow is closed all the same.'),
  reason: z.string().trim().min(1).max(BOUNDS.textLength),
});

export type EraseRequest = z.input<typeof eraseRequestSchema>;

export interface Erased extends Pick<Erasure, 'from' | 'to'> {
  readonly version: number;
}

/**
 * Takes away what the payloads of a workflow say, and closes it; the chain still verifies. Throws NOT_FOUND, WORKFLOW_OPEN
 * while an action is held or has no known outcome, and INVALID_CALL where nothing is that old.
 */
export async function eraseWorkflow(
  { workflows }: { readonly workflows: Workflows },
  by: { readonly tenant: string; readonly id: string },
  workflow: string,
  request: EraseRequest,
): Promise<Erased> {
  const { before, reason } = parsed(eraseRequestSchema, request);
  if (workflows.log.erasable === undefined)
    throw new InterlockError('INVALID_CALL', 'this log cannot take anything away');
  const stream = { tenant: by.tenant, workflow };
  const live = await workflows.fresh(stream);
  const last = before === undefined ? undefined : await lastBefore(workflows, stream, before);
  const { result, version, durable } = await live.commit(
    (view) => {
      if (view.open > 0) throw new InterlockError('WORKFLOW_OPEN');
      const range = { from: 1, to: last ?? view.version };
      // Behind an erasure there is nothing but its own event.
      if (view.erased !== undefined && view.erased.to >= (last ?? view.version - 1))
        return { events: [], result: view.erased };
      return { events: [{ type: 'payloads.erased', payload: { ...range, by: by.id, reason } }], result: range };
    },
    undefined,
    true,
  );
  await durable;
  return { version, from: result.from, to: result.to };
}

async function lastBefore(workflows: Workflows, stream: Parameters<Workflows['load']>[0], before: number) {
  const last = (await workflows.log.read(stream)).findLast(({ at }) => at < before);
  if (last === undefined) throw new InterlockError('INVALID_CALL', 'nothing in this workflow is that old');
  return last.seq;
}
