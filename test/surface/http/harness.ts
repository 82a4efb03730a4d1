import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import type { FastifyInstance, InjectOptions } from 'fastify';
import { pino } from 'pino';
import { createHttpSurface, type HttpSurfaceOptions } from '../../../src/surface/http/create-http-surface.ts';
import { KEYS, MemoryInterlock } from './memory-interlock.ts';

export const HOST = '127.0.0.1:8080';

export interface Harness {
  readonly app: FastifyInstance;
  readonly interlock: MemoryInterlock;
  readonly workflow: string;
  /** Bearer tokens of two agents of the workflow, and their sessions. */
  readonly agent: { readonly token: string; readonly session: string };
  readonly helper: { readonly token: string; readonly session: string };
  /** Everything that was logged; ends the log. */
  readonly log: () => Promise<string>;
  readonly close: () => Promise<void>;
}

/** The surface over a gate in memory, with one workflow of two agents. */
export async function startHarness(
  options: Partial<HttpSurfaceOptions> & { interlock?: MemoryInterlock } = {},
): Promise<Harness> {
  const lines = new PassThrough({ highWaterMark: 1 << 24 });
  const { interlock = new MemoryInterlock() } = options;
  const app = await createHttpSurface({
    allowedHosts: ['127.0.0.1'],
    allowedOrigins: ['https://console.example'],
    logger: pino(lines),
    ...options,
    interlock,
  });
  const caller = await interlock.authenticate(KEYS.opener);
  const { id: workflow } = await interlock.open(caller, { onBehalfOf: { id: 'alice' }, mandate: 'Onboard Bob.' });
  const agent = await interlock.openSession(caller, workflow, { agent: 'planner' });
  const helper = await interlock.openSession(caller, workflow, { agent: 'helper', delegatedBy: agent.session });
  return {
    app,
    interlock,
    workflow,
    agent,
    helper,
    log: () => text(lines.end()),
    close: async () => {
      await app.close();
    },
  };
}

/** A request as a well-behaved client sends it. */
export function request(
  method: 'GET' | 'POST' | 'DELETE',
  url: string,
  bearer?: string,
  body?: unknown,
): InjectOptions {
  return {
    method,
    url,
    headers: {
      host: HOST,
      ...(bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { payload: typeof body === 'string' ? body : JSON.stringify(body) }),
  };
}
