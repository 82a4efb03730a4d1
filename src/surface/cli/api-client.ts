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

export function createApiClient({ url, key }: { readonly url: string; readonly key: string }): ApiClient {
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
    if (!response.ok) throw problem(await bodyOf(response), response.status);
    return response;
  };
  return {
    get: async (path) => bodyOf(await send(path, { method: 'GET' })),
    post: async (path, body) => bodyOf(await send(path, { method: 'POST', body: JSON.stringify(body) })),
    async *events(path, signal) {
      const { body } = await send(path, { method: 'GET', signal });
      if (body === null) return;
      let text = '';
      for await (const chunk of body.pipeThrough(new TextDecoderStream())) {
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

async function bodyOf(response: Response): Promise<JsonObject> {
  const text = await response.text();
  try {
    const body: unknown = text === '' ? {} : JSON.parse(text);
    return isJsonObject(body) ? body : {};
  } catch {
    // Not one of ours: a proxy's page, say. The status says what is known.
    return {};
  }
}

function problem(body: JsonObject, status: number): InterlockError {
  const code = body['code'];
  const known = typeof code === 'string' && Object.hasOwn(ERRORS, code) ? (code as ErrorCode) : 'INTERNAL';
  const detail = body['detail'];
  return new InterlockError(known, typeof detail === 'string' ? detail : `the gateway answered ${status}`);
}
