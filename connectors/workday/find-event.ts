import { z } from 'zod';
import type { ExecutionContext, ProbeResult } from '../../src/connector/contract.ts';
import { path } from '../../src/connector/http/path.ts';
import { carriesMark } from './action-mark.ts';
import { workdayId } from './fields.ts';
import { probeEvent } from './process-status.ts';
import { readPages } from './read-pages.ts';

const events = z.object({
  nextOffset: z.int().optional(),
  events: z.array(z.object({ id: workdayId, effectiveDate: z.string().optional() })),
});
const comments = z.object({
  nextOffset: z.int().optional(),
  comments: z.array(z.object({ comment: z.string().optional() })),
});

interface Wanted {
  readonly workerId: string;
  /** The day on which the change takes effect. */
  readonly effective: string;
}

/** Ids of the worker's events of that day; undefined where they cannot be read in full. */
async function eventsOfDay(
  tenant: string,
  { workerId, effective }: Wanted,
  context: ExecutionContext,
): Promise<readonly string[] | undefined> {
  const call = {
    method: 'GET',
    path: path`/ccx/api/businessProcess/v1/${tenant}/events`,
    query: { worker: workerId },
  } as const;
  const answer = await readPages({ call, limit: 1_000, offset: 0, as: 'events' }, context);
  const read = answer.status === 'succeeded' ? events.safeParse(answer.result) : undefined;
  if (!read?.success || read.data.nextOffset !== undefined) return undefined;
  return read.data.events.filter(({ effectiveDate }) => effectiveDate === effective).map(({ id }) => id);
}

const UNREADABLE: ProbeResult = {
  status: 'undetermined',
  detail: "The worker's business process events cannot be read in full.",
};

/** A job change carries no mark, so an event of that day may be anybody's; only absence is proof. */
export async function findAnyEvent(tenant: string, wanted: Wanted, context: ExecutionContext): Promise<ProbeResult> {
  const found = await eventsOfDay(tenant, wanted, context);
  if (found === undefined) return UNREADABLE;
  if (found.length === 0) return { status: 'not-applied' };
  return {
    status: 'undetermined',
    detail:
      'The worker has a business process event of that effective date; a job change carries no mark that says whose it is.',
  };
}

/** Events of one day whose comments are read. */
const MOST_EVENTS = 10;

/** The event of that day on which a comment carries the action's mark, and how far it is. */
export async function findMarkedEvent(tenant: string, wanted: Wanted, context: ExecutionContext): Promise<ProbeResult> {
  const found = await eventsOfDay(tenant, wanted, context);
  if (found === undefined || found.length > MOST_EVENTS) return UNREADABLE;
  if (found.length === 0) return { status: 'not-applied' };
  for (const eventId of found) {
    const call = {
      method: 'GET',
      path: path`/ccx/api/businessProcess/v1/${tenant}/events/${eventId}/comments`,
    } as const;
    const answer = await readPages({ call, limit: 1_000, offset: 0, as: 'comments' }, context);
    const read = answer.status === 'succeeded' ? comments.safeParse(answer.result) : undefined;
    if (read?.data?.comments.some(({ comment }) => carriesMark(comment, context.actionId)) === true)
      return probeEvent(tenant, eventId, context);
  }
  return {
    status: 'undetermined',
    detail:
      'The worker has a business process event of that effective date, and no comment on it carries the mark of this action.',
  };
}
