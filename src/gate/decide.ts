import { type Action, UNDO_PREFIX } from '../action/action.ts';
import type { Decision, Denied, Reason } from '../action/decision.ts';
import { actionDigest } from '../action/digest.ts';
import type { ApprovalObligation, Obligation } from '../action/obligation.ts';
import type { PolicyEvaluation, PolicySet } from '../action/policy-port.ts';
import { resourceKey } from '../action/resource.ts';
import type { ApprovalView, FreezesView, WorkflowView } from '../action/view.ts';
import { BOUNDS } from '../lib/bounds.ts';
import type { Digest } from '../lib/digest.ts';
import { asInterlockError, ERRORS, type ErrorCode, InterlockError } from '../lib/errors.ts';
import type { JsonObject } from '../lib/json.ts';
import { freezeAgainst } from './freeze-against.ts';
import { transform, transformationsOf } from './transform.ts';
import { whyIneligible } from './why-ineligible.ts';

/** What one decision is made of. Nothing else is read: the same parts give the same decision. */
export interface DecisionParts {
  readonly action: Action;
  readonly view: WorkflowView;
  /** What is frozen in the tenant, beside the workflow itself. */
  readonly freezes: FreezesView;
  readonly now: number;
  readonly policySet: PolicySet;
  readonly evaluate: (action: Action) => PolicyEvaluation;
  /** The action again with the input that obligations changed. */
  readonly withInput: (action: Action, input: JsonObject) => Action;
}

export interface Decided {
  readonly decision: Decision;
  /** The action as it would be executed: with its final input, effect and resources. */
  readonly action: Action;
}

/** Decides one action on one version of its workflow (DESIGN §6). Pure; every failure is a deny. */
export function decide(parts: DecisionParts): Decided {
  try {
    const refusal = ruleAgainst(parts) ?? limitAgainst(parts);
    if (refusal !== undefined) return { decision: denied(parts, refusal, [ruleReason(refusal)]), action: parts.action };
    return withinBounds(parts, judge(parts));
  } catch (thrown) {
    const { code, message } = asInterlockError(thrown);
    return {
      decision: denied(parts, code, [{ policy: code, title: code === 'INTERNAL' ? ERRORS.INTERNAL.title : message }]),
      action: parts.action,
    };
  }
}

/** Interlock's own rules come before any policy. */
function ruleAgainst({ action, view, freezes }: DecisionParts): ErrorCode | undefined {
  const session = view.sessions.get(action.principal.session);
  if (session === undefined || session.revoked) return 'SESSION_REVOKED';
  if (view.frozen) return 'WORKFLOW_FROZEN';
  const { agent } = session;
  return freezeAgainst(freezes, { agent, system: action.system }) ?? quarantineAgainst(action, view);
}

/** Taking back what a quarantined record holds is the one thing that may be done to it. */
function quarantineAgainst(
  { id, principal, resources }: Action,
  { quarantine }: WorkflowView,
): 'QUARANTINED' | undefined {
  if (quarantine.sessions.has(principal.session)) return 'QUARANTINED';
  if (quarantine.resources.size === 0 || id.startsWith(UNDO_PREFIX)) return undefined;
  return resources.some((resource) => quarantine.resources.has(resourceKey(resource))) ? 'QUARANTINED' : undefined;
}

/** Limits fixed when the workflow was opened hold whatever the policies say. */
function limitAgainst({ action, view }: DecisionParts): 'LIMIT_REACHED' | undefined {
  const { kind, count } = action.effect;
  // Without a limit, what can be counted exactly is one: past it, no policy could compare it any more.
  const { actions = Number.MAX_SAFE_INTEGER, [kind]: ofKind = Number.MAX_SAFE_INTEGER } = view.limits;
  const isWithin = view.activity.actions + 1 <= actions && view.activity.counts[kind] + count <= ofKind;
  return isWithin ? undefined : 'LIMIT_REACHED';
}

