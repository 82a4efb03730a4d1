import { partId } from '../action/action.ts';
import type { ActionDecided, NewEvent } from '../action/event.ts';
import type { WorkflowView } from '../action/view.ts';
import type { ExecutionResult, PartOutcome } from '../connector/contract.ts';
import type { Registry } from '../connector/registry.ts';
import { ERRORS } from '../lib/errors.ts';
import { isFinal } from '../workflow/action-state.ts';
import { type Completed, type Finished, finish } from './finish.ts';
import { unseenLabels } from './unseen-labels.ts';

/** The decisions on the parts of a batch, in order; none for any other action. */
export function partsIn(view: WorkflowView, { action, parts = 0 }: ActionDecided): readonly ActionDecided[] {
  return Array.from({ length: parts }, (_, index) => view.actions.get(partId(action, index + 1))?.decided).filter(
    (decided) => decided !== undefined,
  );
}

/** What is appended when an action ends: what came of it, and of each of its parts of which that is not known yet. */
export function completedEvents(registry: Registry, view: WorkflowView, ended: Finished): readonly NewEvent[] {
  const decided = view.actions.get(ended.completed.action)?.decided;
  const whole = { type: 'action.completed' as const, payload: ended.completed };
  if (decided?.parts === undefined) return [whole];
  const parts = partsIn(view, decided);
  const outcomes = ended.parts?.length === parts.length ? ended.parts : parts.map(() => UNTOLD);
  const events = parts.flatMap((part, index) => {
    const before = view.actions.get(part.action)?.completed;
    // A final `unknown` is one that more may be told of, as of the whole.
    if (isFinal(before) && before?.status !== 'unknown') return [];
    const told = { part, outcome: outcomes[index] ?? UNTOLD, whole: ended.completed };
    const known = partCompleted(registry, view, told);
    const payload = decided.resultObligations.length === 0 ? known : withoutAnswer(known);
    return [{ type: 'action.completed' as const, payload }];
  });
  const unknown = events.filter(({ payload }) => payload.status === 'unknown').length;
  if (ended.completed.status !== 'succeeded' || unknown === 0) return [whole, ...events];
  const detail = `it is not known what came of ${unknown} of its ${parts.length} parts`;
  return [{ ...whole, payload: { ...ended.completed, status: 'unknown', code: 'OUTCOME_UNKNOWN', detail } }, ...events];
}

/** What obligations take off the answer of the whole stands in those of its parts as well, at other paths. */
function withoutAnswer({ result: _, resultDigest: _digest, detail: _detail, ...rest }: Completed): Completed {
  return rest.code === undefined ? rest : { ...rest, detail: ERRORS[rest.code].title };
}

const UNTOLD: PartOutcome = { status: 'unknown', detail: 'the system did not say what came of this part' };

function partCompleted(
  registry: Registry,
  view: WorkflowView,
  asked: { readonly part: ActionDecided; readonly outcome: PartOutcome; readonly whole: Completed },
): Completed {
  const { part, outcome, whole } = asked;
  if (whole.status !== 'succeeded') {
    const {
      action: _,
      result: _result,
      resultDigest: _digest,
      resources: _resources,
      authors: _authors,
      ...same
    } = whole;
    return { ...same, action: part.action, labels: whole.exposed ? unseenLabels(registry, part, view) : [] };
  }
  const operation = registry.known(part.operation) ?? registry.operation(part.operation);
  const { completed } = finish(operation, part, { result: resultOf(outcome), source: whole.source });
  const unseen = outcome.result === undefined ? unseenLabels(registry, part, view) : [];
  return { ...completed, labels: [...new Set([...completed.labels, ...unseen])] };
}

function resultOf({ status, result, detail }: PartOutcome): ExecutionResult {
  switch (status) {
    case 'succeeded':
      return { status, result };
    case 'failed':
      return { status, code: 'EXECUTION_FAILED', detail: detail ?? 'the system refused this part', exposed: true };
    case 'unknown':
      return { status, code: 'OUTCOME_UNKNOWN', detail: detail ?? 'it is not known what came of this part' };
    default:
      return status satisfies never;
  }
}
