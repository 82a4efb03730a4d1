import { z } from 'zod';
import type { Effect } from '../../src/action/effect.ts';
import type { AnyOperation, Evidence, Execute } from '../../src/connector/contract.ts';
import { writeOperation } from '../../src/connector/contract.ts';
import { httpExecution } from '../../src/connector/http/http-execution.ts';
import { path } from '../../src/connector/http/path.ts';
import { businessProcessBody, businessProcessWithAutoComplete, skipsApprovals } from './business-process.ts';
import { eventRef } from './event.ts';
import { day, reference, workdayId } from './fields.ts';
import { findAnyEvent } from './find-event.ts';
import { eventIdIn, probeEvent } from './process-status.ts';

/** A manager's team has no bound that the input knows; no employer has more workers than this. */
const WHOLE_WORKFORCE = 10_000_000;

const changeJob = z.strictObject({
  workerId: workdayId,
  /** The organization that the worker moves to. */
  supervisoryOrganizationId: workdayId,
  reasonId: workdayId,
  /** The day on which the change takes effect; it may lie in the past. */
  effective: day,
  /** Whether everybody who reports to the worker moves along. */
  moveManagersTeam: z.boolean().default(false),
  /** Company, cost centre and other organizations that the worker is assigned to. */
  proposedOrganizationIds: z.array(workdayId).max(20).optional(),
  businessProcess: businessProcessWithAutoComplete.optional(),
});
type ChangeJob = z.output<typeof changeJob>;

/** What is published about a second call. */
const ONCE: Evidence = {
  mark: 'spec',
  source:
    'common v1 POST /workers/{id}/jobChanges takes no key; a second one is refused only while the first is pending',
};

function startChange(tenant: string): Execute<ChangeJob> {
  return httpExecution({
    request: (input) => ({
      method: 'POST',
      path: path`/ccx/api/common/v1/${tenant}/workers/${input.workerId}/jobChanges`,
      body: {
        supervisoryOrganization: reference(input.supervisoryOrganizationId),
        jobChangeReason: reference(input.reasonId),
        effective: input.effective,
        moveManagersTeam: input.moveManagersTeam,
        ...(input.proposedOrganizationIds && { proposedOrganizations: input.proposedOrganizationIds.map(reference) }),
        ...businessProcessBody(input.businessProcess),
      },
    }),
    repeatable: false,
    result: (reply) => ({ eventId: created.parse(reply.body).id }),
    accepted: (reply) => ({ eventId: created.parse(reply.body).id }),
  });
}

const EVIDENCE: readonly Evidence[] = [
  {
    mark: 'spec',
    source:
      'common v1 POST /workers/{id}/jobChanges: supervisoryOrganization, jobChangeReason, effective, moveManagersTeam, proposedOrganizations',
  },
  {
    mark: 'spec',
    source:
      'SOAP Staffing: Business_Process_Parameters.Auto_Complete approves all, passes over to-dos and silences notifications',
  },
  {
    mark: 'mem',
    source:
      'No REST description names a field for Auto_Complete, nor businessProcessParameters for jobChanges; both are sent only when asked for, and a tenant that does not know them ignores or refuses them',
  },
  { mark: 'mem', source: 'The id that jobChanges answers is the id of the business process event' },
];

export function changeJobOperation(tenant: string): AnyOperation {
  return writeOperation({
    name: 'workday.worker.change-job',
    description:
      'Moves a worker to another organization and job, starting a business process that asks its approvers; with businessProcess.autoComplete nobody is asked or told.',
    input: changeJob,
    output: z.object({ eventId: z.string() }),
    facets: {
      schema: z.object({ approvalsSkipped: z.boolean() }),
      of: ({ businessProcess }) => ({ approvalsSkipped: skipsApprovals(businessProcess) }),
    },
    resourceTypes: ['Workday::Worker', 'Workday::Organization'],
    resources: ({ workerId, supervisoryOrganizationId }) => [
      { type: 'Workday::Worker', id: workerId, labels: ['hr', 'pii'] },
      { type: 'Workday::Organization', id: supervisoryOrganizationId },
    ],
    effectKinds: ['update', 'privilege'],
    effect: effectOfChangeJob,
    repeat: { class: 'at-most-once', evidence: ONCE },
    touched: ({ eventId }) => [eventRef(eventId)],
    execute: startChange(tenant),
    probe: (input, context) => {
      const eventId = eventIdIn(context.handle);
      const { workerId, effective } = input;
      return eventId === undefined
        ? findAnyEvent(tenant, { workerId, effective }, context)
        : probeEvent(tenant, eventId, context);
    },
    undo: {
      none: 'REST cannot rescind a job change; another change would start a new business process and stay in the history.',
    },
    evidence: EVIDENCE,
  });
}

const created = z.object({ id: workdayId });

function effectOfChangeJob(input: ChangeJob): Effect {
  const skipped = skipsApprovals(input.businessProcess);
  return {
    kind: skipped ? 'privilege' : 'update',
    reversible: 'no',
    external: false,
    privileged: skipped,
    count: input.moveManagersTeam ? WHOLE_WORKFORCE : 1,
    dataClasses: ['hr'],
  };
}
