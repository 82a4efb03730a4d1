import type { HttpCall } from '../../src/connector/http/http-client.ts';

export function call(method: HttpCall['method'], path: string, more: Pick<HttpCall, 'query' | 'body'> = {}): HttpCall {
  return { method, path: `/rest/api/3${path}`, headers: { accept: 'application/json' }, ...more };
}
