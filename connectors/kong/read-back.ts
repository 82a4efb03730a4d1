import type { ExecutionContext, Probe, ProbeResult } from '../../src/connector/contract.ts';
import type { HttpResult } from '../../src/connector/http/http-client.ts';

export function read(path: string, { http, signal }: ExecutionContext): Promise<HttpResult> {
  return http.send({ method: 'GET', path }, { repeatable: true, reads: true, signal });
}

/** Whether Kong itself says that there is no such thing [mem: `{"message":"Not found"}`]; a bare 404 can be anybody's on the way. */
export function isAbsent(answer: HttpResult): boolean {
  const { status, body } = answer.ok
    ? { status: 200, body: undefined }
    : (answer.reply ?? { status: 0, body: undefined });
  return (
    status === 404 && typeof body === 'object' && body !== null && 'message' in body && body.message === 'Not found'
  );
}

export function undetermined(answer: HttpResult): ProbeResult {
  return { status: 'undetermined', detail: answer.ok ? 'The reply does not tell.' : answer.detail };
}

/** For what is made under an id of its own: there means applied. */
export function presenceProbe<I>(pathOf: (input: I, context: ExecutionContext) => string): Probe<I> {
  return async (input, context) => {
    const answer = await read(pathOf(input, context), context);
    if (answer.ok) return { status: 'applied', result: answer.reply.body };
    return isAbsent(answer) ? { status: 'not-applied' } : undetermined(answer);
  };
}

/** For deletions: gone means applied, still there means not applied. */
export function absenceProbe<I>(pathOf: (input: I) => string): Probe<I> {
  return async (input, context) => {
    const answer = await read(pathOf(input), context);
    if (answer.ok) return { status: 'not-applied' };
    return isAbsent(answer) ? { status: 'applied', result: {} } : undetermined(answer);
  };
}
