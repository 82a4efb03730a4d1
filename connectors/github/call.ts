import type { HttpCall } from '../../src/connector/http/http-client.ts';

/** What GitHub wants of every caller [doc]: the media type, the version of the API, and a name. */
const HEADERS = {
  accept: 'application/vnd.github+json',
  'x-github-api-version': '2022-11-28',
  'user-agent': 'interlock',
} as const;

export function call(method: HttpCall['method'], path: string, more: Pick<HttpCall, 'query' | 'body'> = {}): HttpCall {
  return { method, path, headers: HEADERS, ...more };
}
