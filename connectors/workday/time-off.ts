import { z } from 'zod';
import type { AnyOperation, Evidence, Execute, Probe } from '../../src/connector/contract.ts';
import { writeOperation } from '../../src/connector/contract.ts';
import { httpExecution } from '../../src/connector/http/http-execution.ts';
import { path } from '../../src/connector/http/path.ts';
import { carriesMark, withMark } from './action-mark.ts';
import { businessProcess, businessProcessBody, skipsApprovals } from './business-process.ts';
import { eventRef } from './event.ts';
import { day, decimal, freeText, instance, reference, workdayId } from './fields.ts';
import { eventIdIn, probeEvent, progressOf } from './process-status.ts';
import { readPages } from './read-pages.ts';

const timeOff = z.strictObject({
  workerId: workdayId,
  days: z
    .array(
      z.strictObject({
        date: day,
        timeOffTypeId: workdayId,
        /** Hours or days, as the type counts them. */
        dailyQuantity: decimal,
        reasonId: workdayId.optional(),
        positionId: workdayId.optional(),
        comment: freeText(1_000).optional(),
      }),
    )
    .min(1)
    .max(100),
  businessProcess: businessProcess.optional(),
});
type TimeOff = z.output<typeof timeOff>;

const requested = z.object({
  businessProcessParameters: z.object({ overallBusinessProcess: z.object({ id: workdayId }) }),
});

const eventIdOf = (body: unknown) => requested.parse(body).businessProcessParameters.overallBusinessProcess.id;

/** What is published about a second call. */
const ONCE: Evidence = {
  mark: 'spec',
  source: 'absenceManagement v1 takes no key; A1032 refuses a second entry for the same type and date',
};

function requestDays(tenant: string): Execute<TimeOff> {
  return httpExecution({
    request: (input, { actionId }) => ({
      method: 'POST',
      path: path`/ccx/api/absenceManagement/v1/${tenant}/workers/${input.workerId}/requestTimeOff`,
      body: {
        days: input.days.map((each) => dayBody(each, actionId)),
        ...businessProcessBody(input.businessProcess ?? SUBMITTED),
      },
    }),
    repeatable: false,
    result: (reply) => ({ eventId: eventIdOf(reply.body) }),
    accepted: (reply) => ({ eventId: eventIdOf(reply.body) }),
  });
}

const EVIDENCE: readonly Evidence[] = [
  {
    mark: 'spec',
    source:
      'absenceManagement v1 POST /workers/{id}/requestTimeOff: days, businessProcessParameters {action} with the submit action’s id',
  },
  {
    mark: 'spec',
    source:
      'A219 "The business process action isn’t valid": which other actions are is not described, so each counts as one that skips approvals',
  },
];

export function timeOffOperations(tenant: string): readonly AnyOperation[] {
  return [
    writeOperation({
      name: 'workday.time-off.request',
      description: 'Requests days off for a worker, starting a business process that asks the approvers.',
      input: timeOff,
      output: z.object({ eventId: z.string() }),
      facets: {
        schema: z.object({ approvalsSkipped: z.boolean() }),
        of: (input) => ({ approvalsSkipped: skipsApprovals(input.businessProcess) }),
      },
      resourceTypes: ['Workday::Worker'],
      resources: ({ workerId }) => [{ type: 'Workday::Worker', id: workerId, labels: ['hr', 'pii'] }],
      effectKinds: ['create', 'privilege'],
      effect: (input) => ({
        kind: skipsApprovals(input.businessProcess) ? 'privilege' : 'create',
        reversible: 'no',
        external: false,
        privileged: skipsApprovals(input.businessProcess),
        count: input.days.length,
        dataClasses: ['hr'],
      }),
      repeat: { class: 'at-most-once', evidence: ONCE },
      touched: ({ eventId }) => [eventRef(eventId)],
      execute: requestDays(tenant),
      probe: (input, context) => {
        const eventId = eventIdIn(context.handle);
        return eventId === undefined ? findDays(tenant)(input, context) : probeEvent(tenant, eventId, context);
      },
      undo: { none: 'REST has no call to cancel or correct time off.' },
      evidence: EVIDENCE,
    }),
  ];
}

const SUBMITTED = businessProcess.parse({});

function dayBody(
  { date, timeOffTypeId, dailyQuantity, reasonId, positionId, comment }: TimeOff['days'][number],
  actionId: string,
) {
  return {
    date,
    timeOffType: reference(timeOffTypeId),
    dailyQuantity: Number(dailyQuantity),
    comment: withMark(comment, actionId),
    ...(reasonId !== undefined && { reason: reference(reasonId) }),
    ...(positionId !== undefined && { position: reference(positionId) }),
  };
}

const entry = z.object({ comment: z.string().optional(), status: instance.optional() });
const entries = z.object({ nextOffset: z.int().optional(), entries: z.array(entry) });

/** Each requested day carries the mark in its comment, and Workday keeps at most one entry per type and date. */
function findDays(tenant: string): Probe<TimeOff> {
  return async ({ workerId, days }, context) => {
    const dates = days.map(({ date }) => date).sort();
    const call = {
      method: 'GET',
      path: path`/ccx/api/absenceManagement/v1/${tenant}/workers/${workerId}/timeOffDetails`,
      query: { fromDate: dates[0], toDate: dates.at(-1) },
    } as const;
    const answer = await readPages({ call, limit: 1_000, offset: 0, as: 'entries' }, context);
    const read = answer.status === 'succeeded' ? entries.safeParse(answer.result) : undefined;
    if (!read?.success) return { status: 'undetermined', detail: "The worker's time off cannot be read." };
    const own = read.data.entries.find(({ comment }) => carriesMark(comment, context.actionId));
    if (own !== undefined) return progressOf(own.status?.descriptor);
    if (read.data.nextOffset !== undefined)
      return { status: 'undetermined', detail: "The worker's time off cannot be read in full." };
    return { status: 'not-applied' };
  };
}