/** A flood of questions is not a question: past the bound, what would have to wait is denied. */
function withinBounds(parts: DecisionParts, decided: Decided): Decided {
  const { action, view } = parts;
  const waits = decided.decision.decision === 'step_up' || decided.decision.decision === 'defer';
  if (!waits || view.actions.has(action.id) || view.held < BOUNDS.heldActions) return decided;
  return { decision: denied(parts, 'TOO_MANY_HELD', [ruleReason('TOO_MANY_HELD')]), action };
}

function judge(parts: DecisionParts): Decided {
  const first = weigh(parts, parts.action);
  if ('decision' in first) return { decision: first, action: parts.action };
  const changed = transform(parts.action.input, transformationsOf(first.obligations, 'input'));
  if (changed === parts.action.input) return conclude(parts, parts.action, { ...first, modified: false });
  const action = modified(parts, changed);
  const second = weigh(parts, action);
  if ('decision' in second) return { decision: second, action };
  if (transform(action.input, transformationsOf(second.obligations, 'input')) !== action.input) {
    return { decision: denied(parts, 'MODIFY_UNSTABLE', merged(first.forbids, second.forbids)), action };
  }
  const refusal = limitAgainst({ ...parts, action }) ?? quarantineAgainst(action, parts.view);
  if (refusal !== undefined) return { decision: denied(parts, refusal, [ruleReason(refusal)]), action };
  return conclude(parts, action, { ...second, forbids: merged(first.forbids, second.forbids), modified: true });
}

function modified(parts: DecisionParts, input: JsonObject): Action {
  try {
    return parts.withInput(parts.action, input);
  } catch (cause) {
    throw new InterlockError(
      'OBLIGATION_IMPOSSIBLE',
      'what the policies ask for would leave an input that the operation does not accept',
      { cause },
    );
  }
}

interface Weighed {
  readonly obligations: readonly Obligation[];
  readonly permits: readonly Reason[];
  /** Those that ask for something; where there are any, they are the reasons, and the permits are not. */
  readonly forbids: readonly Reason[];
}

/** The policies' word on one form of the action: a deny, or what it would take. */
function weigh(parts: DecisionParts, action: Action): Denied | Weighed {
  const { permits, forbids, errors } = parts.evaluate(action);
  if (errors.length > 0)
    return denied(
      parts,
      'POLICY_ERROR',
      reasonsOf(
        parts,
        errors.map(({ policy }) => policy),
      ),
    );
  const hard = forbids.filter((id) => (parts.policySet.policies.get(id)?.unless ?? []).length === 0);
  if (hard.length > 0) return denied(parts, 'DENIED_BY_POLICY', reasonsOf(parts, hard));
  if (permits.length === 0) return denied(parts, 'NO_PERMIT', [ruleReason('NO_PERMIT')]);
  const obligations = forbids.flatMap((id) => parts.policySet.policies.get(id)?.unless ?? []);
  return { obligations, permits: reasonsOf(parts, permits), forbids: reasonsOf(parts, forbids) };
}

function conclude(parts: DecisionParts, action: Action, found: Weighed & { readonly modified: boolean }): Decided {
  const reasons = found.forbids.length > 0 ? found.forbids : found.permits;
  const resultObligations = transformationsOf(found.obligations, 'result');
  const { principal, operation, input, texts } = action;
  const digest = actionDigest({ principal, operation, input, resultObligations }, texts);
  const base = {
    reasons,
    policySet: parts.policySet.hash,
    input,
    resultObligations,
    digest,
  };
  const waiting = awaitedOf(parts, found.obligations);
  if (waiting === 'late') return { decision: denied(parts, 'FACT_MISSING', reasons), action };
  if (waiting !== undefined) return { decision: { decision: 'defer', ...base, ...waiting }, action };

  const asked = approvalsOf(found.obligations).map((approval) => ({
    approval,
    given: givenFor(parts, approval, digest),
  }));
  if (asked.some(({ given }) => given?.state === 'denied'))
    return { decision: denied(parts, 'APPROVAL_DENIED', deniedReasons(asked)), action };
  const missing = asked.filter(({ given }) => given?.state !== 'approved');
  if (missing.length > 0)
    return { decision: { decision: 'step_up', ...base, approvals: missing.map(({ approval }) => approval) }, action };

  const consumes = asked.flatMap(({ given }) => (given === undefined ? [] : [given.id]));
  const kind = found.modified || resultObligations.length > 0 ? 'modify' : 'allow';
  return { decision: { decision: kind, ...base, consumes }, action };
}

