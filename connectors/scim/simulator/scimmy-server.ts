import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { InterlockError } from '../../../src/lib/errors.ts';
import { declareResources, type ScimContext, type Scimmy } from './scimmy-handlers.ts';

export interface ScimmyServer {
  readonly origin: string;
  close(): Promise<void>;
}

export interface ScimmyOptions {
  /** What belongs to a request, by the value of its `x-simulated-call`. */
  readonly contextOf: (call: string) => ScimContext;
  /** Whose token it is: answers the id of its user, if it has one. Throws for a token that is not good. */
  readonly authenticate: (token: string) => Promise<string | undefined>;
}

/**
 * SCIMMY behind its own Express routers, as its documentation sets it up: the real server, not ours. It is a development
 * dependency, so it is loaded only where somebody simulates.
 */
export async function startScimmy({ contextOf, authenticate }: ScimmyOptions): Promise<ScimmyServer> {
  const { express, SCIMMYRouters, SCIMMY } = await loadPackages();
  declareResources(SCIMMY as unknown as Scimmy); // a part of what it is
  const app = express();
  // Its parameters are typed by another version of Express.
  const routers = new SCIMMYRouters({
    type: 'bearer',
    docUri: 'https://example.com/scim',
    handler: async ({ headers }: { headers: Record<string, unknown> }) => {
      const [scheme = '', token = ''] = String(headers['authorization'] ?? '').split(' ');
      if (scheme.toLowerCase() !== 'bearer') throw new Error('A bearer token is required.');
      return authenticate(token);
    },
    context: ({ headers }: { headers: Record<string, unknown> }) => contextOf(String(headers['x-simulated-call'])),
    baseUri: ({ headers }: { headers: Record<string, unknown> }) => String(headers['x-simulated-origin']),
  } as never);
  // The routers write numbers into the query, which Express 5 parses anew each time it is read.
  app.use((request, _response, next) => {
    Object.defineProperty(request, 'query', { value: { ...request.query }, writable: true });
    next();
  });
  app.use('/scim/v2', routers as never);
  const server = createServer(app as never);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // A listening TCP server has an address with a port.
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function loadPackages() {
  try {
    const { default: express } = await import('express');
    return { express, ...(await import('scimmy-routers')) };
  } catch (cause) {
    const words = 'simulating SCIM takes the packages scimmy, scimmy-routers and express: install them';
    throw new InterlockError('CONFIG_INVALID', words, { cause });
  }
}
