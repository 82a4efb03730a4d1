import type { Outcome } from '../action/outcome.ts';
import type { ActionView } from '../action/view.ts';
import { ERRORS } from '../lib/errors.ts';
import type { Json } from '../lib/json.ts';
import type { Answer } from './answers.ts';

export interface AnswerParts {
  readonly action: ActionView;
  readonly workflow: { readonly id: string; readonly version: number };
  readonly durability: Answer['durability'];
  /** A result that was too large for the log, to be answered this once. */
  readonly result?: Json | undefined;
  readonly parts?: readonly ActionView[] | undefined;
}

/** Where an action stands, as its caller is told. */
export function renderAnswer({ action, workflow, durability, result, parts = [] }: AnswerParts): Answer {
  const { decided, completed, state } = action;
  const code = decided.code ?? completed?.code;
  const changed = decided.input !== undefined && (decided.mode === 'decide' || decided.decision === 'modify');
  return {
    id: action.id,
    decision: decided.decision,
    state,
    ...(code === undefined ? {} : { code, hint: ERRORS[code].hint }),
    reasons: decided.reasons,
    obligations: decided.resultObligations,
    ...(changed ? { input: decided.input } : {}),
    ...(completed === undefined ? {} : { outcome: outcomeOf(completed, result) }),
    ...(parts.length === 0 ? {} : { parts: parts.map(partOf) }),
    ...approvalOf(action),
    ...(decided.waitingFor === undefined ? {} : { waitingFor: decided.waitingFor }),
    workflow,
    policySet: decided.policySet,
    ...(decided.digest === undefined ? {} : { digest: decided.digest }),
    durability,
  };
}

function partOf({ id, decided, completed }: ActionView): NonNullable<Answer['parts']>[number] {
  const { operation, decision } = decided;
  return { id, operation, decision, ...(completed === undefined ? {} : { outcome: outcomeOf(completed, undefined) }) };
}

function outcomeOf(completed: NonNullable<ActionView['completed']>, fresh: Json | undefined): Outcome {
  const { status, code, detail, retryAfterMs, resultDigest } = completed;
  const result = completed.result ?? fresh;
  const gone = result === undefined && resultDigest !== undefined;
  return {
    status,
    ...(result === undefined ? {} : { result }),
    ...(gone ? { code: 'RESULT_NOT_KEPT' as const, detail: ERRORS.RESULT_NOT_KEPT.hint } : {}),
    ...(code === undefined ? {} : { code }),
    ...(detail === undefined ? {} : { detail }),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  };
}

function approvalOf({ state, decided }: ActionView): Pick<Answer, 'approval'> {
  if (state !== 'held' || decided.approvals.length === 0) return {};
  return {
    approval: {
      ids: decided.approvals.map(({ id }) => id),
      groups: decided.approvals.map(({ group }) => group),
      expiresAt: Math.min(...decided.approvals.map(({ expiresAt }) => expiresAt)),
    },
  };
}
