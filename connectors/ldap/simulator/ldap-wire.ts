import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import type { Interference, Wire, WireCall, WireReply } from '../../../src/connector/conformance/wire.ts';
import type { Codec } from '../codec.ts';
import { takeFrames } from '../frames.ts';
import { parseName } from '../name.ts';
import {
  envelopeOf,
  isEndOf,
  readAnswer,
  readRequest,
  type Said,
  type SeenRequest,
  writeAnswer,
  writeGarbage,
} from './messages.ts';

/** Result codes in the place of statuses, for a suite that speaks of these: what a directory says in the same case. */
const CODES: Readonly<Record<number, number>> = {
  200: 0,
  400: 2,
  401: 49,
  403: 50,
  404: 32,
  429: 51,
  500: 80,
  503: 52,
  504: 3,
};

/** A redirect is a referral; what no directory says is `other`. */
export const codeOfStatus = (status: number): number => CODES[status] ?? (status >= 300 && status < 400 ? 10 : 80);

interface Line {
  readonly upstream: string;
  readonly countEffects: () => number;
}

/** A recording proxy for LDAP: one request after the other, so that every effect is one request's. */
export async function openLdapWire(codec: Codec, { upstream, countEffects }: Line): Promise<Wire> {
  const calls: WireCall[] = [];
  const sockets = new Set<Socket>();
  let choose: Parameters<Wire['interfere']>[0];
  let start = 0;
  const server = createServer((client) => {
    const behind = connect(Number(new URL(upstream).port), '127.0.0.1');
    for (const socket of [client, behind]) {
      sockets.add(socket);
      socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
    }
    client.on('close', () => behind.destroy());
    behind.on('close', () => client.destroy());
    relay({
      codec,
      client,
      behind,
      countEffects,
      seen(request) {
        const call = callOf(request);
        calls.push(call);
        return { call, interference: choose?.(call, calls.length - 1 - start) };
      },
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  // A listening TCP server has an address with a port.
  const { port } = server.address() as AddressInfo;
  return {
    origin: `ldap://127.0.0.1:${port}`,
    calls,
    arrived: () => knock(port),
    interfere(next) {
      choose = next;
      start = calls.length;
    },
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

/** Whoever comes now comes after all that has been sent. */
function knock(port: number): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.end());
    socket.on('error', () => resolve()).on('close', () => resolve());
  });
}

interface Relaying {
  readonly codec: Codec;
  readonly client: Socket;
  readonly behind: Socket;
  readonly countEffects: () => number;
  readonly seen: (request: SeenRequest) => { readonly call: WireCall; readonly interference: Interference | undefined };
}

function relay(relaying: Relaying): void {
  const { codec, client, behind } = relaying;
  const answers = answersOf(codec, behind);
  let left: Buffer = Buffer.alloc(0);
  let queue = Promise.resolve();
  client.on('data', (bytes: Buffer) => {
    const { frames, rest } = takeFrames(Buffer.concat([left, bytes]));
    left = rest;
    // A broken line is what the caller sees of any failure here.
    for (const frame of frames)
      queue = queue.then(() => pass(relaying, frame, answers)).catch(() => void client.resetAndDestroy());
  });
}

async function pass(
  { codec, client, behind, countEffects, seen }: Relaying,
  frame: Buffer,
  answerTo: (id: number) => Promise<readonly Buffer[]>,
): Promise<void> {
  const request = readRequest(codec, frame);
  if (request.operation === 'UNBIND' || request.operation === 'ABANDON') return;
  const { call, interference } = seen(request);
  if (interference?.when === 'instead') return say({ codec, client, request }, interference.answer);
  const before = countEffects();
  const answered = answerTo(request.id);
  behind.write(frame);
  const frames = await answered;
  call.effects = countEffects() - before;
  if (interference === undefined) client.write(Buffer.concat(frames));
  else if (interference.when === 'after') say({ codec, client, request }, interference.answer);
  else say({ codec, client, request }, interference.rewrite(replyOf(readAnswer(codec, frames))));
}

/** Collects what comes back, by the number of its request. */
function answersOf(codec: Codec, behind: Socket): (id: number) => Promise<readonly Buffer[]> {
  const waiting = new Map<number, { readonly frames: Buffer[]; readonly end: () => void }>();
  let left: Buffer = Buffer.alloc(0);
  behind.on('data', (bytes: Buffer) => {
    const { frames, rest } = takeFrames(Buffer.concat([left, bytes]));
    left = rest;
    for (const frame of frames) {
      const envelope = envelopeOf(codec, frame);
      const asked = waiting.get(envelope.id);
      asked?.frames.push(frame);
      if (isEndOf(envelope)) asked?.end();
    }
  });
  return (id) =>
    new Promise((resolve) => {
      const frames: Buffer[] = [];
      waiting.set(id, { frames, end: () => resolve(frames) });
    });
}

interface Saying {
  readonly codec: Codec;
  readonly client: Socket;
  readonly request: SeenRequest;
}

function say({ codec, client, request }: Saying, what: WireReply | 'reset' | 'hang'): void {
  if (what === 'reset') client.resetAndDestroy();
  else if (what !== 'hang') client.write(bytesOf({ codec, request }, what));
}

const replyOf = (said: Said): WireReply => ({
  status: said.code === 0 ? 200 : 400,
  headers: {},
  body: JSON.stringify(said),
});

function bytesOf({ codec, request }: Omit<Saying, 'client'>, { status, headers, body }: WireReply): Buffer {
  const said = saidIn(body);
  if (said !== undefined) return writeAnswer(codec, request, said);
  if (status === 200) return writeGarbage(codec, request, body);
  const location = headers['location'];
  const referrals = typeof location === 'string' ? [location.replace(/^http/, 'ldap')] : undefined;
  return writeAnswer(codec, request, { code: codeOfStatus(status), message: body, ...(referrals && { referrals }) });
}

/** What {@link replyOf} made; undefined for anything else. */
function saidIn(body: string): Said | undefined {
  try {
    const value: unknown = JSON.parse(body);
    if (typeof value !== 'object' || value === null || !('code' in value) || !('entries' in value)) return undefined;
    // This file wrote it.
    return value as Said;
  } catch {
    return undefined;
  }
}

/** The entry as a path from the top, one segment for each part of its name; secrets where headers would have them. */
function callOf(request: SeenRequest): WireCall {
  const { operation, dn, password, search, attributes, changes, newRdn, newSuperior } = request;
  const parts = [...(parseName(dn) ?? [])]
    .reverse()
    .map(({ type, value }) => `/${encodeURIComponent(`${type}=${value}`)}`);
  const isSignIn = operation === 'BIND';
  return {
    method: operation,
    target: parts.length === 0 ? '/' : parts.join(''),
    headers:
      password === undefined ? {} : isSignIn ? { authorization: `Simple ${password}` } : { 'x-new-password': password },
    body: JSON.stringify({
      filter: search?.filter,
      asked: search?.attributes,
      attributes,
      changes,
      newRdn,
      newSuperior,
    }),
    isSignIn,
    effects: 0,
  };
}
