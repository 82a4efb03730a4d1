import type { Call } from '../../action/action.ts';
import { plainId } from '../../action/names.ts';
import { InterlockError } from '../../lib/errors.ts';
import { isJsonObject, type Json, type JsonObject } from '../../lib/json.ts';
import { CHAT_EVENTS } from './chat-events.ts';
import type { EventDialect } from './event-dialect.ts';
import { RESPONSE_EVENTS } from './response-events.ts';

/** One request of a client that takes this server for the models' own. */
export interface ModelRequest {
  /** The name that the configuration has for the models. */
  readonly system: string;
  readonly method: string;
  /** Behind the base path, as `chat/completions`. */
  readonly path: string;
  readonly body: Json | undefined;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
}

/** The action that a request asks for, and how its answer goes back. */
export interface ModelCall {
  readonly call: Call;
  /** Set where the answer is wanted as a stream. */
  readonly events?: EventDialect | undefined;
  /** The stream says at its end what it took. */
  readonly includeUsage: boolean;
}

interface Endpoint {
  readonly operation: string;
  readonly events?: EventDialect;
}

/** The paths that clients of this dialect ask for, and the operation of each. */
const ENDPOINTS: Readonly<Record<string, Endpoint>> = {
  'POST chat/completions': { operation: 'chat.complete', events: CHAT_EVENTS },
  'POST responses': { operation: 'response.create', events: RESPONSE_EVENTS },
  'POST embeddings': { operation: 'embedding.create' },
  'POST moderations': { operation: 'moderation.create' },
  'GET models': { operation: 'model.list' },
};

const MODEL_PATH = /^models\/([^/]+)$/;

/**
 * Reads a request as the action that it is. How the answer travels is the surface's own matter; every other field is the
 * operation's, which refuses what it does not know. Throws METHOD_NOT_GOVERNED and INVALID_CALL.
 */
export function readModelCall({ system, method, path, body, headers }: ModelRequest): ModelCall {
  const id = actionId(headers);
  const one = method === 'GET' ? MODEL_PATH.exec(path)?.[1] : undefined;
  if (one !== undefined)
    return { call: { ...id, operation: `${system}.model.get`, input: { model: one } }, includeUsage: false };
  const key = `${method} ${path}`;
  const endpoint = Object.hasOwn(ENDPOINTS, key) ? ENDPOINTS[key] : undefined;
  if (endpoint === undefined)
    throw new InterlockError(
      'METHOD_NOT_GOVERNED',
      `${method} ${path.slice(0, 100)} is no call of a model that is governed`,
    );
  const { stream, stream_options: options, ...input } = method === 'GET' ? {} : objectOf(body);
  const call = { ...id, operation: `${system}.${endpoint.operation}`, input };
  const includeUsage = includesUsage(options);
  if (stream === undefined || stream === null || stream === false) return { call, includeUsage };
  if (stream !== true || endpoint.events === undefined)
    throw new InterlockError('INVALID_CALL', 'stream: true is for conversations, and nothing else can stand there');
  return { call, events: endpoint.events, includeUsage };
}

function objectOf(body: Json | undefined): JsonObject {
  if (!isJsonObject(body)) throw new InterlockError('INVALID_CALL', 'the body is not a JSON object');
  return body;
}

/** A client that names its call gets the recorded answer when it repeats it. */
function actionId(headers: ModelRequest['headers']): { readonly id?: string } {
  const id = headers['idempotency-key'];
  if (id === undefined) return {};
  if (!plainId.safeParse(id).success) throw new InterlockError('INVALID_CALL', 'idempotency-key is not an action id');
  return { id };
}

function includesUsage(options: Json | undefined): boolean {
  if (options === undefined || options === null) return false;
  if (!isJsonObject(options)) throw new InterlockError('INVALID_CALL', 'stream_options is not an object');
  const { include_usage: includes = false, include_obfuscation: obfuscates = false, ...rest } = options;
  if (typeof includes !== 'boolean' || typeof obfuscates !== 'boolean' || Object.keys(rest).length > 0)
    throw new InterlockError('INVALID_CALL', 'stream_options has include_usage and nothing else');
  return includes;
}
