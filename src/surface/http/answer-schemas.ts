import { z } from 'zod';
import { EFFECT_KINDS, effectSchema } from '../../action/effect.ts';
import type { ResourceRef } from '../../action/resource.ts';
import type {
  Answer,
  ApprovalSummary,
  FreezeList,
  LiveEvent,
  OperationSummary,
  Quarantined,
  UndoReport,
  WorkflowDetail,
  WorkflowGraph,
  WorkflowSummary,
} from '../../gate/answers.ts';
import type { Erased } from '../../gate/erasure.ts';
import type { OpenedSession } from '../../gate/requests.ts';
import type { Digest } from '../../lib/digest.ts';
import type { ERRORS } from '../../lib/errors.ts';
import { errorCode } from './problem.ts';
import { json, jsonObject, limits, user } from './request-schemas.ts';

/** What the server answers, described once; `satisfies` keeps every description true to the gate's own types. */

const count = z.int().min(0);
const at = z.int().describe('Milliseconds since 1970.');
export const digest = z.templateLiteral(['sha256:', z.string().regex(/^[0-9a-f]{64}$/)]) satisfies z.ZodType<Digest>;
export const decisionKind = z.enum(['allow', 'deny', 'modify', 'step_up', 'defer']);
export const actionState = z.enum(['denied', 'held', 'executing', 'permitted', 'completed']);
const outcomeStatus = z.enum(['succeeded', 'failed', 'accepted', 'unknown']);
const effectKind = z.enum(EFFECT_KINDS);

export const reason = z.strictObject({
  policy: z.string().describe("The policy, or the code of Interlock's own rule."),
  title: z.string().describe('One plain sentence.'),
  severity: z.string().optional(),
  part: z.int().min(1).optional().describe('The part of a batch that it is about, from 1.'),
});

export const transformation = z.union([
  z.strictObject({ kind: z.enum(['redact', 'mask', 'drop']), path: z.string() }),
  z.strictObject({ kind: z.enum(['limit', 'cap']), path: z.string(), max: z.number() }),
]);

export const resourceRef = z.strictObject({
  type: z.templateLiteral([z.string(), '::', z.string()]),
  id: z.string(),
  attributes: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).exactOptional(),
  labels: z.array(z.string()).exactOptional(),
}) satisfies z.ZodType<ResourceRef>;

const outcome = z.strictObject({
  status: outcomeStatus,
  result: json.optional(),
  code: errorCode.optional(),
  detail: z.string().optional(),
  retryAfterMs: count.optional().describe('How long the system wanted to be left alone when it refused.'),
});

export const answer = z
  .strictObject({
    id: z.string(),
    decision: decisionKind,
    state: actionState,
    code: errorCode.optional(),
    hint: z.string().optional(),
    reasons: z.array(reason),
    obligations: z.array(transformation),
    input: jsonObject
      .optional()
      .describe('The final input, where it differs from what was sent or the caller executes.'),
    outcome: outcome.optional(),
    parts: z
      .array(
        z.strictObject({ id: z.string(), operation: z.string(), decision: decisionKind, outcome: outcome.optional() }),
      )
      .optional()
      .describe('Of a call that carries others: where each of them stands.'),
    approval: z.strictObject({ ids: z.array(z.string()), groups: z.array(z.string()), expiresAt: at }).optional(),
    waitingFor: z.array(z.string()).optional(),
    workflow: z.strictObject({ id: z.string(), version: count }),
    policySet: z.string(),
    digest: digest.optional(),
    durability: z.enum(['synced', 'relaxed', 'memory']),
  })
  .meta({ title: 'Answer' }) satisfies z.ZodType<Answer>;

export const approval = z
  .strictObject({
    id: z.string(),
    workflow: z.string(),
    action: z.string(),
    state: z.enum(['pending', 'approved', 'denied', 'consumed', 'superseded', 'expired']),
    group: z.string(),
    requestedAt: at,
    expiresAt: at,
    agent: z.string(),
    onBehalfOf: z.string(),
    mandate: z.string().optional(),
    operation: z.string(),
    input: jsonObject.describe('Exactly what will be executed.'),
    effect: effectSchema,
    resources: z.array(resourceRef),
    reasons: z.array(reason),
    digest: digest.describe('Of what was decided, shown here, and will be executed.'),
    answer: z.strictObject({ answer: z.enum(['approve', 'deny']), by: z.string(), reason: z.string() }).optional(),
  })
  .meta({ title: 'Approval' }) satisfies z.ZodType<ApprovalSummary>;

export const approvalList = z.strictObject({ approvals: z.array(approval) }).meta({ title: 'ApprovalList' });

export const version = z.strictObject({ version: count }).meta({ title: 'Version' });
export const openedWorkflow = z.strictObject({ id: z.string(), version: count }).meta({ title: 'OpenedWorkflow' });
export const openedSession = z
  .strictObject({
    session: z.string(),
    workflow: z.string(),
    agent: z.string(),
    token: z.string().describe('The bearer token of the agent. Shown once.'),
  })
  .meta({ title: 'OpenedSession' }) satisfies z.ZodType<OpenedSession>;

const workflowSummary = z.strictObject({
  id: z.string(),
  tenant: z.string(),
  version: count,
  head: digest.describe('Hash of the last event of the log.'),
  lastEventAt: at,
  open: count.describe('Actions that are held, executing or permitted.'),
  held: count,
}) satisfies z.ZodType<WorkflowSummary>;

export const workflowList = z.strictObject({ workflows: z.array(workflowSummary) }).meta({ title: 'WorkflowList' });

