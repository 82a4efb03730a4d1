import { Agent, request } from 'node:http';

interface Sent {
  readonly method?: 'GET' | 'POST';
  readonly url: string;
  readonly body?: string;
  readonly token: string;
}

/** Keep-alive connections of Node's own client, one for each loop. */
export class HttpClient {
  readonly #agent: Agent;

  constructor(connections: number) {
    this.#agent = new Agent({ keepAlive: true, maxSockets: connections });
  }

  /** The body of a 200; anything else is an error. */
  send({ method = 'POST', url, body = '', token }: Sent): Promise<string> {
    const answer = Promise.withResolvers<string>();
    const headers = {
      authorization: `Bearer ${token}`,
      ...(method === 'GET' ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }),
    };
    const sent = request(url, { method, agent: this.#agent, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('error', answer.reject);
      response.on('end', () => {
        if (response.statusCode === 200) answer.resolve(text);
        else answer.reject(new Error(`${url} answered ${response.statusCode}: ${text}`));
      });
    });
    sent.on('error', answer.reject);
    sent.end(body);
    return answer.promise;
  }

  close(): void {
    this.#agent.destroy();
  }
}
