import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** The other end of held-notes: sees each effect before it happens, and lets it happen when told. */
export interface Holder {
  readonly url: string;
  /** The next effect that is about to happen. */
  next(): Promise<{ readonly effect: string; release(): void }>;
  close(): void;
}

export async function startHolder(): Promise<Holder> {
  const arrived: { readonly effect: string; release(): void }[] = [];
  let notify = (): void => undefined;
  const server = createServer((request, response: ServerResponse) => {
    void text(request).then((effect) => {
      arrived.push({ effect, release: () => response.end() });
      notify();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo; // it listens on TCP, so this is its address
  const next = async (): ReturnType<Holder['next']> => {
    for (;;) {
      const first = arrived.shift();
      if (first !== undefined) return first;
      await new Promise<void>((resolve) => {
        notify = resolve;
      });
    }
  };
  const close = (): void => {
    server.closeAllConnections();
    server.close();
  };
  return { url: `http://127.0.0.1:${port}/`, next, close };
}
