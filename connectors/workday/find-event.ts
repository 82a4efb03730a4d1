import { z } from 'zod';
import type { ExecutionContext, ProbeResult } from '../../src/connector/contract.ts';
import { path } from '../../src/connector/http/path.ts';
import { readPages } from './read-pages.ts';

const events = z.object({
  nextOffset: z.int().optional(),
  events: z.array(z.object({ effectiveDate: z.string().optional() })),
});

interface Wanted {
  readonly workerId: string;
  /** The day on which the change takes effect. */
  readonly effective: string;
  /** In words for people: `a job change`. */
  readonly what: string;
}

/** Nothing that is listed carries the action's mark, so an event of that day may be anybody's; only absence is proof. */
export async function findEvent(
  tenant: string,
  { workerId, effective, what }: Wanted,
  context: ExecutionContext,
): Promise<ProbeResult> {
  const call = {
    method: 'GET',
    path: path`/ccx/api/businessProcess/v1/${tenant}/events`,
    query: { worker: workerId },
  } as const;
  const answer = await readPages({ call, limit: 1_000, offset: 0, as: 'events' }, context);
  const read = answer.status === 'succeeded' ? events.safeParse(answer.result) : undefined;
  if (!read?.success || read.data.nextOffset !== undefined) {
    return { status: 'undetermined', detail: "The worker's business process events cannot be read in full." };
  }
  if (!read.data.events.some((event) => event.effectiveDate === effective)) return { status: 'not-applied' };
  return {
    status: 'undetermined',
    detail: `The worker has a business process event of that effective date; ${what} carries no mark that says whose it is.`,
  };
}