export const workflowDetail = workflowSummary
  .extend({
    openedAt: at,
    onBehalfOf: user,
    mandate: z.string().optional(),
    limits,
    frozen: z.boolean(),
    erased: z
      .strictObject({ from: count, to: count, by: z.string(), reason: z.string() })
      .describe('The payloads of these events were erased: nothing else is known of the workflow.')
      .optional(),
    quarantine: z
      .strictObject({ sessions: z.array(z.string()), resources: z.array(z.string()) })
      .describe('What descends from something that was revoked; records as JSON of type and id.'),
    counts: z.record(effectKind, count),
    tokens: count.describe('Of language models: taken, and reserved by what has not ended.'),
    denied: count,
    systems: z.array(z.string()),
    labels: z.array(z.string()),
    sessions: z.array(
      z.strictObject({
        id: z.string(),
        agent: z.string(),
        delegatedBy: z.string().optional(),
        revoked: z.boolean(),
        labels: z.array(z.string()),
        actions: count,
        denied: count,
      }),
    ),
    messages: z.array(z.strictObject({ from: z.string(), to: z.string(), kind: z.string(), at })),
    resources: z.array(
      z.strictObject({ type: z.string(), id: z.string(), read: count, written: count, denied: count }),
    ),
    actions: z.array(
      z.strictObject({
        id: z.string(),
        agent: z.string(),
        operation: z.string(),
        decision: decisionKind,
        state: actionState,
        outcome: outcomeStatus.optional(),
        at,
      }),
    ),
  })
  .meta({ title: 'WorkflowDetail' }) satisfies z.ZodType<WorkflowDetail>;

export const erasedWorkflow = z
  .strictObject({ version: count, from: count, to: count })
  .meta({ title: 'ErasedWorkflow' }) satisfies z.ZodType<Erased>;

export const freezeList = z
  .strictObject({ tenant: z.boolean(), agents: z.array(z.string()), systems: z.array(z.string()) })
  .meta({ title: 'Freezes' }) satisfies z.ZodType<FreezeList>;

export const quarantined = z
  .strictObject({
    version: count,
    sessions: z.array(z.string()),
    resources: z.array(z.string()).describe('JSON of type and id.'),
  })
  .meta({ title: 'Quarantined' }) satisfies z.ZodType<Quarantined>;

export const undoReport = z
  .strictObject({
    workflow: z.string(),
    steps: z
      .array(
        z.strictObject({
          action: z.string(),
          operation: z.string(),
          by: z.string().optional(),
          status: z.enum(['undone', 'refused', 'held', 'unknown', 'impossible']),
          detail: z.string(),
        }),
      )
      .describe('The latest effect first.'),
  })
  .meta({ title: 'UndoReport' }) satisfies z.ZodType<UndoReport>;

export const workflowGraph = z
  .strictObject({
    workflow: z.string(),
    version: count,
    nodes: z.array(
      z.strictObject({
        id: z.string(),
        kind: z.enum(['agent', 'user', 'credential', 'system', 'resource', 'approval']),
        name: z.string(),
        labels: z.array(z.string()),
      }),
    ),
    edges: z.array(
      z.strictObject({
        from: z.string(),
        to: z.string(),
        kind: z.enum([
          'read',
          'wrote',
          'denied',
          'delegated',
          'told',
          'used',
          'of',
          'let-in',
          'asked',
          'approved',
          'refused',
        ]),
        count,
      }),
    ),
    complete: z.boolean().describe('False where detail was forgotten at a bound.'),
  })
  .meta({ title: 'WorkflowGraph' }) satisfies z.ZodType<WorkflowGraph>;

export const operationList = z
  .strictObject({
    operations: z.array(
      z.strictObject({
        operation: z.string(),
        tool: z.string().describe('Its name as an MCP tool.'),
        system: z.string(),
        description: z.string(),
        activity: z.string(),
        kind: z.enum(['read', 'write']),
        effectKinds: z.array(z.string()),
        repeat: z.string(),
        inputSchema: jsonObject,
        outputSchema: jsonObject.optional(),
        annotations: z.strictObject({
          readOnlyHint: z.boolean(),
          destructiveHint: z.boolean(),
          idempotentHint: z.boolean(),
          openWorldHint: z.boolean(),
        }),
      }) satisfies z.ZodType<OperationSummary>,
    ),
  })
  .meta({ title: 'OperationList' });

export const liveEvent = z
  .strictObject({
    tenant: z.string(),
    workflow: z.string(),
    seq: z.int().min(1),
    at,
    type: z.enum([
      'workflow.opened',
      'session.opened',
      'session.revoked',
      'message.sent',
      'workflow.frozen',
      'workflow.thawed',
      'action.decided',
      'approval.answered',
      'action.completed',
      'label.endorsed',
      'fact.observed',
      'quarantine.set',
      'quarantine.lifted',
      'scope.frozen',
      'scope.thawed',
      'policy.activated',
      'payloads.erased',
      'policy.disagreed',
    ]),
    agent: z.string().optional(),
    operation: z.string().optional(),
    action: z.string().optional(),
    decision: decisionKind.optional(),
    outcome: outcomeStatus.optional(),
    text: z.string().describe('What happened, in plain words.'),
    reasons: z.array(reason),
    approval: z.string().optional(),
  })
  .meta({ title: 'LiveEvent' }) satisfies z.ZodType<LiveEvent>;

export const status = z.strictObject({ status: z.literal('ok') }).meta({ title: 'Status' });
export const errorEntry = z
  .strictObject({
    code: errorCode,
    status: z.int().min(400).max(599),
    title: z.string(),
    hint: z.string(),
    retryable: z.boolean(),
  })
  .meta({ title: 'ErrorEntry' }) satisfies z.ZodType<(typeof ERRORS)[keyof typeof ERRORS]>;
