import { z } from 'zod';
import type { ExecutionContext, Probe, ProbeResult } from '../../src/connector/contract.ts';
import type { HttpResult } from '../../src/connector/http/http-client.ts';
import { call } from './call.ts';
import type { InRepo } from './ids.ts';
import { repoPath } from './paths.ts';

export function read(path: string, { http, signal }: ExecutionContext, query = {}): Promise<HttpResult> {
  return http.send(call('GET', path, { query }), { repeatable: true, reads: true, signal });
}

export function undetermined(answer: HttpResult): ProbeResult {
  return { status: 'undetermined', detail: answer.ok ? 'The reply does not tell.' : answer.detail };
}

export const isNotFound = (answer: HttpResult): boolean => !answer.ok && answer.reply?.status === 404;

const administered = z.object({ permissions: z.object({ admin: z.literal(true) }) });

/** GitHub says 404 also to whoever may not look; it is told to an administrator of the repository alone. */
async function mayLook(at: InRepo, context: ExecutionContext): Promise<boolean> {
  const answer = await read(repoPath(at), context);
  return answer.ok && administered.safeParse(answer.reply.body).success;
}

/** For what is removed from a repository: gone means applied, there means not applied. */
export function absenceProbe<I extends InRepo>(pathOf: (input: I) => string): Probe<I> {
  return async (input, context) => {
    const answer = await read(pathOf(input), context);
    if (answer.ok) return { status: 'not-applied' };
    if (!isNotFound(answer) || !(await mayLook(input, context))) return undetermined(answer);
    return { status: 'applied', result: {} };
  };
}

/** For what is set on something: `isApplied` reads it. */
export function stateProbe<I>(pathOf: (input: I) => string, isApplied: (body: unknown, input: I) => boolean): Probe<I> {
  return async (input, context) => {
    const answer = await read(pathOf(input), context);
    if (!answer.ok) return undetermined(answer);
    return isApplied(answer.reply.body, input)
      ? { status: 'applied', result: answer.reply.body }
      : { status: 'not-applied' };
  };
}
