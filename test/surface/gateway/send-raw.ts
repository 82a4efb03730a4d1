import { request } from 'node:http';

export interface Sent {
  readonly method?: string;
  /** As it goes into the first line: nothing is normalised. */
  readonly target: string;
  readonly headers?: Readonly<Record<string, string | string[]>>;
  readonly body?: string;
}

export interface Answered {
  readonly status: number;
  readonly code: string | undefined;
  readonly action: string | undefined;
  readonly approval: string | undefined;
  readonly body: string;
}

/** One request to a local port or socket, byte for byte. */
export function sendRaw(to: number | string, { method = 'GET', target, headers = {}, body }: Sent): Promise<Answered> {
  const place = typeof to === 'string' ? { socketPath: to } : { host: '127.0.0.1', port: to };
  return new Promise((resolve, reject) => {
    // Node frames no body of a GET or DELETE by itself.
    const framed = 'transfer-encoding' in headers ? {} : { 'content-length': String(Buffer.byteLength(body ?? '')) };
    const all = body === undefined ? headers : { ...headers, ...framed };
    const sent = request({ ...place, method, path: target, headers: all, agent: false }, async (response) => {
      let text = '';
      for await (const chunk of response) text += String(chunk);
      const header = (name: string): string | undefined => {
        const value = response.headers[name];
        return typeof value === 'string' && value !== '' ? value : undefined;
      };
      resolve({
        status: response.statusCode ?? 0,
        code: header('x-interlock-code'),
        action: header('x-interlock-action'),
        approval: header('x-interlock-approval'),
        body: text,
      });
    });
    sent.on('error', reject);
    sent.end(body);
  });
}
