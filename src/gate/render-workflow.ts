import type { StreamListing } from '../action/log-port.ts';
import type { ApprovalView, WorkflowView } from '../action/view.ts';
import type { ApprovalSummary, WorkflowDetail, WorkflowSummary } from './answers.ts';

/** Actions and resources that one answer lists, newest last; the log has all. */
const LISTED_MAX = 1_000;

export function renderSummary({ workflow, tenant, version, hash, at, open, held }: StreamListing): WorkflowSummary {
  return { id: workflow, tenant, version, head: hash, lastEventAt: at, open, held };
}

export function renderWorkflow(view: WorkflowView): WorkflowDetail {
  return {
    id: view.id,
    tenant: view.tenant,
    version: view.version,
    head: view.head,
    lastEventAt: view.at,
    open: view.open,
    held: view.held,
    openedAt: view.openedAt,
    onBehalfOf: view.onBehalfOf,
    ...(view.mandate === undefined ? {} : { mandate: view.mandate }),
    limits: view.limits,
    frozen: view.frozen,
    ...(view.erased === undefined ? {} : { erased: view.erased }),
    quarantine: {
      sessions: [...view.quarantine.sessions],
      resources: [...view.quarantine.resources].slice(0, LISTED_MAX),
    },
    counts: view.activity.counts,
    tokens: view.activity.tokens,
    denied: view.activity.denied,
    systems: [...view.activity.systems].map(({ id }) => id),
    labels: [...view.activity.labels].map(({ id }) => id),
    sessions: [...view.sessions.values()].map(({ id, agent, delegatedBy, revoked, activity }) => ({
      id,
      agent,
      ...(delegatedBy === undefined ? {} : { delegatedBy }),
      revoked,
      labels: [...activity.labels].map((label) => label.id),
      actions: activity.actions,
      denied: activity.denied,
    })),
    messages: view.messages,
    resources: [...view.resources.values()].slice(-LISTED_MAX),
    actions: [...view.actions.values()].slice(-LISTED_MAX).map(({ id, state, decided, completed, decidedAt }) => ({
      id,
      agent: decided.agent,
      operation: decided.operation,
      decision: decided.decision,
      state,
      ...(completed === undefined ? {} : { outcome: completed.status }),
      at: decidedAt,
    })),
  };
}

/** What an approver is shown: only what the digest covers, and who asks. */
export function renderApproval(view: WorkflowView, approval: ApprovalView, now: number): ApprovalSummary | undefined {
  const { answer, asked: decided } = approval;
  if (decided.effect === undefined) return undefined;
  return {
    id: approval.id,
    workflow: view.id,
    action: approval.action,
    state: approval.state === 'pending' && now >= approval.expiresAt ? 'expired' : approval.state,
    group: approval.group,
    requestedAt: approval.requestedAt,
    expiresAt: approval.expiresAt,
    agent: decided.agent,
    onBehalfOf: decided.onBehalfOf,
    ...(view.mandate === undefined ? {} : { mandate: view.mandate }),
    operation: decided.operation,
    input: decided.input ?? decided.requested,
    effect: decided.effect,
    resources: decided.resources,
    reasons: decided.reasons,
    digest: approval.digest,
    ...(answer === undefined ? {} : { answer: { answer: answer.answer, by: answer.by, reason: answer.reason } }),
  };
}
