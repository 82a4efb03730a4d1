import { z } from 'zod';
import type { Effect } from '../../src/action/effect.ts';
import type { ResourceRef } from '../../src/action/resource.ts';
import type { AnyOperation, Probe } from '../../src/connector/contract.ts';
import { readOperation, writeOperation } from '../../src/connector/contract.ts';
import { httpExecution } from '../../src/connector/http/http-execution.ts';
import { path } from '../../src/connector/http/path.ts';
import type { JsonObject } from '../../src/lib/json.ts';
import { carriesMark, withMark } from './action-mark.ts';
import { eventRef } from './event.ts';
import { freeText, instance, paging, reference, workdayId } from './fields.ts';
import { readBack } from './read-back.ts';
import { readPages } from './read-pages.ts';

const comments = z.array(
  z.object({ comment: z.string().optional(), commentDate: z.string().optional(), person: instance.optional() }),
);

const step = z.object({
  id: z.string(),
  descriptor: z.string().optional(),
  event: instance.optional(),
  overallProcess: instance.optional(),
  businessProcessStep: instance.optional(),
  stepType: instance.optional(),
  status: instance.optional(),
  awaitingPersons: z.array(instance).optional(),
  completedByPerson: instance.optional(),
  creationDate: z.string().optional(),
  completedDate: z.string().optional(),
  dueDate: z.string().optional(),
  comments: comments.optional(),
});

/** Each step names up to three things, and one answer may name no more than `BOUNDS.touchedResources`. */
const MOST_STEPS = 500;

/** The step, and the processes whose texts and comments show in it. */
function stepRefs({ id, event, overallProcess }: z.output<typeof step>): readonly ResourceRef[] {
  const processes = [event, overallProcess].filter((found) => found !== undefined);
  return [{ type: 'Workday::EventStep', id }, ...processes.map((process) => eventRef(process.id))];
}

export function eventStepOperations(tenant: string): readonly AnyOperation[] {
  return [listOperation(tenant), approveOperation(tenant), denyOperation(tenant), sendBackOperation(tenant)];
}

function listOperation(tenant: string): AnyOperation {
  return readOperation({
    name: 'workday.event-step.list',
    description:
      'Lists steps of business processes with who must act and what people commented; of one event, the steps in progress.',
    input: z.strictObject({
      eventId: workdayId.optional(),
      ...paging,
      limit: z.int().min(1).max(MOST_STEPS).default(100),
    }),
    output: z.object({ total: z.int(), nextOffset: z.int().optional(), steps: z.array(step) }),
    resourceTypes: ['Workday::Event', 'Workday::EventStep'],
    resources: ({ eventId }) =>
      eventId === undefined ? [{ type: 'Workday::EventStep', id: 'eventSteps' }] : [eventRef(eventId)],
    labels: () => ['hr', 'pii', 'untrusted'],
    touched: ({ steps }) => steps.flatMap(stepRefs),
    execute: ({ eventId, limit, offset }, context) => {
      const collection =
        eventId === undefined
          ? path`/ccx/api/businessProcess/v1/${tenant}/eventSteps`
          : path`/ccx/api/businessProcess/v1/${tenant}/events/${eventId}/inProgressSteps`;
      return readPages({ call: { method: 'GET', path: collection }, limit, offset, as: 'steps' }, context);
    },
    evidence: [{ mark: 'spec', source: 'businessProcess v1 GET /eventSteps and GET /events/{id}/inProgressSteps' }],
  });
}

interface Answer<I extends z.ZodObject> {
  readonly verb: 'approve' | 'deny' | 'send-back';
  readonly description: string;
  readonly input: I;
  /** The last segment of the vendor's path. */
  readonly segment: string;
  readonly body: (input: z.output<I>, actionId: string) => JsonObject;
  readonly undo: string;
  readonly evidence: string;
}

