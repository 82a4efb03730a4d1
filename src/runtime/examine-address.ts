import { once } from 'node:events';
import { createServer } from 'node:net';
import { InterlockError } from '../lib/errors.ts';
import { isJsonObject } from '../lib/json.ts';
import type { Config } from './config.ts';
import { isLoopback } from './is-loopback.ts';

const ANSWER_MS = 2_000;

/** Whether a gateway can listen where it is configured to, or does already. Throws ADDRESS_UNAVAILABLE. */
export async function examineAddress({ host, port }: Config['listen']): Promise<string> {
  const address = `${host.includes(':') ? `[${host}]` : host}:${port}`;
  const remark = isLoopback(host) ? '' : '; plain HTTP beyond this machine: put a proxy with TLS in front of it';
  try {
    const server = createServer().listen(port, host);
    await once(server, 'listening');
    server.close();
    return `${address} is free${remark}`;
  } catch (cause) {
    if (isInUse(cause) && (await isGateway(`http://${address}/livez`)))
      return `a gateway answers at ${address}${remark}`;
    const why = isInUse(cause) ? 'something else uses it' : cause instanceof Error ? cause.message : String(cause);
    throw new InterlockError('ADDRESS_UNAVAILABLE', `${address}: ${why}`, { cause });
  }
}

function isInUse(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
}

async function isGateway(url: string): Promise<boolean> {
  try {
    const answer: unknown = await (await fetch(url, { signal: AbortSignal.timeout(ANSWER_MS) })).json();
    return isJsonObject(answer) && answer['status'] === 'ok';
  } catch {
    // Whatever went wrong: no gateway answered.
    return false;
  }
}
