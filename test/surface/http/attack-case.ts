import type { InjectOptions } from 'fastify';
import type { ErrorCode } from '../../../src/lib/errors.ts';
import { type Harness, KEYS, READ, request } from './harness.ts';

/** A bad request, and what it must be answered. */
export interface AttackCase {
  readonly title: string;
  readonly send: (harness: Harness) => InjectOptions;
  readonly code: ErrorCode;
}

export const call = (body: unknown) => (harness: Harness) => request('POST', '/v1/actions', harness.agent.token, body);
export const get =
  (url: string, bearer: string = KEYS.admin) =>
  () =>
    request('GET', url, bearer);
export const headed = (headers: Record<string, string>) => (harness: Harness) => {
  const sent = call(READ)(harness);
  return { ...sent, headers: { ...sent.headers, ...headers } };
};

export const withHeaders = (sent: InjectOptions, headers: Record<string, string>): InjectOptions => ({
  ...sent,
  headers: { ...sent.headers, ...headers },
});
