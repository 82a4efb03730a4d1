import type { ExecutionContext, ProbeResult } from '../../src/connector/contract.ts';
import type { HttpResult } from '../../src/connector/http/http-client.ts';
import type { JsonObject } from '../../src/lib/json.ts';
import { call } from './call.ts';

export function read(
  path: string,
  { http, signal }: ExecutionContext,
  query: Readonly<Record<string, string>> = {},
): Promise<HttpResult> {
  return http.send(call('GET', path, { query }), { repeatable: true, reads: true, signal });
}

export function undetermined(answer: HttpResult): ProbeResult {
  return { status: 'undetermined', detail: answer.ok ? 'The reply does not tell.' : answer.detail };
}

/** Reads one thing and says whether it is as it should be. */
export function stateProbe<I>(
  look: (input: I) => { readonly path: string; readonly query?: Readonly<Record<string, string>> },
  isApplied: (body: unknown, input: I) => boolean,
  result: JsonObject = {},
): (input: I, context: ExecutionContext) => Promise<ProbeResult> {
  return async (input, context) => {
    const { path, query } = look(input);
    const answer = await read(path, context, query);
    if (!answer.ok) return undetermined(answer);
    return isApplied(answer.reply.body, input) ? { status: 'applied', result } : { status: 'not-applied' };
  };
}
