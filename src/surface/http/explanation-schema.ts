import { z } from 'zod';
import { effectSchema } from '../../action/effect.ts';
import type { ActionDecided } from '../../action/event.ts';
import type { ActionView } from '../../action/view.ts';
import type { Explanation } from '../../gate/answers.ts';
import { actionState, answer, decisionKind, digest, reason, resourceRef, transformation } from './answer-schemas.ts';
import { errorCode } from './problem.ts';
import { json, jsonObject } from './request-schemas.ts';

/** Why an action was decided as it was, as GET /v1/actions/{id}/explanation tells it. */

const at = z.int().describe('Milliseconds since 1970.');

const requestedApproval = z.strictObject({
  kind: z.literal('approval'),
  id: z.string(),
  group: z.string(),
  withinMs: z.int(),
  expiresAt: at,
});

const decided = z.strictObject({
  action: z.string(),
  mode: z.enum(['run', 'decide']),
  session: z.string(),
  agent: z.string(),
  onBehalfOf: z.string(),
  operation: z.string(),
  activity: z.enum(['tool', 'data', 'model']),
  callDigest: digest,
  requested: jsonObject.describe('The input as the agent sent it.'),
  decision: decisionKind,
  code: errorCode.optional(),
  reasons: z.array(reason),
  policySet: z.string(),
  seen: z.int().describe('The version of the workflow that was seen.'),
  seenControls: z.int().optional().describe('The version of what is frozen in the tenant.'),
  signals: z.array(jsonObject).optional().describe('The signals that the policies read.'),
  input: jsonObject.optional(),
  resultObligations: z.array(transformation),
  digest: digest.optional(),
  effect: effectSchema.optional(),
  resources: z.array(resourceRef),
  labels: z.array(z.string()),
  approvals: z.array(requestedApproval),
  consumes: z.array(z.string()),
  deadline: at.optional(),
  retryAt: at.optional(),
  waitingFor: z.array(z.string()).optional(),
}) satisfies z.ZodType<ActionDecided>;

const completed = z.strictObject({
  action: z.string(),
  status: z.enum(['succeeded', 'failed', 'accepted', 'unknown']),
  result: json.optional(),
  resultDigest: digest.optional(),
  code: errorCode.optional(),
  detail: z.string().optional(),
  retryAfterMs: z.int().min(0).optional(),
  labels: z.array(z.string()),
  exposed: z.boolean(),
  resources: z.array(resourceRef.pick({ type: true, id: true })).optional(),
  handle: jsonObject.optional(),
  source: z.enum(['execution', 'caller', 'agent', 'read-back', 'restart', 'expiry']),
});

const answered = z.strictObject({
  approval: z.string(),
  answer: z.enum(['approve', 'deny']),
  by: z.string(),
  person: z.string().optional(),
  groups: z.array(z.string()),
  reason: z.string(),
});

const action = z.strictObject({
  id: z.string(),
  state: actionState,
  decided,
  firstDecidedAt: at,
  decidedAt: at,
  completed: completed.optional(),
  approvals: z.array(
    requestedApproval.extend({
      action: z.string(),
      digest,
      state: z.enum(['pending', 'approved', 'denied', 'consumed', 'superseded']),
      requestedAt: at,
      asked: decided.describe('The decision that asked: what the approver is shown.'),
      answer: answered.optional(),
    }),
  ),
}) satisfies z.ZodType<ActionView>;

export const explanation = z
  .strictObject({
    answer,
    action,
    policies: z.array(
      z.strictObject({
        id: z.string(),
        effect: z.enum(['permit', 'forbid']),
        title: z.string(),
        unless: z.string().describe('How the forbid is discharged.'),
        place: z.string().describe('File and line.'),
      }),
    ),
    seen: z.strictObject({
      version: z.int(),
      labels: z.array(z.string()),
      paths: z
        .array(z.strictObject({ label: z.string(), steps: z.array(z.string()) }))
        .describe('How the agent came to each label, first step first.'),
      values: z
        .array(z.strictObject({ path: z.string(), value: json.optional() }))
        .describe('What the named policies looked at; without a value where there was none.'),
    }),
    alternatives: z
      .array(
        z.strictObject({
          change: z.string(),
          decision: z.enum(['allow', 'modify', 'step_up', 'defer']),
          reasons: z.array(reason),
        }),
      )
      .describe('For a deny: what would not have been denied, by the policies in force now.'),
  })
  .meta({ title: 'Explanation' }) satisfies z.ZodType<Explanation>;
