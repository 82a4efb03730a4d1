import { z } from 'zod';
import type { Effect } from '../../src/action/effect.ts';
import type { AnyOperation, Evidence, Execute, ExecutionResult } from '../../src/connector/contract.ts';
import { writeOperation } from '../../src/connector/contract.ts';
import type { HttpResult } from '../../src/connector/http/http-client.ts';
import { failedOf } from '../../src/connector/http/http-execution.ts';
import { withMark } from './action-mark.ts';
import { eventRef } from './event.ts';
import { day, freeText, workdayId } from './fields.ts';
import { findMarkedEvent } from './find-event.ts';
import { eventIdIn, probeEvent } from './process-status.ts';
import type { SendSoap } from './soap-client.ts';
import { byWid, type Element, elements } from './soap-envelope.ts';
import { all, at, readXml, textOf } from './soap-reply.ts';

/** `Business_Process_Parameters` [spec]. Each switch takes people out of the process, or out of its way. */
const businessProcess = z.strictObject({
  /** Approves every approval, passes over every review and to-do, and silences every notification. */
  autoComplete: z.boolean().default(false),
  /** Runs to its end before it answers. */
  runNow: z.boolean().default(false),
  comment: freeText(2_000).optional(),
});

/** Sub-processes that each request has, in the order of the schema. */
const TERMINATION_STEPS = {
  'request-one-time-payment': 'Request_One_Time_Payment_Sub_Process',
  'review-cobra-eligibility': 'Review_COBRA_Eligibility_Sub_Process',
  'review-payroll-interface': 'Review_Payroll_Interface_Event_Sub_Process',
  'edit-service-dates': 'Edit_Service_Dates_Sub_Process',
} as const;
const CONTRACT_STEPS = {
  'assign-organization-roles': 'Assign_Organization_Roles_Sub_Process',
  'create-job-requisition': 'Create_Job_Requisition_Sub_Process',
} as const;

/** What ending any kind of work has in common. */
const ending = {
  workerId: workdayId,
  /** The day on which it takes effect; it may lie in the past. */
  endDate: day,
  lastDayOfWork: day.optional(),
  reasonId: workdayId,
  notEligibleForRehire: z.boolean().optional(),
  closePosition: z.boolean().optional(),
  businessProcess: businessProcess.optional(),
};

const terminateInput = z.strictObject({
  ...ending,
  payThroughDate: day.optional(),
  notificationDate: day.optional(),
  /** Steps that are left out although the process has them. */
  skipSteps: z
    .array(z.enum(keysOf(TERMINATION_STEPS)))
    .max(4)
    .default([]),
});
const endContractInput = z
  .strictObject({
    ...ending,
    skipSteps: z
      .array(z.enum(keysOf(CONTRACT_STEPS)))
      .max(2)
      .default([]),
  })
  .omit({ notEligibleForRehire: true });

type Terminate = z.output<typeof terminateInput>;
type EndContract = z.output<typeof endContractInput>;
type Ending = Pick<Terminate, 'workerId' | 'endDate' | 'businessProcess'> & { readonly skipSteps: readonly string[] };

/** The keys of a constant. */
function keysOf<T extends string>(of: Readonly<Record<T, string>>): [T, ...T[]] {
  return Object.keys(of) as [T, ...T[]]; // no object here is empty
}

function skips({ businessProcess: parameters, skipSteps }: Ending): boolean {
  return parameters?.autoComplete === true || parameters?.runNow === true || skipSteps.length > 0;
}

function effectOf(input: Ending): Effect {
  const kind = skips(input) ? 'privilege' : 'delete';
  return { kind, reversible: 'no', external: false, privileged: true, count: 1, dataClasses: ['hr'] };
}

/** The comment carries the action's mark, by which a read-back finds the event, and people see which action began it. */
function parametersOf({ businessProcess: parameters }: Ending, actionId: string): readonly Element[] {
  return elements({
    Auto_Complete: parameters?.autoComplete === true ? true : undefined,
    Run_Now: parameters?.runNow === true ? true : undefined,
    Comment_Data: elements({ Comment: withMark(parameters?.comment, actionId) }),
  });
}

function skipped(steps: Readonly<Record<string, string>>, left: readonly string[]): readonly Element[] {
  const parameters = elements({ Business_Sub_Process_Parameters: elements({ Skip: true }) });
  return Object.entries(steps).flatMap(([step, name]) => (left.includes(step) ? [{ name, content: parameters }] : []));
}

function terminateRequest(input: Terminate, actionId: string): Element {
  const event = elements({
    Last_Day_of_Work: input.lastDayOfWork,
    Primary_Reason_Reference: byWid(input.reasonId),
    Pay_Through_Date: input.payThroughDate,
    Notification_Date: input.notificationDate,
    Not_Eligible_for_Rehire: input.notEligibleForRehire,
    Close_Position: input.closePosition,
  });
  const data = elements({
    Employee_Reference: byWid(input.workerId),
    Termination_Date: input.endDate,
    Terminate_Event_Data: event,
  });
  return {
    name: 'Terminate_Employee_Request',
    content: elements({
      Business_Process_Parameters: parametersOf(input, actionId),
      Terminate_Employee_Data: [...data, ...skipped(TERMINATION_STEPS, input.skipSteps)],
    }),
  };
}

