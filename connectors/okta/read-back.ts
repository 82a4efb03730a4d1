import { z } from 'zod';
import type { ExecutionContext, Probe, ProbeResult } from '../../src/connector/contract.ts';
import type { HttpCall, HttpResult } from '../../src/connector/http/http-client.ts';
import { path } from '../../src/connector/http/path.ts';
import { userState } from './user-schema.ts';

/** Sends a GET that settles what became of a write. */
export function readBack(call: Omit<HttpCall, 'method'>, context: ExecutionContext): Promise<HttpResult> {
  return context.http.send({ method: 'GET', ...call }, { repeatable: true, signal: context.signal });
}

const notFound = z.object({ errorCode: z.literal('E0000007') });

/** Whether Okta itself says that there is no such thing [doc: E0000007]; a bare 404 can be anybody's on the way. */
export function isAbsent(answer: HttpResult): boolean {
  return !answer.ok && answer.reply?.status === 404 && notFound.safeParse(answer.reply.body).success;
}

export function undetermined(answer: HttpResult): ProbeResult {
  return { status: 'undetermined', detail: answer.ok ? 'The reply does not tell.' : answer.detail };
}

/** For deletions: gone means applied, still there means not applied. */
export function absenceProbe<I>(pathOf: (input: I) => string): Probe<I> {
  return async (input, context) => {
    const answer = await readBack({ path: pathOf(input) }, context);
    if (answer.ok) return { status: 'not-applied' };
    return isAbsent(answer) ? { status: 'applied', result: {} } : undetermined(answer);
  };
}

export interface StatusMeaning {
  readonly applied: readonly string[];
  /** Only states which the user cannot have reached alone after the operation took effect. */
  readonly notApplied: readonly string[];
}

/** For state transitions of a user: its status tells. A transition that goes on is `running`. */
export function userStatusProbe<I extends { readonly userId: string }>(meaning: StatusMeaning): Probe<I> {
  return async ({ userId }, context) => {
    const answer = await readBack({ path: path`/api/v1/users/${userId}` }, context);
    const state = answer.ok ? userState.safeParse(answer.reply.body) : undefined;
    return state?.success === true ? judge(state.data, meaning) : undetermined(answer);
  };
}

function judge(state: z.output<typeof userState>, { applied, notApplied }: StatusMeaning): ProbeResult {
  const { status, transitioningToStatus } = state;
  if (typeof transitioningToStatus === 'string') {
    return applied.includes(transitioningToStatus)
      ? { status: 'running' }
      : { status: 'undetermined', detail: 'The user is in transition to another status.' };
  }
  if (applied.includes(status)) return { status: 'applied', result: { status } };
  if (notApplied.includes(status)) return { status: 'not-applied' };
  return { status: 'undetermined', detail: `The user is ${status}, which does not tell.` };
}
