import { type Action, UNDO_PREFIX } from '../action/action.ts';
import type { Decision, Denied, Reason } from '../action/decision.ts';
import { actionDigest } from '../action/digest.ts';
import { type Fact, type FactDescriptor, factKey, subjectsOf } from '../action/fact.ts';
import type { ApprovalObligation, FactObligation, Obligation } from '../action/obligation.ts';
import type { PolicyEvaluation, PolicySet } from '../action/policy-port.ts';
import { resourceKey } from '../action/resource.ts';
import type { ApprovalView, FreezesView, WorkflowView } from '../action/view.ts';
import { BOUNDS } from '../lib/bounds.ts';
import type { Digest } from '../lib/digest.ts';
import { asInterlockError, ERRORS, type ErrorCode, InterlockError } from '../lib/errors.ts';
import type { JsonObject } from '../lib/json.ts';
import { freezeAgainst } from './freeze-against.ts';
import { transform, transformationsOf } from './transform.ts';
import { viewAfter } from './view-after.ts';
import { whyIneligible } from './why-ineligible.ts';

/** What one decision is made of. Nothing else is read: the same parts give the same decision. */
export interface DecisionParts {
  readonly action: Action;
  readonly view: WorkflowView;
  /** What is frozen in the tenant, beside the workflow itself. */
  readonly freezes: FreezesView;
  readonly now: number;
  readonly policySet: PolicySet;
  /** `before`: parts of the same batch that run earlier, which `view` shows as done already. */
  readonly evaluate: (action: Action, view: WorkflowView, before: readonly Action[]) => PolicyEvaluation;
  /** Labels that its answer may carry, as far as only the answer will tell. */
  readonly unseen: (action: Action) => readonly string[];
  /** What can be known of its user and what it touches; left out: nothing, so whatever asks for a fact is denied. */
  readonly facts?: readonly FactDescriptor[] | undefined;
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
  const { parts = [action] } = action;
  // Without a limit, what can be counted exactly is one: past it, no policy could compare it any more.
  const { actions = Number.MAX_SAFE_INTEGER } = view.limits;
  if (view.activity.actions + parts.length > actions) return 'LIMIT_REACHED';
  const isWithin = parts.every(({ effect: { kind } }) => {
    const { [kind]: ofKind = Number.MAX_SAFE_INTEGER } = view.limits;
    const asked = parts.reduce((sum, { effect }) => sum + (effect.kind === kind ? effect.count : 0), 0);
    return view.activity.counts[kind] + asked <= ofKind;
  });
  const { tokens = Number.MAX_SAFE_INTEGER } = view.limits;
  const askedTokens = parts.reduce((sum, { effect }) => sum + (effect.tokens ?? 0), 0);
  return isWithin && view.activity.tokens + askedTokens <= tokens ? undefined : 'LIMIT_REACHED';
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
  readonly facts: readonly WantedFact[];
  readonly permits: readonly Reason[];
  /** Those that ask for something; where there are any, they are the reasons, and the permits are not. */
  readonly forbids: readonly Reason[];
}

/** What is to be known before `of`, the whole or one part, is allowed. */
interface WantedFact {
  readonly wanted: FactObligation;
  readonly of: Action;
}

/** The policies' word on one form of the action, and on each of its parts: a deny, or what it would take. */
function weigh(parts: DecisionParts, action: Action): Denied | Weighed {
  const judged = judgedOf(parts, action);
  const named = (pick: (found: Judged) => readonly string[]) =>
    judged.flatMap((found) => reasonsOf(parts, pick(found), found.part));
  const errors = named(({ evaluation }) => evaluation.errors.map(({ policy }) => policy));
  if (errors.length > 0) return denied(parts, 'POLICY_ERROR', errors);
  const unless = (id: string): readonly Obligation[] => parts.policySet.policies.get(id)?.unless ?? [];
  const hard = named(({ evaluation }) => evaluation.forbids.filter((id) => unless(id).length === 0));
  if (hard.length > 0) return denied(parts, 'DENIED_BY_POLICY', hard);
  const unpermitted = judged.filter(({ evaluation }) => evaluation.permits.length === 0);
  if (unpermitted.length > 0)
    return denied(
      parts,
      'NO_PERMIT',
      unpermitted.map(({ part }) => ofPart(NO_PERMIT, part)),
    );
  const asked = judged.map((found) => ({
    of: found.action,
    obligations: dischargeable(found, found.evaluation.forbids.flatMap(unless)),
  }));
  return {
    obligations: asked.flatMap(({ obligations }) => obligations),
    facts: asked.flatMap(({ of, obligations }) =>
      obligations.flatMap((wanted) => (wanted.kind === 'fact' ? [{ wanted, of }] : [])),
    ),
    permits: named(({ evaluation }) => evaluation.permits),
    forbids: named(({ evaluation }) => evaluation.forbids),
  };
}

