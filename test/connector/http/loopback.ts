import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import type { Authentication, Failure } from '../../../src/connector/contract.ts';
import { type CreateHttpClientOptions, createHttpClient } from '../../../src/connector/http/create-http-client.ts';
import type { HttpClient, HttpReply } from '../../../src/connector/http/http-client.ts';
import type { Clock } from '../../../src/lib/clock.ts';

/** Twenty times faster than the real one: back-offs cost milliseconds, and nobody sleeps. */
export function hurriedClock(): Clock {
  const factor = 20;
  const startedAt = Date.now();
  return {
    now: () => startedAt + (Date.now() - startedAt) * factor,
    after(delayMs, callback) {
      const timer = setTimeout(callback, delayMs / factor);
      return () => clearTimeout(timer);
    },
  };
}

/** A server on 127.0.0.1 for this test; `requests` are the `METHOD /url` it has received. */
export async function startServer(
  answer: RequestListener,
): Promise<{ readonly origin: string; readonly requests: string[]; readonly server: Server }> {
  const requests: string[] = [];
  const server = createServer((incoming: IncomingMessage, outgoing: ServerResponse) => {
    requests.push(`${incoming.method} ${incoming.url}`);
    answer(incoming, outgoing);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests, server };
}

export const anonymous: Authentication = { headers: async () => ({}), refused: () => false };

/** A plain vendor: 2xx is success; 401 credential; 429 rate limit; 503 unavailable; other 5xx may have happened. */
export function plainFailure(reply: HttpReply): Failure | undefined {
  const detail = `answered ${reply.status}`;
  if (reply.status >= 200 && reply.status < 300) return undefined;
  if (reply.status === 401) return { class: 'credential', detail };
  if (reply.status === 429) return { class: 'rate-limited', detail };
  if (reply.status === 503) return { class: 'unavailable', detail };
  return { class: reply.status >= 500 ? 'ambiguous' : 'refused', detail };
}

export function clientOf(origin: string, options: Partial<CreateHttpClientOptions> = {}): HttpClient {
  return createHttpClient({
    origin,
    authentication: anonymous,
    failureOf: plainFailure,
    clock: hurriedClock(),
    random: () => 0.5,
    ...options,
  });
}

export const never: AbortSignal = new AbortController().signal;
export const read = { repeatable: true, signal: never };
export const write = { repeatable: false, signal: never };

/** An address on which nobody listens. */
export async function deadOrigin(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return `http://127.0.0.1:${port}`;
}
