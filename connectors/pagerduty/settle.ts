import type { ExecutionContext, HttpCall, ProbeResult, z } from '../../src/connector/index.ts';

/** Reads the system back: what the answer says of the action is for `judge`; an answer it cannot read settles nothing. */
export async function settle<T extends z.ZodType>(
  call: HttpCall,
  { http, signal }: ExecutionContext,
  { shape, judge }: { readonly shape: T; readonly judge: (body: z.output<T>) => ProbeResult },
): Promise<ProbeResult> {
  const answer = await http.send(call, { repeatable: true, reads: true, signal });
  if (!answer.ok) return { status: 'undetermined', detail: answer.detail };
  const parsed = shape.safeParse(answer.reply.body);
  return parsed.success ? judge(parsed.data) : unsure('the answer has another shape than was expected');
}

/** For what was deleted: only a 404 says that it is gone. */
export async function settleGone(call: HttpCall, { http, signal }: ExecutionContext): Promise<ProbeResult> {
  const answer = await http.send(call, { repeatable: true, reads: true, signal });
  if (answer.ok) return { status: 'not-applied' };
  return answer.reply?.status === 404
    ? { status: 'applied', result: {} }
    : { status: 'undetermined', detail: answer.detail };
}

export const unsure = (detail: string): ProbeResult => ({ status: 'undetermined', detail });
