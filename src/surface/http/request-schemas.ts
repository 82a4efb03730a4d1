import { z } from 'zod';
import { EFFECT_KINDS } from '../../action/effect.ts';
import { labelName, plainId } from '../../action/names.ts';
import { freezeRequestSchema } from '../../gate/containment.ts';
import { eraseRequestSchema } from '../../gate/erasure.ts';
import { BOUNDS } from '../../lib/bounds.ts';
import { isJsonObject, type Json, type JsonObject } from '../../lib/json.ts';
import { agentClaims, operatorClaims } from './claimed-identity.ts';

/** Bodies and parameters as they arrive. Unknown fields are refused everywhere. */

/** Text that is kept in the log and shown to people. */
const text = z.string().min(1).max(BOUNDS.textLength);
const reason = z.string().trim().min(1).max(1_000).describe('Kept in the workflow log.');

/** JSON that the strict parser has already accepted; walking it again would cost and prove nothing. */
export const jsonObject = z
  .custom<JsonObject>(isJsonObject, 'must be a JSON object')
  .meta({ type: 'object', additionalProperties: true });
export const json = z.custom<Json>((value) => value !== undefined, 'must be JSON');

/** An id that can stand in a path: without a slash, which would have to be escaped there. */
export const pathId = plainId.regex(/^[^/]*$/, 'an id that is used over HTTP has no slash');

export const user = z.strictObject({ id: plainId, groups: z.array(plainId).max(100).optional() });
export const limits = z
  .partialRecord(z.enum([...EFFECT_KINDS, 'actions', 'tokens']), z.int().min(0))
  .describe(
    'How much the workflow may do in all, by kind of effect, in actions, and in tokens of language models; what is left out is not limited.',
  );

export const openBody = z
  .strictObject({
    onBehalfOf: user.describe('The user for whom the agents act.'),
    mandate: text.optional().describe('What the user asked for: the trusted source of values.'),
    limits: limits.optional(),
    continues: pathId.optional().describe('The workflow that this one goes on from; its labels come along.'),
    ...operatorClaims,
  })
  .meta({ title: 'OpenWorkflow' });

export const sessionBody = z
  .strictObject({
    agent: plainId,
    delegatedBy: pathId.optional().describe('The session that delegates to this one; its labels come along.'),
    ...operatorClaims,
  })
  .meta({ title: 'OpenSession' });

export const messageBody = z
  .strictObject({
    to: pathId.describe('Session of the receiver, in the same workflow.'),
    kind: z.enum(['message', 'hand-off', 'delegation']),
    text: text.optional(),
    ...agentClaims,
  })
  .meta({ title: 'SendMessage' });

export const undoBody = z.strictObject({ ...operatorClaims }).meta({ title: 'Undo' });
export const endorsementBody = z
  .strictObject({ session: plainId, label: labelName, reason, ...operatorClaims })
  .meta({ title: 'Endorsement' });
export const scopeFreezeBody = freezeRequestSchema.extend({ ...operatorClaims }).meta({ title: 'FreezeScope' });
export const quarantineBody = z
  .strictObject({ session: pathId.optional(), action: pathId.optional(), reason, ...operatorClaims })
  .describe('Exactly one of session and action.')
  .meta({ title: 'Quarantine' });
export const releaseBody = z
  .strictObject({
    session: pathId.optional(),
    resource: z.strictObject({ type: z.string().min(1), id: z.string().min(1) }).optional(),
    reason,
    ...operatorClaims,
  })
  .describe('Exactly one of session and resource.')
  .meta({ title: 'Release' });
export const eraseBody = eraseRequestSchema.extend({ ...operatorClaims }).meta({ title: 'Erase' });

export const freezeBody = z.strictObject({ frozen: z.boolean(), reason, ...operatorClaims }).meta({ title: 'Freeze' });

export const callBody = z
  .strictObject({
    id: pathId.optional().describe('Makes a repetition recognisable: at most one effect per id.'),
    operation: z
      .string()
      .min(1)
      .max(BOUNDS.idLength)
      .meta({ examples: ['system.noun.verb'] }),
    input: jsonObject,
    ...agentClaims,
  })
  .meta({ title: 'Call' });

export const outcomeBody = z
  .strictObject({
    status: z.enum(['succeeded', 'failed', 'unknown']),
    result: json.optional(),
    detail: z.string().max(2_000).optional(),
    ...agentClaims,
  })
  .meta({ title: 'ReportOutcome' });

export const answerBody = z
  .strictObject({ answer: z.enum(['approve', 'deny']), reason, ...operatorClaims })
  .meta({ title: 'AnswerApproval' });

export const byId = z.strictObject({ id: pathId });
export const bySession = z.strictObject({ id: pathId, session: pathId });

const digits = z.string().regex(/^[0-9]{1,6}$/, 'must be a whole number');
export const waitQuery = z.strictObject({
  waitMs: digits
    .transform(Number)
    .pipe(z.int().max(BOUNDS.waitMs))
    .optional()
    .describe(`Milliseconds to wait for a held or executing action to end, at most ${BOUNDS.waitMs}.`),
});
export const workflowQuery = z.strictObject({ workflow: pathId.optional() });
export const revokeQuery = z.strictObject({
  reason,
  descendants: z.enum(['quarantine', 'keep']).optional().describe('What becomes of what it told, wrote and delegated.'),
});
export const approvalsQuery = z.strictObject({
  all: z.enum(['true', 'false']).optional().describe('Also those that were answered or have expired.'),
});
