/** An answer that is a problem document: what went wrong and what to do about it. */
export class Problem extends Error {
  constructor({ title, detail, hint, code, status }) {
    super(detail === title ? title : `${title} ${detail}`);
    this.hint = hint ?? '';
    this.code = code ?? 'UNKNOWN';
    this.status = status ?? 0;
  }
}

const UNREACHABLE = { title: 'The gateway cannot be reached.', detail: 'The gateway cannot be reached.' };

/** The HTTP API of the gateway that served this page, with one key. */
export class Api {
  #key;

  constructor(key) {
    this.#key = key;
  }

  get(path) {
    return this.#json(path, {});
  }

  post(path, body) {
    const headers = { 'content-type': 'application/json' };
    return this.#json(path, { method: 'POST', headers, body: JSON.stringify(body) });
  }

  /** Server-sent events as they come, until the stream ends. EventSource cannot send a credential. */
  async *events(signal) {
    const response = await this.#fetch('/v1/events', { signal });
    yield { type: 'connected' };
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      const frames = (text + part.value).split('\n\n');
      text = frames.pop();
      for (const frame of frames) {
        const fields = new Map(frame.split('\n').map((line) => line.split(/: (.*)/, 2)));
        if (fields.has('data') && fields.get('event') !== 'end') yield JSON.parse(fields.get('data'));
      }
    }
  }

  async #json(path, options) {
    return (await this.#fetch(path, options)).json();
  }

  async #fetch(path, options) {
    const headers = { ...options.headers, authorization: `Bearer ${this.#key}` };
    const fixed = { cache: 'no-store', credentials: 'omit', redirect: 'error' };
    const response = await fetch(path, { ...options, ...fixed, headers }).catch((error) => {
      if (error.name === 'AbortError') throw error;
      throw new Problem(UNREACHABLE);
    });
    if (response.ok) return response;
    throw new Problem(await response.json().catch(() => ({ ...UNREACHABLE, status: response.status })));
  }
}