/** An answer to a step that waits for somebody: the checker's half of maker and checker. */
function answerOperation<I extends z.ZodObject<{ stepId: typeof workdayId }>>(
  tenant: string,
  answer: Answer<I>,
): AnyOperation {
  return writeOperation({
    name: `workday.event-step.${answer.verb}`,
    description: answer.description,
    input: answer.input,
    output: z.object({ stepId: z.string(), status: z.string().optional() }),
    resourceTypes: ['Workday::EventStep'],
    resources: (input) => [{ type: 'Workday::EventStep', id: input.stepId }],
    effectKinds: ['privilege'],
    effect: () => CHECKER_EFFECT,
    repeat: {
      class: 'at-most-once',
      evidence: {
        mark: 'spec',
        source: 'businessProcess v1 A212: "This event step is not awaiting your action" refuses a second answer',
      },
    },
    execute: httpExecution({
      request: (input, { actionId }) => ({
        method: 'POST',
        path: path`/ccx/api/businessProcess/v1/${tenant}/eventSteps/${input.stepId}/${answer.segment}`,
        body: { id: input.stepId, ...answer.body(input, actionId) },
      }),
      repeatable: false,
      result: (reply, input) => ({ stepId: input.stepId, status: answered.parse(reply.body).eventStatus?.descriptor }),
    }),
    probe: findAnswer(tenant),
    undo: { none: answer.undo },
    evidence: [{ mark: 'spec', source: answer.evidence }],
  });
}

const CHECKER_EFFECT: Effect = {
  kind: 'privilege',
  reversible: 'no',
  external: false,
  privileged: true,
  count: 1,
  dataClasses: ['hr'],
};

const answered = z.object({ eventStatus: instance.optional() });

function approveOperation(tenant: string): AnyOperation {
  return answerOperation(tenant, {
    verb: 'approve',
    description:
      "Approves a step of a business process in the integration user's name: the second pair of eyes that Workday asked for.",
    input: z.strictObject({ stepId: workdayId, comment: freeText(2_000) }),
    segment: 'approve',
    body: ({ comment }, actionId) => ({ comment: withMark(comment, actionId) }),
    undo: 'An approval cannot be taken back over REST, and the last one makes the change take effect.',
    evidence: 'businessProcess v1 POST /eventSteps/{id}/approve: "specify these required fields: id, comment"',
  });
}

function denyOperation(tenant: string): AnyOperation {
  return answerOperation(tenant, {
    verb: 'deny',
    description: 'Denies a step of a business process, which ends it for its maker.',
    input: z.strictObject({ stepId: workdayId, comment: freeText(2_000), stepActionId: workdayId.optional() }),
    segment: 'deny',
    body: ({ comment, stepActionId }, actionId) => ({
      comment: withMark(comment, actionId),
      ...(stepActionId !== undefined && { stepAction: reference(stepActionId) }),
    }),
    undo: 'A denied process has ended; its maker must start another one.',
    evidence: 'businessProcess v1 POST /eventSteps/{id}/deny: id, comment, and stepAction where there are several',
  });
}

function sendBackOperation(tenant: string): AnyOperation {
  return answerOperation(tenant, {
    verb: 'send-back',
    description: 'Sends a business process back to an earlier step, to be changed and submitted again.',
    input: z.strictObject({ stepId: workdayId, reason: freeText(2_000), toStepId: workdayId }),
    segment: 'sendBack',
    body: ({ reason, toStepId }, actionId) => ({ reason: withMark(reason, actionId), to: reference(toStepId) }),
    undo: 'Only whoever it was sent back to can submit it again.',
    evidence: 'businessProcess v1 POST /eventSteps/{id}/sendBack: requires reason and to',
  });
}

/** Looks for the comment that carries the action's mark on the step. */
function findAnswer(tenant: string): Probe<{ readonly stepId: string }> {
  return async ({ stepId }, context) => {
    const call = { method: 'GET', path: path`/ccx/api/businessProcess/v1/${tenant}/eventSteps/${stepId}` } as const;
    const found = await readBack({ call, schema: step }, context);
    if (found.kind !== 'found') return { status: 'undetermined', detail: `The step cannot be read: ${found.detail}` };
    const { completedDate, comments: made = [], status } = found.value;
    if (made.some(({ comment }) => carriesMark(comment, context.actionId))) {
      return { status: 'applied', result: { stepId, status: status?.descriptor } };
    }
    if (completedDate === undefined) return { status: 'not-applied' };
    return {
      status: 'undetermined',
      detail: 'Somebody has answered the step, and no comment on it carries the mark of this action.',
    };
  };
}
