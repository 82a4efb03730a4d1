import { createServer, type IncomingHttpHeaders, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One request as it stood on the wire. */
export interface WireCall {
  readonly method: string;
  /** Path and query, as sent. */
  readonly target: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** It asks for a token, or says who is calling: nothing of what the operation is for. */
  readonly isSignIn: boolean;
  /** How many effects the system recorded while it answered; set when it has. */
  effects: number;
}

export interface WireReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body: string;
}

type Answered = WireReply | 'reset' | 'hang';

/**
 * What happens to a request. `instead`: the system never sees it; `after`: it does, and its answer is lost. `rewrite`
 * changes the answer.
 */
export type Interference =
  | { readonly when: 'instead'; readonly answer: Answered }
  | { readonly when: 'after'; readonly answer: Answered }
  | { readonly when: 'rewrite'; readonly rewrite: (reply: WireReply) => WireReply };

/** A recording proxy between the connector and its simulated system: the only way from one to the other. */
export interface Wire {
  readonly origin: string;
  readonly calls: readonly WireCall[];
  /** Asked for every request from now on, with its number from 0; undefined lets it through. */
  interfere(choose: ((call: WireCall, index: number) => Interference | undefined) | undefined): void;
  /** Resolves when what was sent before, and nobody waited for, is among `calls`. */
  arrived(): Promise<void>;
  close(): Promise<void>;
}

export interface WireOptions {
  /** The origin of the simulated system. */
  readonly upstream: string;
  /** How many effects it has recorded. */
  readonly countEffects: () => number;
}

/** Opens a proxy that speaks the system's protocol. */
export type OpenWire = (options: WireOptions) => Promise<Wire>;

interface Line extends WireOptions {
  readonly origin: () => string;
}

/** A call of nobody: whatever was sent before it has arrived when it has. */
const LAST = '/last-call-of-the-conformance-suite';

export const openWire: OpenWire = async ({ upstream, countEffects }) => {
  const calls: WireCall[] = [];
  let choose: Parameters<Wire['interfere']>[0];
  let start = 0;
  let origin = '';
  const line: Line = { upstream, countEffects, origin: () => origin };
  const server = createServer(async (incoming, outgoing) => {
    const target = incoming.url ?? '/';
    if (target === LAST) {
      outgoing.end();
      return;
    }
    const { method = 'GET', headers } = incoming;
    const body = await readAll(incoming);
    const call: WireCall = { method, target, headers, body, isSignIn: isForToken(headers, body), effects: 0 };
    calls.push(call);
    // A broken line is what the caller sees of any failure here.
    relay(line, { call, outgoing, interference: choose?.(call, calls.length - 1 - start) }).catch(() => cut(outgoing));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  // A listening TCP server has an address with a port.
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    origin,
    calls,
    interfere(next) {
      choose = next;
      start = calls.length;
    },
    arrived: async () => {
      await fetch(origin + LAST);
    },
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};

function isForToken(headers: IncomingHttpHeaders, body: string): boolean {
  const isForm = String(headers['content-type'] ?? '').includes('x-www-form-urlencoded');
  return body.includes('grant_type') || (isForm && headers.authorization === undefined);
}

interface Relayed {
  readonly call: WireCall;
  readonly outgoing: ServerResponse;
  readonly interference: Interference | undefined;
}

async function relay(line: Line, { call, outgoing, interference }: Relayed): Promise<void> {
  if (interference?.when === 'instead') {
    answer(outgoing, interference.answer);
    return;
  }
  const before = line.countEffects();
  const reply = await forward(line, call);
  call.effects = line.countEffects() - before;
  if (interference === undefined) answer(outgoing, reply);
  else answer(outgoing, interference.when === 'after' ? interference.answer : interference.rewrite(reply));
}

function answer(outgoing: ServerResponse, what: Answered): void {
  if (what === 'hang') return;
  if (what === 'reset') {
    cut(outgoing);
    return;
  }
  outgoing.writeHead(what.status, headersOut(what.headers));
  outgoing.end(what.body);
}

function headersOut(headers: WireReply['headers']): Record<string, string | string[]> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, typeof value === 'string' ? value : [...value]]),
  );
}

function cut(outgoing: ServerResponse): void {
  outgoing.socket?.resetAndDestroy();
}

const HOP_BY_HOP: ReadonlySet<string> = new Set(['connection', 'content-length', 'transfer-encoding', 'keep-alive']);

function forward({ upstream, origin }: Line, call: WireCall): Promise<WireReply> {
  return new Promise((resolve, reject) => {
    const headers = { ...call.headers, 'accept-encoding': 'identity', connection: 'close' };
    const sent = request(new URL(upstream), { method: call.method, path: call.target, headers }, (incoming) => {
      readAll(incoming).then((text) => {
        // A system that names itself in its answers names the wire.
        const renamed = (value: string): string => value.replaceAll(upstream, origin());
        resolve({ status: incoming.statusCode ?? 502, headers: headersOf(incoming, renamed), body: renamed(text) });
      }, reject);
    });
    sent.once('error', reject);
    sent.end(call.body);
  });
}

function headersOf(incoming: IncomingMessage, renamed: (value: string) => string): WireReply['headers'] {
  const headers: Record<string, string | readonly string[]> = {};
  for (const [name, value] of Object.entries(incoming.headersDistinct)) {
    if (HOP_BY_HOP.has(name) || value === undefined) continue;
    headers[name] = value.length === 1 ? renamed(value[0] ?? '') : value.map(renamed);
  }
  return headers;
}

async function readAll(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString('utf8');
}