function endContractRequest(input: EndContract, actionId: string): Element {
  const event = elements({
    Last_Day_of_Work: input.lastDayOfWork,
    Primary_Reason_Reference: byWid(input.reasonId),
    Close_Position: input.closePosition,
  });
  const data = elements({
    Contingent_Worker_Reference: byWid(input.workerId),
    Contract_End_Date: input.endDate,
    End_Contract_Event_Data: event,
  });
  return {
    name: 'End_Contingent_Worker_Contract_Request',
    content: elements({
      Business_Process_Parameters: parametersOf(input, actionId),
      End_Contingent_Worker_Contract_Data: [...data, ...skipped(CONTRACT_STEPS, input.skipSteps)],
    }),
  };
}

function start<I>(send: SendSoap, responseName: string, request: (input: I, actionId: string) => Element): Execute<I> {
  return async (input, { actionId, signal }) => startedBy(await send(request(input, actionId), signal), responseName);
}

/** The event that was started; an answer without one settles nothing, because the process may have begun. */
function startedBy(result: HttpResult, responseName: string): ExecutionResult {
  if (!result.ok) return failedOf(result, false);
  const response = at(readXml(result.reply.body), 'Envelope', 'Body', responseName);
  const ids = all(at(response, 'Event_Reference'), 'ID');
  const eventId = workdayId.safeParse(textOf(ids.find((id) => at(id, '@type') === 'WID')));
  if (eventId.success)
    return { status: 'accepted', result: { eventId: eventId.data }, handle: { eventId: eventId.data } };
  const detail = 'Workday answered without the event that it should have started.';
  return { status: 'unknown', code: 'RESPONSE_UNEXPECTED', detail };
}

const EVIDENCE: readonly Evidence[] = [
  {
    mark: 'spec',
    source:
      'Staffing WSDL, as classes generated from it show: elements and their order, Business_Process_Parameters {Auto_Complete, Run_Now, Comment_Data}, Business_Sub_Process_Parameters {Auto_Complete, Skip}, Event_Reference in the response',
  },
  {
    mark: 'spec',
    source: 'Auto_Complete approves all, passes over reviews and to-dos and silences notifications',
  },
  {
    mark: 'spec',
    source: 'businessProcess v1 GET /events, GET /events/{id} and GET /events/{id}/comments to read it back',
  },
  {
    mark: 'mem',
    source:
      'The Workday ID of Event_Reference is the id of the same event over REST, and Comment_Data stands among its comments; unverified',
  },
];

interface Declared<I extends z.ZodObject> {
  readonly name: string;
  readonly description: string;
  readonly input: I;
  readonly responseName: string;
  readonly request: (input: z.output<I>, actionId: string) => Element;
  readonly undo: string;
}

/** Both ways to end work differ in their elements only. */
function endingOperation<I extends typeof terminateInput | typeof endContractInput>(
  tenant: string,
  send: SendSoap,
  declared: Declared<I>,
): AnyOperation {
  const { name, description, input } = declared;
  return writeOperation({
    name,
    description,
    input,
    output: z.object({ eventId: z.string() }),
    facets: {
      schema: z.object({ approvalsSkipped: z.boolean() }),
      of: (given) => ({ approvalsSkipped: skips(given) }),
    },
    resourceTypes: ['Workday::Worker'],
    resources: ({ workerId }) => [{ type: 'Workday::Worker', id: workerId, labels: ['hr', 'pii'] }],
    touched: ({ eventId }) => [eventRef(eventId)],
    provenance: { arguments: { workerId: 'target', endDate: 'date', businessProcess: 'flag', skipSteps: 'flag' } },
    effectKinds: ['delete', 'privilege'],
    effect: effectOf,
    repeat: {
      class: 'at-most-once',
      evidence: { mark: 'spec', source: `Staffing WSDL: ${declared.request.name} has no key of the caller's` },
    },
    execute: start(send, declared.responseName, declared.request),
    probe: ({ workerId, endDate }, context) => {
      const eventId = eventIdIn(context.handle);
      return eventId === undefined
        ? findMarkedEvent(tenant, { workerId, effective: endDate }, context)
        : probeEvent(tenant, eventId, context);
    },
    undo: { none: declared.undo },
    evidence: EVIDENCE,
  });
}

export function staffingOperations(tenant: string, send: SendSoap): readonly AnyOperation[] {
  return [
    endingOperation(tenant, send, {
      name: 'workday.worker.terminate',
      description:
        "Ends an employee's employment by a business process; with autoComplete, runNow or skipped steps people who should have a say have none.",
      input: terminateInput,
      responseName: 'Terminate_Employee_Event_Response',
      request: terminateRequest,
      undo: 'A termination can be rescinded only by people, and what followed from it (pay, access, benefits) stays.',
    }),
    endingOperation(tenant, send, {
      name: 'workday.worker.end-contract',
      description:
        "Ends a contingent worker's contract by a business process; with autoComplete, runNow or skipped steps people who should have a say have none.",
      input: endContractInput,
      responseName: 'End_Contingent_Worker_Contract_Response',
      request: endContractRequest,
      undo: 'An ended contract can be rescinded only by people, and what followed from it stays.',
    }),
  ];
}
