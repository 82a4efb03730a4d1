import { Client, SdkHttpError, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { toolNameOf } from '../../src/action/names.ts';
import type { Answer } from '../../src/gate/answers.ts';
import { InterlockError } from '../../src/lib/errors.ts';
import { isJsonObject, type Json, type JsonObject } from '../../src/lib/json.ts';
import type { World } from './world.ts';

/** A call as its client writes it: the input as JSON text, so that every surface is given the same characters. */
export interface WrittenCall {
  readonly id?: string | undefined;
  readonly operation: string;
  readonly inputText: string;
}

/** An answer, or the stable code of what could not be governed. */
export type Told = Answer | { readonly code: string };

export interface Surface {
  readonly name: 'library' | 'http' | 'mcp';
  /** `beside`: further members where the surface has a place beside operation and input. */
  run(world: World, bearer: string, call: WrittenCall, beside?: JsonObject): Promise<Told>;
  /** Asks for an action, waiting at most `waitMs`. */
  look(world: World, bearer: string, id: string, waitMs?: number): Promise<Told>;
}

const library: Surface = {
  name: 'library',
  run: (world, bearer, { id, operation, inputText }, beside = {}) =>
    told(async () => {
      const caller = await world.interlock.authenticate(bearer);
      const input: JsonObject = JSON.parse(inputText);
      return world.interlock.run(caller, { ...(id === undefined ? {} : { id }), operation, input, ...beside });
    }),
  look: (world, bearer, id, waitMs) =>
    told(async () => world.interlock.action(await world.interlock.authenticate(bearer), id, waitMs)),
};

async function told(ask: () => Promise<Answer>): Promise<Told> {
  try {
    return await ask();
  } catch (thrown) {
    if (thrown instanceof InterlockError) return { code: thrown.code };
    throw thrown;
  }
}

const http: Surface = {
  name: 'http',
  run: ({ url }, bearer, { id, operation, inputText }, beside = {}) => {
    const members = Object.entries({ id, operation, ...beside }).filter(([, value]) => value !== undefined);
    const body = [
      ...members.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`),
      `"input":${inputText}`,
    ];
    return post(`${url}/v1/actions`, bearer, `{${body.join(',')}}`);
  },
  look: async ({ url }, bearer, id, waitMs = 0) =>
    read(await fetch(`${url}/v1/actions/${encodeURIComponent(id)}?waitMs=${waitMs}`, { headers: authorized(bearer) })),
};

function authorized(bearer: string): Record<string, string> {
  return {
    authorization: `Bearer ${bearer}`,
    'content-type': 'application/json',
    accept: 'application/json, text/event-stream',
  };
}

async function post(url: string, bearer: string, body: string): Promise<Told> {
  return read(await fetch(url, { method: 'POST', headers: authorized(bearer), body }));
}

async function read(response: Response): Promise<Told> {
  const text = await response.text();
  return toldBy(JSON.parse(/^data: (.*)$/m.exec(text)?.[1] ?? text));
}

/** The answer or code in a body: problem+json, an answer, a tool's result or a JSON-RPC error. */
function toldBy(body: Json | undefined): Told {
  if (!isJsonObject(body)) throw new Error('there is no answer in the body');
  const { result, error, structuredContent } = body;
  if (isJsonObject(result)) return toldBy(result);
  if (isJsonObject(error)) return toldBy(error['data']);
  if (structuredContent !== undefined) return toldBy(structuredContent);
  if (typeof body['code'] !== 'string' && typeof body['decision'] !== 'string') throw new Error(JSON.stringify(body));
  return body as unknown as Told; // it has a code or a decision, and that is all that is compared
}

/** Text that a client library would not send goes as it is; everything else through the SDK's own client. */
const mcp: Surface = {
  name: 'mcp',
  run: async (world, bearer, { id, operation, inputText }, beside) => {
    const meta = id === undefined ? {} : { _meta: { 'interlock/id': id } };
    const params = { name: toolNameOf(operation), ...meta, ...beside };
    const opening = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params }).slice(0, -2);
    const raw = () => post(`${world.url}/mcp`, bearer, `${opening},"arguments":${inputText}}}`);
    if (beside !== undefined || !isSentBySdk(inputText)) return raw();
    const found = await withClient(world, bearer, (client) =>
      client.callTool({ name: params.name, arguments: JSON.parse(inputText), ...meta }),
    );
    return found ?? raw();
  },
  look: async (world, bearer, id, waitMs = 0) => {
    const params = { name: 'interlock_action_wait', arguments: { id, waitMs } };
    const found = await withClient(world, bearer, (client) => client.callTool(params));
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params });
    return found ?? post(`${world.url}/mcp`, bearer, body);
  },
};

function isSentBySdk(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return text.length < 10_000 && isJsonObject(value) && JSON.stringify(value) === text;
  } catch {
    return false;
  }
}

/** Undefined where the server refuses the client's request as such: then a bare request shows with which code. */
async function withClient(
  { url }: World,
  bearer: string,
  use: (client: Client) => Promise<{ readonly structuredContent?: unknown }>,
): Promise<Told | undefined> {
  const client = new Client({ name: 'parity', version: '1' });
  const headers = { authorization: `Bearer ${bearer}` };
  const transport = new StreamableHTTPClientTransport(new URL(`${url}/mcp`), { requestInit: { headers } });
  try {
    await client.connect(transport);
    return toldBy((await use(client)).structuredContent as Json | undefined);
  } catch (thrown) {
    if (thrown instanceof SdkHttpError) return undefined;
    throw thrown;
  } finally {
    await client.close();
  }
}

export const SURFACES: readonly Surface[] = [library, http, mcp];
