import type { ExecutionContext, ProbeResult } from '../../src/connector/contract.ts';
import type { HttpResult } from '../../src/connector/http/http-client.ts';
import type { JsonObject } from '../../src/lib/json.ts';
import { methodCall } from './method-call.ts';

export function ask(method: string, fields: JsonObject, { http, signal }: ExecutionContext): Promise<HttpResult> {
  return http.send(methodCall(method, fields), { repeatable: true, reads: true, signal });
}

export function undetermined(answer: HttpResult): ProbeResult {
  return { status: 'undetermined', detail: answer.ok ? 'The reply does not tell.' : answer.detail };
}
