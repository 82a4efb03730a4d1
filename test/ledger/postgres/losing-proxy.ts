import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

export interface LosingProxy {
  /** The same address, by way of the proxy. */
  readonly url: string;
  close(): void;
}

/**
 * Stands in front of a PostgreSQL. The answer to the `n`-th COMMIT does not come through: the connection ends when the
 * server has answered, so that it has happened and nobody heard.
 */
export async function losingProxy(url: string, n: number): Promise<LosingProxy> {
  const { hostname, port } = new URL(url);
  const sockets = new Set<Socket>();
  let commits = 0;
  const server = createServer((client) => {
    const upstream = connect(Number(port), hostname);
    let loses = false;
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
    }
    client.on('data', (chunk) => {
      if (chunk.includes('COMMIT') && ++commits === n) loses = true;
      upstream.write(chunk);
    });
    upstream.on('data', (chunk) => {
      if (loses) client.destroy();
      else client.write(chunk);
    });
    client.on('close', () => upstream.destroy());
    upstream.on('close', () => client.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address() as AddressInfo; // it listens on TCP, so this is its address
  return {
    url: url.replace(`:${port}/`, `:${address.port}/`),
    close: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
