import { ERRORS, type ErrorCode, InterlockError } from '../../lib/errors.ts';
import { isJsonObject, type Json, type JsonObject } from '../../lib/json.ts';

/** JSON-RPC 2.0 and MCP codes for what is refused before any handler sees it. */
const RPC = { parse: -32700, request: -32600, method: -32601, params: -32602, headers: -32020 } as const;

export interface RpcRequest extends JsonObject {
  readonly jsonrpc: '2.0';
  readonly id: string | number;
  readonly method: string;
}

export interface RpcError {
  readonly jsonrpc: '2.0';
  readonly id: string | number | null;
  readonly error: {
    readonly code: number;
    readonly message: string;
    readonly data: { readonly code: ErrorCode; readonly hint: string };
  };
}

/** A request that may go on, a message that never causes anything, or the answer to one that goes no further. */
export type ReadMessage =
  | { readonly kind: 'request'; readonly request: RpcRequest }
  | { readonly kind: 'notification'; readonly method: string }
  | { readonly kind: 'refused'; readonly answer: RpcError };

/** All that a client may ask. Everything else that MCP has, or will have, is refused until it is governed. */
const GOVERNED: ReadonlySet<string> = new Set(['initialize', 'ping', 'server/discover', 'tools/list', 'tools/call']);

const MEMBERS: ReadonlySet<string> = new Set(['jsonrpc', 'id', 'method', 'params']);

/** Members of `tools/call` that have a meaning here: answers to questions that we never ask have none. */
const CALL_PARAMS: ReadonlySet<string> = new Set(['name', 'arguments', '_meta']);

/** Reads one parsed JSON-RPC message, strictly: a member in another case or of another version is not overlooked. */
export function readMessage(body: Json): ReadMessage {
  if (Array.isArray(body))
    return refuse(null, RPC.request, 'INVALID_CALL', 'batches are not accepted: send one message');
  if (!isJsonObject(body) || body['jsonrpc'] !== '2.0')
    return refuse(null, RPC.request, 'INVALID_CALL', 'this is not a JSON-RPC 2.0 message');
  const { id, method, params } = body;
  if (method === undefined && id !== undefined && ('result' in body || 'error' in body))
    return { kind: 'notification', method: 'response' };
  const unknown = Object.keys(body).find((name) => !MEMBERS.has(name));
  if (unknown !== undefined)
    return refuse(null, RPC.request, 'INVALID_CALL', `the member ${JSON.stringify(unknown)} is not known`);
  if (typeof method !== 'string') return refuse(null, RPC.request, 'INVALID_CALL', 'the method is missing');
  if (!('id' in body)) return { kind: 'notification', method };
  if (typeof id !== 'string' && typeof id !== 'number')
    return refuse(null, RPC.request, 'INVALID_CALL', 'the id is not a string or number');
  if (!GOVERNED.has(method)) return refuse(id, RPC.method, 'METHOD_NOT_GOVERNED', method.slice(0, 100));
  if (params !== undefined && !isJsonObject(params))
    return refuse(id, RPC.params, 'INVALID_CALL', 'the params are not an object');
  if (method === 'tools/call') {
    const problem = problemOfCall(params ?? {});
    if (problem !== undefined) return refuse(id, RPC.params, 'INVALID_CALL', problem);
  }
  return { kind: 'request', request: { ...body, jsonrpc: '2.0', id, method } };
}

function problemOfCall(params: JsonObject): string | undefined {
  const unknown = Object.keys(params).find((name) => !CALL_PARAMS.has(name));
  if (unknown !== undefined) return `tools/call does not take ${JSON.stringify(unknown)}`;
  if (typeof params['name'] !== 'string') return 'the name of the tool is missing';
  if (params['arguments'] !== undefined && !isJsonObject(params['arguments'])) return 'the arguments are not an object';
  return undefined;
}

/**
 * Whether the headers that proxies route by say what the body says (MCP 2026-07-28, streamable HTTP). They may be
 * missing here; where they are required the SDK refuses.
 */
export function refuseMismatch(request: RpcRequest, headers: Headers): RpcError | undefined {
  const method = headers.get('mcp-method');
  if (method !== null && method !== request.method) return mismatch(request, 'Mcp-Method');
  const name = headers.get('mcp-name');
  const params = request['params'];
  const named = isJsonObject(params) ? params['name'] : undefined;
  if (name !== null && request.method === 'tools/call' && decodeHeader(name) !== named)
    return mismatch(request, 'Mcp-Name');
  return undefined;
}

function mismatch({ id }: RpcRequest, header: string): RpcError {
  return rpcError(id, RPC.headers, 'INVALID_CALL', `the header ${header} does not say what the body says`);
}

/** `=?base64?…?=` carries what a header cannot (MCP 2026-07-28). */
function decodeHeader(value: string): string {
  const encoded = /^=\?base64\?([A-Za-z0-9+/]*={0,2})\?=$/.exec(value)?.[1];
  return encoded === undefined ? value : Buffer.from(encoded, 'base64').toString('utf8');
}

/** The answer to a body that is not JSON as we accept it. Errors of other kinds are bugs and thrown on. */
export function refuseUnparsed(thrown: unknown): RpcError {
  if (!(thrown instanceof InterlockError)) throw thrown;
  return rpcError(null, RPC.parse, thrown.code, thrown.message);
}

function refuse(id: string | number | null, code: number, stable: ErrorCode, detail: string): ReadMessage {
  return { kind: 'refused', answer: rpcError(id, code, stable, detail) };
}

function rpcError(id: string | number | null, code: number, stable: ErrorCode, detail: string): RpcError {
  const { title, hint } = ERRORS[stable];
  return {
    jsonrpc: '2.0',
    id,
    error: { code, message: `${stable}: ${title} (${detail})`, data: { code: stable, hint } },
  };
}
