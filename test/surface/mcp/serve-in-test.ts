import type { AddressInfo } from 'node:net';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { pino } from 'pino';
import type { Interlock } from '../../../src/gate/interlock.ts';
import { isJsonObject, type JsonObject } from '../../../src/lib/json.ts';
import { createHttpSurface } from '../../../src/surface/http/create-http-surface.ts';
import { createMcpSurface } from '../../../src/surface/mcp/create-mcp-surface.ts';

export type Generation = 'legacy' | 'auto';

export interface Served {
  readonly url: string;
  /** An SDK client of the given protocol generation, connected. */
  client(bearer: string, generation?: Generation, name?: string): Promise<Client>;
  /** One raw request. */
  post(bearer: string | undefined, body: unknown, headers?: Readonly<Record<string, string>>): Promise<Reply>;
  close(): Promise<void>;
}

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The JSON-RPC message, whether it came as JSON or as an event. */
  readonly message: JsonObject;
}

/** The MCP surface where users find it: mounted in the HTTP surface, listening on loopback. */
export async function serveInTest(interlock: Interlock, connectionLimit?: number): Promise<Served> {
  const { handle } = createMcpSurface({ interlock, version: '0.0.0', connectionLimit });
  const app = await createHttpSurface({
    interlock,
    mcp: handle,
    console: false,
    allowedHosts: ['127.0.0.1'],
    allowedOrigins: [],
    logger: pino({ level: 'silent' }),
  });
  await app.listen({ port: 0, host: '127.0.0.1' });
  const url = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}/mcp`;
  const clients: Client[] = [];
  return {
    url,
    async client(bearer, generation = 'auto', name = 'test-client') {
      const client = new Client({ name, version: '1' }, { versionNegotiation: { mode: generation } });
      await client.connect(
        new StreamableHTTPClientTransport(new URL(url), {
          requestInit: { headers: { authorization: `Bearer ${bearer}` } },
        }),
      );
      clients.push(client);
      return client;
    },
    async post(bearer, body, headers = {}) {
      const response = await fetch(url, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          accept: 'application/json, text/event-stream',
          ...(bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }),
          ...headers,
        },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      });
      const text = await response.text();
      return { status: response.status, headers: response.headers, text, message: messageOf(text) };
    },
    async close() {
      await Promise.all(clients.map((client) => client.close()));
      await app.close();
    },
  };
}

function messageOf(text: string): JsonObject {
  const json = /^data: (.*)$/m.exec(text)?.[1] ?? text;
  const parsed: unknown = json === '' ? {} : JSON.parse(json);
  return isJsonObject(parsed) ? (parsed as JsonObject) : {};
}
