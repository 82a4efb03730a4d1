import type { ExecutionContext, Probe, ProbeResult } from '../../src/connector/contract.ts';
import type { HttpCall, HttpResult } from '../../src/connector/http/http-client.ts';
import { graphError } from './failure-of.ts';
import { readPages } from './pages.ts';

/** Sends a GET that settles what became of a write. */
export function readBack(call: Omit<HttpCall, 'method'>, context: ExecutionContext): Promise<HttpResult> {
  return context.http.send({ method: 'GET', ...call }, { repeatable: true, reads: true, signal: context.signal });
}

const ABSENT: ReadonlySet<string> = new Set(['Request_ResourceNotFound', 'ResourceNotFound', 'NotFound']);

/** Whether Graph itself says that there is no such thing; a bare 404 can be anybody's on the way. */
export function isAbsent(answer: HttpResult): boolean {
  if (answer.ok || answer.reply?.status !== 404) return false;
  const error = graphError.safeParse(answer.reply.body);
  return error.success && ABSENT.has(error.data.error.code);
}

export function undetermined(answer: HttpResult): ProbeResult {
  return { status: 'undetermined', detail: answer.ok ? 'The reply does not tell.' : answer.detail };
}

/** For what is deleted for good: gone means applied, still there means not applied. */
export function absenceProbe<I>(pathOf: (input: I) => string): Probe<I> {
  return async (input, context) => {
    const answer = await readBack({ path: pathOf(input) }, context);
    if (answer.ok) return { status: 'not-applied' };
    return isAbsent(answer) ? { status: 'applied', result: {} } : undetermined(answer);
  };
}

/** The most entries of a list that a read-back looks through. */
const LOOKED_THROUGH = 10_000;

/**
 * For what is an entry of a list: `find` sees the whole list or nothing, because an entry that is missing from a part of
 * a list may stand in the rest.
 */
export async function probeList(
  call: Omit<HttpCall, 'method'>,
  { context, find }: { readonly context: ExecutionContext; readonly find: (items: readonly unknown[]) => ProbeResult },
): Promise<ProbeResult> {
  const listed = await readPages(call, { limit: LOOKED_THROUGH, context });
  if ('status' in listed) return { status: 'undetermined', detail: 'The list could not be read.' };
  return listed.truncated
    ? { status: 'undetermined', detail: 'The list is too long to look through.' }
    : find(listed.items);
}
