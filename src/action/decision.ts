import type { Digest } from '../lib/digest.ts';
import type { ErrorCode } from '../lib/errors.ts';
import type { JsonObject } from '../lib/json.ts';
import type { ApprovalObligation, Transformation } from './obligation.ts';

export type DecisionKind = 'allow' | 'deny' | 'modify' | 'step_up' | 'defer';

/** Why: a policy, or a rule of Interlock itself (then `policy` is the error code). */
export interface Reason {
  readonly policy: string;
  /** One plain sentence, from `@title`. */
  readonly title: string;
  readonly severity?: string | undefined;
  /** The part of a batch that it is about, from 1. */
  readonly part?: number | undefined;
}

/** What the decision core answers for one action on one version of the workflow. */
export type Decision = Allowed | Denied | SteppedUp | Deferred;

interface DecisionBase {
  readonly reasons: readonly Reason[];
  /** Hash of the policy set that decided. */
  readonly policySet: string;
}

export interface Allowed extends DecisionBase {
  readonly decision: 'allow' | 'modify';
  /** The final input: what is executed, after transformations. */
  readonly input: JsonObject;
  /** To be applied to the result before anyone sees it. */
  readonly resultObligations: readonly Transformation[];
  readonly digest: Digest;
  /** Approvals that this decision relies on and consumes. */
  readonly consumes: readonly string[];
}

export interface Denied extends DecisionBase {
  readonly decision: 'deny';
  readonly code: ErrorCode;
}

export interface SteppedUp extends DecisionBase {
  readonly decision: 'step_up';
  readonly input: JsonObject;
  readonly resultObligations: readonly Transformation[];
  readonly digest: Digest;
  /** Still to be given: every one of them. */
  readonly approvals: readonly ApprovalObligation[];
}

export interface Deferred extends DecisionBase {
  readonly decision: 'defer';
  readonly input: JsonObject;
  readonly resultObligations: readonly Transformation[];
  readonly digest: Digest;
  /** What is waited for: names of facts, or `delay`. */
  readonly waitingFor: readonly string[];
  /** When to decide anew at the latest, in ms since 1970, and when it ends in a deny. */
  readonly retryAt: number;
  readonly deadline: number;
}
