import { z } from 'zod';
import type { StreamId } from '../action/log-port.ts';
import type { ApprovalView } from '../action/view.ts';
import { BOUNDS } from '../lib/bounds.ts';
import type { Clock } from '../lib/clock.ts';
import { InterlockError } from '../lib/errors.ts';
import type { Workflows } from '../workflow/workflows.ts';
import type { ApprovalSummary } from './answers.ts';
import type { Operator } from './interlock.ts';
import { renderApproval } from './render-workflow.ts';
import { whyIneligible } from './why-ineligible.ts';

interface ApprovalParts {
  readonly workflows: Workflows;
  readonly clock: Clock;
}

/** Workflows that one list looks into; more than this many wait for nobody. */
const WORKFLOWS_MAX = 1_000;

/** The approvals of a tenant, oldest first: those that wait, or all of the workflows that still have something open. */
export async function listApprovals(
  parts: ApprovalParts,
  tenant: string,
  all: boolean,
): Promise<readonly ApprovalSummary[]> {
  const listings = await parts.workflows.list({ tenant, openOnly: !all, limit: WORKFLOWS_MAX });
  const found: ApprovalSummary[] = [];
  for (const { workflow } of listings) {
    const { view } = await parts.workflows.fresh({ tenant, workflow });
    for (const approval of view.approvals.values()) {
      const summary = renderApproval(view, approval, parts.clock.now());
      if (summary !== undefined && (all || summary.state === 'pending')) found.push(summary);
    }
  }
  return found.sort((a, b) => a.requestedAt - b.requestedAt);
}

/** Where an approval of the tenant is: its id begins with its workflow's. Throws NOT_FOUND. */
export async function findApproval(
  parts: ApprovalParts,
  tenant: string,
  id: string,
): Promise<{ readonly stream: StreamId; readonly approval: ApprovalView }> {
  const stream = { tenant, workflow: id.slice(0, id.lastIndexOf('.')) };
  const { view } = await parts.workflows.fresh(stream).catch((thrown: unknown) => {
    throw isNotFound(thrown) ? unknownApproval() : thrown;
  });
  const approval = view.approvals.get(id);
  if (approval === undefined) throw unknownApproval();
  return { stream, approval };
}

function isNotFound(thrown: unknown): boolean {
  return thrown instanceof InterlockError && thrown.code === 'NOT_FOUND';
}

function unknownApproval(): InterlockError {
  return new InterlockError('NOT_FOUND', 'there is no such approval');
}

/** What a human answers; surfaces use the same schema. */
export const approvalAnswerSchema = z.strictObject({
  answer: z.enum(['approve', 'deny']),
  reason: z.string().max(BOUNDS.textLength),
});

/** Records a human's answer, once. Throws APPROVAL_ANSWERED, APPROVAL_EXPIRED and APPROVER_INELIGIBLE. */
export async function recordAnswer(
  parts: ApprovalParts,
  stream: StreamId,
  given: {
    readonly approval: string;
    readonly by: Operator;
    readonly answer: 'approve' | 'deny';
    readonly reason: string;
  },
): Promise<void> {
  const workflow = await parts.workflows.load(stream);
  const { durable } = await workflow.commit((view, now) => {
    const approval = view.approvals.get(given.approval);
    if (approval === undefined) throw unknownApproval();
    if (approval.state !== 'pending') throw new InterlockError('APPROVAL_ANSWERED', `it is ${approval.state} already`);
    if (now >= approval.expiresAt) throw new InterlockError('APPROVAL_EXPIRED');
    const { by, answer, reason } = given;
    const why = whyIneligible(view, approval.group, by);
    if (why !== undefined) throw new InterlockError('APPROVER_INELIGIBLE', why);
    const payload = {
      approval: approval.id,
      answer,
      by: by.id,
      ...(by.person === undefined ? {} : { person: by.person }),
      groups: by.groups,
      reason,
    };
    return { events: [{ type: 'approval.answered', payload }], result: undefined };
  });
  await durable;
}
