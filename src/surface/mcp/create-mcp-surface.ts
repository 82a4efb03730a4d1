import type { Readable, Writable } from 'node:stream';
import { createMcpHandler } from '@modelcontextprotocol/server';
import { StdioServerTransport, serveStdio } from '@modelcontextprotocol/server/stdio';
import type { Caller, Interlock } from '../../gate/interlock.ts';
import { BOUNDS } from '../../lib/bounds.ts';
import { InterlockError } from '../../lib/errors.ts';
import { type IdSource, randomIds } from '../../lib/ids.ts';
import { isJsonObject, type Json, type JsonObject } from '../../lib/json.ts';
import { Connections } from './connections.ts';
import { type RpcRequest, readMessage, refuseMismatch } from './read-message.ts';
import { strictLines } from './strict-lines.ts';
import { toolServer } from './tool-server.ts';

export interface McpSurfaceOptions {
  readonly interlock: Interlock;
  /** What clients are told about us. */
  readonly version: string;
  readonly ids?: IdSource | undefined;
  /** How many connections of one operator's key are remembered. */
  readonly connectionLimit?: number | undefined;
}

export interface McpSurface {
  /**
   * One request of streamable HTTP, whose caller is authenticated, whose Host and Origin are checked, and whose body was
   * read by `parseJson`: the HTTP surface does all three for everything it serves. `body` is undefined where there is none.
   */
  readonly handle: (request: Request, context: McpRequest) => Promise<Response>;
  /** Serves one client over stdio until its end. Throws UNAUTHENTICATED. */
  readonly serveStdio: (options: StdioOptions) => Promise<void>;
}

export interface McpRequest {
  readonly caller: Caller;
  readonly body: Json | undefined;
}

export interface StdioOptions {
  /** A session token or an operator's key. */
  readonly bearer: string;
  readonly input: Readable;
  readonly output: Writable;
}

const CLIENT_INFO = 'io.modelcontextprotocol/clientInfo';

/** Interlock as an MCP server: every operation of every connector is a tool, and every call of one is decided first. */
export function createMcpSurface({
  interlock,
  version,
  ids = randomIds(),
  connectionLimit,
}: McpSurfaceOptions): McpSurface {
  const connections = new Connections({ interlock, ids, limit: connectionLimit });

  async function handle(request: Request, { caller, body }: McpRequest): Promise<Response> {
    if (request.method !== 'POST' || body === undefined)
      return new Response(null, { status: 405, headers: { allow: 'POST' } });
    const message = readMessage(body);
    if (message.kind === 'refused')
      return Response.json(message.answer, { status: message.answer.id === null ? 400 : 200 });
    if (message.kind === 'notification') return new Response(null, { status: 202 });
    const mismatch = refuseMismatch(message.request, request.headers);
    if (mismatch !== undefined) return Response.json(mismatch, { status: 400 });
    const session = request.headers.get('mcp-session-id');
    if (session !== null && message.request.method !== 'initialize') connections.check(caller, session);
    const client = session ?? clientOf(message.request);
    const server = () => toolServer({ interlock, caller, version, agent: () => connections.agentOf(caller, client) });
    const response = await createMcpHandler(server).fetch(request, { parsedBody: body });
    const begun = message.request.method === 'initialize' && response.ok ? connections.begin(caller) : undefined;
    return begun === undefined ? response : withHeader(response, 'mcp-session-id', begun);
  }

  async function serve({ bearer, input, output }: StdioOptions): Promise<void> {
    const caller = await interlock.authenticate(bearer);
    const client = ids.id('mcp');
    const lines = input.pipe(strictLines((answer) => output.write(`${JSON.stringify(answer)}\n`)));
    const transport = new StdioServerTransport(lines, output, { maxBufferSize: 2 * BOUNDS.bodyBytes });
    const server = () => toolServer({ interlock, caller, version, agent: () => connections.agentOf(caller, client) });
    const handle = serveStdio(server, { transport });
    await new Promise<void>((resolve) => {
      lines.once('close', resolve);
      lines.once('end', resolve);
    });
    await handle.close();
  }

  return { handle, serveStdio: serve };
}

/** How a client of 2026-07-28, which has no session, introduces itself with each request. It only tells connections of one key apart. */
function clientOf(request: RpcRequest): string {
  const params = request['params'];
  const meta = isJsonObject(params) ? params['_meta'] : undefined;
  const info = isJsonObject(meta) ? meta[CLIENT_INFO] : undefined;
  return isJsonObject(info) ? nameOfClient(info) : '';
}

function nameOfClient({ name, version }: JsonObject): string {
  if (typeof name !== 'string') throw new InterlockError('INVALID_CALL', 'the name of the client is missing');
  return JSON.stringify([
    name.slice(0, BOUNDS.idLength),
    typeof version === 'string' ? version.slice(0, BOUNDS.idLength) : '',
  ]);
}

function withHeader(response: Response, name: string, value: string): Response {
  const headers = new Headers(response.headers);
  headers.set(name, value);
  return new Response(response.body, { status: response.status, headers });
}
