import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';

/** Below the ports that Linux gives to outgoing connections: one of those may take it before the server that is to have it. */
const FROM = 12_000;
const TO = 32_000;
const TRIES = 100;

/** A port of 127.0.0.1 on which nobody listens. */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < TRIES; tries++) {
    const port = await listening(FROM + Math.floor(Math.random() * (TO - FROM)));
    if (port !== undefined) return port;
  }
  throw new Error(`no port between ${FROM} and ${TO} is free`);
}

async function listening(port: number): Promise<number | undefined> {
  const server = createServer();
  const failed = once(server, 'error').then(() => undefined);
  const there = once(server, 'listening').then(() => (server.address() as AddressInfo).port); // it listens on TCP
  server.listen(port, '127.0.0.1');
  const found = await Promise.race([there, failed]);
  if (found !== undefined) await new Promise((resolve) => server.close(resolve));
  return found;
}
