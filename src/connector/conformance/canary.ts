import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A server that nobody is to call: what a link, a redirect or an input would lead to, if anybody followed it. */
export interface Canary {
  readonly origin: string;
  /** `METHOD /path` of whoever came. */
  readonly visits: readonly string[];
  close(): Promise<void>;
}

export async function openCanary(): Promise<Canary> {
  const visits: string[] = [];
  const server = createServer((incoming, outgoing) => {
    visits.push(`${incoming.method} ${incoming.url}`);
    outgoing.writeHead(200, { 'content-type': 'application/json' });
    outgoing.end('{}');
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  // A listening TCP server has an address with a port.
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    visits,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
