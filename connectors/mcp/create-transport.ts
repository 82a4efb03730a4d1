import { resolve } from 'node:path';
import { StreamableHTTPClientTransport, type Transport } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { BOUNDS } from '../../src/lib/bounds.ts';
import { lockedFetch } from './locked-fetch.ts';
import type { Settings } from './settings.ts';

/** How a server is reached: over its address, locked to its origin, or as a program started without a shell. */
export function createTransport(settings: Settings, baseDirectory: string): Transport {
  const { url, command, args, environment, secrets, cwd } = settings;
  if (url !== undefined) return httpTransport(new URL(url), settings.credential);
  return new StdioClientTransport({
    command: command === 'node' ? process.execPath : (command ?? ''),
    args,
    env: { ...environment, ...secrets },
    cwd: resolve(baseDirectory, cwd),
    // What a server writes there is its own and may hold anything.
    stderr: 'ignore',
    maxBufferSize: BOUNDS.responseBytes,
  });
}

function httpTransport(url: URL, credential: Settings['credential']): Transport {
  return new StreamableHTTPClientTransport(url, {
    fetch: lockedFetch(url.origin),
    requestInit: {
      headers: credential === undefined ? {} : { [credential.header]: credential.prefix + credential.secret },
    },
    onInsufficientScope: 'throw',
  });
}
