import type { ExecutionContext, ProbeResult } from '../../src/connector/contract.ts';
import type { HttpCall, HttpResult } from '../../src/connector/http/http-client.ts';

export function read(call: HttpCall, { http, signal }: ExecutionContext): Promise<HttpResult> {
  return http.send(call, { repeatable: true, reads: true, signal });
}

export function undetermined(answer: HttpResult): ProbeResult {
  return { status: 'undetermined', detail: answer.ok ? 'The reply does not tell.' : answer.detail };
}
