import { connect, type Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';

export interface RawAnswer {
  readonly status: number;
  readonly head: string;
  readonly body: string;
}

/** Listens on loopback, on a port of the system's choice, which it returns. */
export async function listen(app: FastifyInstance): Promise<number> {
  return Number(new URL(await app.listen({ host: '127.0.0.1', port: 0 })).port);
}

/** Sends bytes as they are, and reads until the server closes the connection. */
export async function sendRaw(port: number, bytes: string): Promise<RawAnswer> {
  const socket = open(port);
  socket.write(bytes, 'latin1');
  return answerOf(await readAll(socket));
}

export function open(port: number): Socket {
  return connect({ host: '127.0.0.1', port });
}

/** Everything up to the end of the connection; an abrupt end is an end, too. */
export async function readAll(socket: Socket): Promise<string> {
  const chunks: Buffer[] = [];
  const ended = Promise.withResolvers<void>();
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  socket.on('error', () => ended.resolve());
  socket.on('close', () => ended.resolve());
  await ended.promise;
  return Buffer.concat(chunks).toString();
}

export function answerOf(text: string): RawAnswer {
  const end = text.indexOf('\r\n\r\n');
  return { status: Number(text.slice(9, 12)), head: text.slice(0, end), body: text.slice(end + 4) };
}
