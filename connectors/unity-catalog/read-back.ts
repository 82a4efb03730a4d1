import type { ExecutionContext, ExecutionResult, Probe, ProbeResult } from '../../src/connector/contract.ts';
import type { HttpCall, HttpReply, HttpResult } from '../../src/connector/http/http-client.ts';
import { failedOf } from '../../src/connector/http/http-execution.ts';
import { databricksError } from './failure-of.ts';

export function read(path: string, { http, signal }: ExecutionContext): Promise<HttpResult> {
  return http.send({ method: 'GET', path }, { repeatable: true, reads: true, signal });
}

/** Whether Databricks itself says that there is no such thing; a bare 404 can be anybody's on the way [sdk: error codes]. */
export function isAbsent(answer: HttpResult): boolean {
  if (answer.ok || answer.reply?.status !== 404) return false;
  const parsed = databricksError.safeParse(answer.reply.body);
  return parsed.success && /(?:DOES_NOT_EXIST|NOT_FOUND)$/.test(parsed.data.error_code);
}

export function undetermined(answer: HttpResult): ProbeResult {
  return { status: 'undetermined', detail: answer.ok ? 'The reply does not tell.' : answer.detail };
}

/** For deletions: gone means applied, still there means not applied. */
export function absenceProbe<I>(pathOf: (input: I) => string): Probe<I> {
  return async (input, context) => {
    const answer = await read(pathOf(input), context);
    if (answer.ok) return { status: 'not-applied' };
    return isAbsent(answer) ? { status: 'applied', result: {} } : undetermined(answer);
  };
}

/** For what states a whole: what is read is told by `holds`; undefined where it does not tell. */
export function stateProbe<I>(
  pathOf: (input: I) => string,
  holds: (reply: HttpReply, input: I) => boolean | undefined,
): Probe<I> {
  return async (input, context) => {
    const answer = await read(pathOf(input), context);
    const applied = answer.ok ? holds(answer.reply, input) : undefined;
    if (applied === undefined) return undetermined(answer);
    return applied ? { status: 'applied', result: {} } : { status: 'not-applied' };
  };
}

interface Replacement<F> {
  /** Where the state is read before it is changed. */
  readonly from: string;
  readonly former: (reply: HttpReply) => F;
  readonly call: HttpCall;
  readonly repeatable: boolean;
}

/** Reads what is there, changes it, and answers `{ former }`, so that it can be put back. Nothing is sent where it cannot be read. */
export async function changeKeeping<F>(
  { from, former, call, repeatable }: Replacement<F>,
  context: ExecutionContext,
): Promise<ExecutionResult> {
  const before = await read(from, context);
  if (!before.ok) return failedOf(before, true);
  let kept: F;
  try {
    kept = former(before.reply);
  } catch {
    // What the parser says may quote the reply.
    return {
      status: 'failed',
      code: 'RESPONSE_UNEXPECTED',
      detail: 'What is there now cannot be read.',
      exposed: true,
    };
  }
  const answer = await context.http.send(call, { repeatable, signal: context.signal });
  return answer.ok ? { status: 'succeeded', result: { former: kept } } : failedOf(answer, false);
}
