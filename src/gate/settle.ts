import type { StreamId } from '../action/log-port.ts';
import type { ActionView } from '../action/view.ts';
import type { ExecutionResult } from '../connector/contract.ts';
import type { Registry } from '../connector/registry.ts';
import { InterlockError } from '../lib/errors.ts';
import type { Json } from '../lib/json.ts';
import type { Workflows } from '../workflow/workflows.ts';
import { type Finished, finish } from './finish.ts';
import type { Caller } from './interlock.ts';
import { completedEvents } from './part-outcomes.ts';
import { unseenLabels } from './unseen-labels.ts';

/** What a caller that executed itself reports. */
export interface ReportedOutcome {
  readonly status: 'succeeded' | 'failed' | 'unknown';
  readonly result?: Json | undefined;
  readonly detail?: string | undefined;
}

interface SettleParts {
  readonly registry: Registry;
  readonly workflows: Workflows;
  readonly closing: AbortSignal;
}

interface Asked {
  readonly id: string;
  readonly by: Caller;
  readonly outcome: ReportedOutcome;
}

/**
 * Records what came of a permit, once, and answers the result with its obligations applied. A permit that expired to
 * `unknown` may still be told of, and so may one that whoever executes for agents has passed on as `unknown`. Throws
 * NOT_FOUND and PERMIT_USED.
 */
export async function settle(parts: SettleParts, stream: StreamId, asked: Asked): Promise<Finished> {
  const record = () => recordOutcome(parts, stream, asked);
  return record().catch(async (thrown: unknown) => {
    // Another gateway may have given the permit.
    if (!(await wasBehind(parts.workflows, stream))) throw thrown;
    return record();
  });
}

/** Whether other processes had appended what this one did not know, and now does. Throws as `fresh`. */
async function wasBehind(workflows: Workflows, stream: StreamId): Promise<boolean> {
  if (workflows.log.shared === undefined) return false;
  const { version } = (await workflows.load(stream)).view;
  return (await workflows.fresh(stream)).view.version > version;
}

async function recordOutcome(parts: SettleParts, stream: StreamId, asked: Asked): Promise<Finished> {
  const { result } = await parts.workflows.commitUntilIn(
    stream,
    (view) => {
      const action = view.actions.get(asked.id);
      if (action === undefined || !mayReport(asked.by, action))
        throw new InterlockError('NOT_FOUND', 'there is no such action in this workflow');
      if (action.decided.partOf !== undefined)
        throw new InterlockError('NOT_FOUND', `a part has no permit of its own: settle ${action.decided.partOf}`);
      const open = action.state === 'permitted' || action.completed?.source === 'expiry' || tellsMore(asked, action);
      if (action.decided.mode !== 'decide' || !open) throw new InterlockError('PERMIT_USED');
      const { decided } = action;
      // Also where it may not be used any more: what happened is recorded.
      const operation = parts.registry.known(decided.operation) ?? parts.registry.operation(decided.operation);
      const source = asked.by.kind === 'agent' ? ('agent' as const) : ('caller' as const);
      const finished = finish(operation, decided, { result: resultOf(asked.outcome), source });
      const { status, result } = asked.outcome;
      const unseen = status !== 'failed' && result === undefined ? unseenLabels(parts.registry, decided, view) : [];
      const completed = { ...finished.completed, labels: [...finished.completed.labels, ...unseen] };
      const { texts } = finished;
      return { events: completedEvents(parts.registry, view, { ...finished, completed }), texts, result: finished };
    },
    parts.closing,
  );
  return result;
}

/** What was passed on as `unknown` is passed on once: only a word on what came of it is heard after that. */
function tellsMore(asked: Asked, { completed }: ActionView): boolean {
  const passedOn = completed?.source === 'caller' && completed.status === 'unknown';
  return passedOn && asked.by.kind === 'operator' && asked.outcome.status !== 'unknown';
}

/** An agent settles its own; whoever executes for agents settles theirs. */
function mayReport(by: Caller, { decided }: ActionView): boolean {
  return by.kind === 'operator' || decided.session === by.principal.session;
}

function resultOf({ status, result, detail }: ReportedOutcome): ExecutionResult {
  switch (status) {
    case 'succeeded':
      return { status, result };
    case 'failed':
      return {
        status,
        code: 'EXECUTION_FAILED',
        detail: detail ?? 'the caller reports a failure',
        // Whoever made the call has seen its answer: its own word takes no label off it.
        exposed: true,
      };
    case 'unknown':
      return { status, code: 'OUTCOME_UNKNOWN', detail: detail ?? 'the caller does not know' };
    default:
      return status satisfies never;
  }
}
