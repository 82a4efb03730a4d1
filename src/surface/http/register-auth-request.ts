import type { FastifyInstance } from 'fastify';

/** Decides requests that a gateway reports by the headers of a subrequest. */
export type AuthRequestHandler = (
  gateway: string,
  headers: Readonly<Record<string, string>>,
) => Promise<{
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}>;

/** Offers each gateway its place to ask. What proves the gateway is in its headers, so no guard stands before it. */
export function registerAuthRequest(app: FastifyInstance, handle: AuthRequestHandler): void {
  app.route<{ Params: { gateway: string } }>({
    method: 'GET',
    url: '/v1/gateways/:gateway/decision',
    async handler({ params, raw }, reply) {
      const { status, headers, body } = await handle(params.gateway, joined(raw.rawHeaders));
      return reply.code(status).headers(headers).send(body);
    },
  });
}

/** By lower-case name; whatever came twice is joined, so that it is no single value of anything. */
function joined(rawHeaders: readonly string[]): Readonly<Record<string, string>> {
  const headers: Record<string, string> = {};
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = (rawHeaders[i] ?? '').toLowerCase();
    const value = rawHeaders[i + 1] ?? '';
    headers[name] = Object.hasOwn(headers, name) ? `${headers[name]}, ${value}` : value;
  }
  return headers;
}
