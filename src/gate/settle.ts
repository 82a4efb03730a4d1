import type { StreamId } from '../action/log-port.ts';
import type { ExecutionResult } from '../connector/contract.ts';
import type { Registry } from '../connector/registry.ts';
import { InterlockError } from '../lib/errors.ts';
import type { Json } from '../lib/json.ts';
import type { Workflows } from '../workflow/workflows.ts';
import { type Finished, finish } from './finish.ts';

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

/**
 * Records what came of a permit, once, and answers the result with its obligations applied. A permit that expired to
 * `unknown` may still be told of. Throws NOT_FOUND and PERMIT_USED.
 */
export async function settle(
  parts: SettleParts,
  stream: StreamId,
  asked: { readonly id: string; readonly session: string; readonly outcome: ReportedOutcome },
): Promise<Finished> {
  const { result } = await parts.workflows.commitUntilIn(
    stream,
    (view) => {
      const action = view.actions.get(asked.id);
      if (action === undefined || action.decided.session !== asked.session)
        throw new InterlockError('NOT_FOUND', 'there is no such action in this workflow');
      const open = action.state === 'permitted' || action.completed?.source === 'expiry';
      if (action.decided.mode !== 'decide' || !open) throw new InterlockError('PERMIT_USED');
      const finished = finish(parts.registry.operation(action.decided.operation), action.decided, {
        result: resultOf(asked.outcome),
        source: 'caller',
      });
      return { events: [{ type: 'action.completed', payload: finished.completed }], result: finished };
    },
    parts.closing,
  );
  return result;
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
        exposed: result !== undefined,
      };
    case 'unknown':
      return { status, code: 'OUTCOME_UNKNOWN', detail: detail ?? 'the caller does not know' };
    default:
      return status satisfies never;
  }
}
