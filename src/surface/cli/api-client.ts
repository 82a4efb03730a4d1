import { ERRORS, type ErrorCode, InterlockError } from '../../lib/errors.ts';
import { isJsonObject, type JsonObject } from '../../lib/json.ts';

/** The HTTP API as commands call it. Problems come back as the InterlockErrors they are. */
export interface ApiClient {
  get(path: string): Promise<JsonObject>;
  post(path: string, body: JsonObject): Promise<JsonObject>;
  /** Server-sent events, as the JSON of each. Ends when the server ends or `signal` aborts. */
  events(path: string, signal: AbortSignal): AsyncIterable<JsonObject>;
}

const EVENT_BYTES_MAX = 4_194_304;

/** Throws CONFIG_INVALID for what can be neither an address nor a key. */
export function createApiClient({ url, key }: { readonly url: string; readonly key: string }): ApiClient {
  if (!/^https?:$/.test(URL.parse(url)?.protocol ?? ''))
    throw new InterlockError('CONFIG_INVALID', `INTERLOCK_URL is not an address that begins with http: ${url}`);
  if (!/^[\x21-\x7e]+$/.test(key))
    throw new InterlockError(
      'CONFIG_INVALID',
      'INTERLOCK_KEY is not a key: it holds what no key does, white space say',
    );
  const send = async (path: string, init: RequestInit): Promise<Response> => {
    const headers = {
      authorization: `Bearer ${key}`,
      ...(init.body === undefined ? {} : { 'content-type': 'application/json' }),
    };
    let response: Response;
    try {
      response = await fetch(new URL(path, url), { ...init, headers, redirect: 'error' });
    } catch (cause) {
      if (init.signal?.aborted) throw cause;
      throw new InterlockError(
        'SYSTEM_UNAVAILABLE',
        `no gateway answers at ${url}; start one with \`interlock dev\` or \`interlock serve\``,
      );
    }
    if (!response.ok) throw problem(await bodyOf(response, url), url);
    return response;
  };
  return {
    get: async (path) => bodyOf(await send(path, { method: 'GET' }), url),
    post: async (path, body) => bodyOf(await send(path, { method: 'POST', body: JSON.stringify(body) }), url),
    async *events(path, signal) {
      const { body } = await send(path, { method: 'GET', signal });
      let text = '';
      for await (const chunk of body === null ? [] : textOf(body)) {
        text += chunk;
        if (text.length > EVENT_BYTES_MAX) throw new InterlockError('RESPONSE_TOO_LARGE');
        const parts = text.split('\n\n');
        text = parts.pop() ?? '';
        for (const part of parts) yield* eventOf(part);
      }
    },
  };
}

function* eventOf(part: string): Iterable<JsonObject> {
  const lines = part.split('\n').filter((line) => line.startsWith('data:'));
  if (lines.length === 0) return;
  const data: unknown = JSON.parse(lines.map((line) => line.slice('data:'.length).trimStart()).join('\n'));
  if (isJsonObject(data)) yield data;
}

/** A stream that breaks off ends, whether the gateway closed it or is gone; fetch says so by a TypeError. */
async function* textOf(body: NonNullable<Response['body']>): AsyncIterable<string> {
  try {
    yield* body.pipeThrough(new TextDecoderStream());
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause;
  }
}

async function bodyOf(response: Response, url: string): Promise<JsonObject> {
  const text = await response.text();
  try {
    const body: unknown = JSON.parse(text);
    if (isJsonObject(body)) return body;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw noGateway(url);
}

function problem(body: JsonObject, url: string): InterlockError {
  const { code, detail, requestId, data } = body;
  if (typeof code !== 'string' || !Object.hasOwn(ERRORS, code)) return noGateway(url);
  return new InterlockError(code as ErrorCode, typeof detail === 'string' ? detail : undefined, {
    data: { ...(isJsonObject(data) ? data : {}), requestId },
  });
}

function noGateway(url: string): InterlockError {
  return new InterlockError('SYSTEM_UNAVAILABLE', `what answers at ${url} is not a gateway of this version`);
}