interface Awaited {
  readonly waitingFor: readonly string[];
  readonly retryAt: number;
  readonly deadline: number;
}

/** Facts that are not known yet and delays that have not passed; `late` once a fact has not come in its time. */
function awaitedOf(
  { action, view, now }: DecisionParts,
  obligations: readonly Obligation[],
): Awaited | 'late' | undefined {
  const since = view.actions.get(action.id)?.firstDecidedAt ?? now;
  const waits = obligations.flatMap((obligation) => {
    if (obligation.kind === 'fact') return [{ name: obligation.name, until: since + obligation.waitMs, fact: true }];
    if (obligation.kind === 'delay') return [{ name: 'delay', until: since + obligation.delayMs, fact: false }];
    return [];
  });
  if (waits.some(({ fact, until }) => fact && now >= until)) return 'late';
  const pending = waits.filter(({ until }) => now < until);
  if (pending.length === 0) return undefined;
  const retryAt = Math.max(...pending.map(({ until }) => until));
  return { waitingFor: [...new Set(pending.map(({ name }) => name))], retryAt, deadline: retryAt + BOUNDS.approvalMs };
}

/** One question per group; asked for several times, the shortest time holds. */
function approvalsOf(obligations: readonly Obligation[]): readonly ApprovalObligation[] {
  const byGroup = new Map<string, ApprovalObligation>();
  for (const obligation of obligations) {
    if (obligation.kind !== 'approval') continue;
    const known = byGroup.get(obligation.group);
    if (known === undefined || obligation.withinMs < known.withinMs) byGroup.set(obligation.group, obligation);
  }
  return [...byGroup.values()];
}

/** An answer counts only for this action, this digest, in its time, once, and from somebody who may still give it. */
function givenFor(
  { action, view, now }: DecisionParts,
  { group }: ApprovalObligation,
  digest: Digest,
): ApprovalView | undefined {
  const approvals = view.actions.get(action.id)?.approvals ?? [];
  return approvals.find(
    (given) =>
      given.group === group &&
      given.digest === digest &&
      (given.state === 'denied' || (given.state === 'approved' && now < given.expiresAt && isEligible(view, given))),
  );
}

function isEligible(view: WorkflowView, { group, answer }: ApprovalView): boolean {
  return answer !== undefined && whyIneligible(view, group, { ...answer, id: answer.by }) === undefined;
}

function deniedReasons(asked: readonly { readonly given: ApprovalView | undefined }[]): readonly Reason[] {
  return asked.flatMap(({ given }) =>
    given?.state === 'denied'
      ? [
          {
            policy: 'APPROVAL_DENIED',
            title: `${given.answer?.by ?? 'An approver'} refused: ${given.answer?.reason ?? ''}`,
          },
        ]
      : [],
  );
}

function denied({ policySet }: DecisionParts, code: ErrorCode, reasons: readonly Reason[]): Denied {
  return { decision: 'deny', code, reasons, policySet: policySet.hash };
}

export function ruleReason(code: ErrorCode): Reason {
  return { policy: code, title: ERRORS[code].title };
}

function reasonsOf({ policySet }: DecisionParts, ids: readonly string[]): readonly Reason[] {
  return ids.map((id) => {
    const policy = policySet.policies.get(id);
    return {
      policy: id,
      title: policy?.title ?? id,
      ...(policy?.severity === undefined ? {} : { severity: policy.severity }),
    };
  });
}

function merged(first: readonly Reason[], second: readonly Reason[]): readonly Reason[] {
  return [...first, ...second.filter(({ policy }) => !first.some((known) => known.policy === policy))];
}