const NO_PERMIT: Reason = ruleReason('NO_PERMIT');

interface Judged {
  readonly action: Action;
  /** From 1; undefined for the whole. */
  readonly part: number | undefined;
  readonly evaluation: PolicyEvaluation;
}

/** Each part is judged as if those before it had been done, the whole beside them. */
function judgedOf({ evaluate, view, unseen }: DecisionParts, action: Action): readonly Judged[] {
  const parts = (action.parts ?? []).map((part, index, all) => {
    const before = all.slice(0, index);
    return {
      action: part,
      part: index + 1,
      evaluation: evaluate(part, viewAfter(view, action, { before, unseen }), before),
    };
  });
  return [{ action, part: undefined, evaluation: evaluate(action, view, []) }, ...parts];
}

/** A part can wait for a human or a fact with the whole. What would change it alone would leave another batch. */
function dischargeable({ action, part }: Judged, obligations: readonly Obligation[]): readonly Obligation[] {
  if (part === undefined) return obligations;
  const changed = transform(action.input, transformationsOf(obligations, 'input')) !== action.input;
  if (changed || transformationsOf(obligations, 'result').length > 0)
    throw new InterlockError(
      'OBLIGATION_IMPOSSIBLE',
      `part #${part} is allowed only with changes, which a batch cannot carry: send ${action.operation} by itself`,
    );
  return obligations.filter(({ kind }) => kind === 'approval' || kind === 'fact' || kind === 'delay');
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
  const waiting = awaitedOf(parts, found);
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
function awaitedOf(parts: DecisionParts, found: Weighed): Awaited | 'late' | undefined {
  const { action, view, now } = parts;
  const before = view.actions.get(action.id);
  // A fact that was known and grew old, while a human thought or a delay passed, has its time from then on.
  const missedSince = (name: string): number =>
    before?.decided.waitingFor?.includes(name) === true ? before.decidedAt : now;
  const missing = found.facts.filter((wanted) => !isKnown(parts, wanted));
  const delays = found.obligations.flatMap((obligation) => (obligation.kind === 'delay' ? [obligation] : []));
  const since = before?.firstDecidedAt ?? now;
  const waits = [
    ...missing.map(({ wanted: { name, waitMs } }) => ({ name, until: missedSince(name) + waitMs, fact: true })),
    ...delays.map(({ delayMs }) => ({ name: 'delay', until: since + delayMs, fact: false })),
  ];
  if (waits.some(({ fact, until }) => fact && now >= until)) return 'late';
  const pending = waits.filter(({ until }) => now < until);
  if (pending.length === 0) return undefined;
  const retryAt = Math.max(...pending.map(({ until }) => until));
  return { waitingFor: [...new Set(pending.map(({ name }) => name))], retryAt, deadline: retryAt + BOUNDS.approvalMs };
}

/** Known of everybody and everything that it can be about here, and not too old. */
function isKnown({ view, now, facts = [] }: DecisionParts, { wanted: { name, maxAgeMs }, of }: WantedFact): boolean {
  const descriptor = facts.find((known) => known.name === name);
  if (descriptor === undefined) return false;
  const subjects = subjectsOf(descriptor, { user: view.onBehalfOf.id, system: of.system, resources: of.resources });
  const isFresh = (fact: Fact | undefined): boolean =>
    fact !== undefined && now < fact.expiresAt && now - fact.observedAt <= (maxAgeMs ?? Number.POSITIVE_INFINITY);
  return subjects.length > 0 && subjects.every((subject) => isFresh(view.facts.get(factKey(name, subject))));
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

function reasonsOf({ policySet }: DecisionParts, ids: readonly string[], part?: number): readonly Reason[] {
  return ids.map((id) => {
    const policy = policySet.policies.get(id);
    const reason = {
      policy: id,
      title: policy?.title ?? id,
      ...(policy?.severity === undefined ? {} : { severity: policy.severity }),
    };
    return ofPart(reason, part);
  });
}

function ofPart(reason: Reason, part: number | undefined): Reason {
  return part === undefined ? reason : { ...reason, part };
}

function merged(first: readonly Reason[], second: readonly Reason[]): readonly Reason[] {
  return [
    ...first,
    ...second.filter(({ policy, part }) => !first.some((known) => known.policy === policy && known.part === part)),
  ];
}
