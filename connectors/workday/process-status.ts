import { z } from 'zod';
import type { ExecutionContext, ProbeResult } from '../../src/connector/contract.ts';
import { path } from '../../src/connector/http/path.ts';
import { instance } from './fields.ts';
import { readBack } from './read-back.ts';

/**
 * What the name of a status says about the process. `Successfully Completed`, `Denied` and `Terminated` are [spec]
 * (`overallStatus`), `Draft` for documents too (`Can only submit Expense Reports that are in Draft Status`); the others
 * are from memory. Names are in the language of the integration user, which must be English.
 */
const MEANING: Readonly<Record<string, 'applied' | 'not-applied' | 'running'>> = {
  'successfully completed': 'applied',
  approved: 'applied',
  paid: 'applied',
  'in progress': 'running',
  submitted: 'running',
  'waiting on approval': 'running',
  denied: 'not-applied',
  terminated: 'not-applied',
  canceled: 'not-applied',
  cancelled: 'not-applied',
  rescinded: 'not-applied',
  draft: 'not-applied',
};

/** How far a business process or document is, by the name of its status; an unknown name settles nothing. */
export function progressOf(descriptor: string | undefined): ProbeResult {
  const status = MEANING[descriptor?.toLowerCase() ?? ''];
  return status === undefined
    ? {
        status: 'undetermined',
        detail: `Workday names the status ${JSON.stringify(descriptor ?? '')}, which the connector does not know.`,
      }
    : { status };
}

const event = z.object({ status: instance.optional() });

/** How far a business process event is. */
export async function probeEvent(tenant: string, eventId: string, context: ExecutionContext): Promise<ProbeResult> {
  const call = { method: 'GET', path: path`/ccx/api/businessProcess/v1/${tenant}/events/${eventId}` } as const;
  const found = await readBack({ call, schema: event }, context);
  if (found.kind !== 'found') return { status: 'undetermined', detail: `The event cannot be read: ${found.detail}` };
  const progress = progressOf(found.value.status?.descriptor);
  return progress.status === 'applied' ? { status: 'applied', result: { eventId } } : progress;
}

/** The event id in the handle of an accepted action. */
export function eventIdIn(handle: { readonly [key: string]: unknown } | undefined): string | undefined {
  const eventId = handle?.['eventId'];
  return typeof eventId === 'string' ? eventId : undefined;
}
