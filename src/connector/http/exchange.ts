import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { pipeline, type Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import { createBrotliDecompress, createGunzip } from 'node:zlib';
import axios, { type AxiosInstance } from 'axios';
import { BOUNDS } from '../../lib/bounds.ts';
import { guardedLookup } from './guarded-lookup.ts';
import type { HttpCall } from './http-client.ts';

export interface Request {
  readonly url: URL;
  readonly call: HttpCall;
  /** The authentication's headers; they win over the call's own. */
  readonly credential: Readonly<Record<string, string>>;
  /** Ends the exchange at once. */
  readonly signal: AbortSignal;
  /** Takes whole lines of a success's body as they come. */
  readonly onLines?: ((lines: string) => void) | undefined;
}

export interface RawReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

/** What one request on the wire came to. `cause` is a code of the network layer, never its text: that may hold headers. */
export type Exchanged =
  | { readonly kind: 'reply'; readonly reply: RawReply }
  /** Certainly not a byte of the request reached the system. */
  | { readonly kind: 'not-sent'; readonly cause: string }
  /** It may have reached the system; no whole reply came back. */
  | { readonly kind: 'broken'; readonly cause: string }
  | { readonly kind: 'too-large' };

export type Exchange = (request: Request) => Promise<Exchanged>;

/** The wire: axios with connections kept alive, no redirects, no proxy, no interpretation of status or body. */
export function createExchange(): Exchange {
  const keptAlive = {
    keepAlive: true,
    timeout: BOUNDS.outboundIdleMs,
    scheduling: 'lifo',
    lookup: guardedLookup(),
  } as const;
  const client = axios.create({
    adapter: 'http',
    httpAgent: new HttpAgent(keptAlive),
    // Said aloud, so that no environment variable can turn it off.
    httpsAgent: new HttpsAgent({ ...keptAlive, rejectUnauthorized: true }),
    proxy: false,
    maxRedirects: 0,
    // axios takes a compressed body that ends too early for a whole one; Node's own decoders do not.
    decompress: false,
    responseType: 'stream',
    transformRequest: [(data: unknown) => data],
    validateStatus: () => true,
  });
  return (request) => exchange(client, request);
}

async function exchange(
  client: AxiosInstance,
  { url, call, credential, signal, onLines }: Request,
): Promise<Exchanged> {
  if (signal.aborted) return { kind: 'not-sent', cause: 'aborted' };
  try {
    const response = await client.request<Readable>({
      url: url.href,
      method: call.method,
      ...payloadOf(call, credential),
      signal,
    });
    const body = decoded(response.data, response.headers['content-encoding']);
    if (body === undefined) return { kind: 'broken', cause: 'unknown content-encoding' };
    const isSuccess = response.status >= 200 && response.status < 300;
    const text = await readText(body, signal, isSuccess && onLines !== undefined ? linesTo(onLines) : undefined);
    if (text === undefined) return { kind: 'too-large' };
    return { kind: 'reply', reply: { status: response.status, headers: plainHeaders(response.headers), text } };
  } catch (error) {
    return { kind: wasNeverSent(error) ? 'not-sent' : 'broken', cause: codeOf(error) };
  }
}

function payloadOf(
  call: HttpCall,
  credential: Request['credential'],
): { headers: Record<string, string | false>; data?: string } {
  const headers = {
    accept: 'application/json',
    'accept-encoding': 'gzip, br',
    'user-agent': 'interlock',
    ...lowerCaseNames(call.headers),
    ...lowerCaseNames(credential),
  };
  if (call.form !== undefined) {
    const data = new URLSearchParams(call.form).toString();
    return { headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers }, data };
  }
  if (call.text !== undefined) return { headers: { 'content-type': 'text/plain', ...headers }, data: call.text };
  // axios would name a type even where there is nothing to be of it.
  if (call.body === undefined) return { headers: { 'content-type': false, ...headers } };
  return { headers: { 'content-type': 'application/json', ...headers }, data: JSON.stringify(call.body) };
}

function lowerCaseNames(headers: Readonly<Record<string, string>> = {}): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

/** Undefined for an encoding that was not asked for. */
function decoded(body: Readable, encoding: unknown): Readable | undefined {
  switch (encoding === undefined ? 'identity' : String(encoding).toLowerCase()) {
    case 'identity':
      return body;
    case 'gzip':
      return pipeline(body, createGunzip(), () => undefined);
    case 'br':
      return pipeline(body, createBrotliDecompress(), () => undefined);
    default:
      body.destroy();
      return undefined;
  }
}

/** The whole body, decompressed; undefined as soon as it is larger than the bound. Leaving the loop closes the connection. */
async function readText(
  body: Readable,
  signal: AbortSignal,
  look?: (chunk: Buffer) => void,
): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  const end = () => body.destroy(new Error('aborted'));
  signal.addEventListener('abort', end, { once: true });
  try {
    for await (const chunk of body) {
      sizeBytes += chunk.length;
      if (sizeBytes > BOUNDS.responseBytes) return undefined;
      chunks.push(chunk);
      look?.(chunk);
    }
  } finally {
    signal.removeEventListener('abort', end);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** Cuts what comes at the ends of its lines; what stands after the last one is no whole line. */
function linesTo(onLines: (lines: string) => void): (chunk: Buffer) => void {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  return (chunk) => {
    const text = rest + decoder.write(chunk);
    const end = text.lastIndexOf('\n') + 1;
    rest = text.slice(end);
    if (end > 0) onLines(text.slice(0, end));
  };
}

function plainHeaders(headers: Readonly<Record<string, unknown>>): Record<string, string> {
  const plain: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    // A session cookie is a credential that nobody here needs.
    if (value === undefined || value === null || name.toLowerCase() === 'set-cookie') continue;
    plain[name.toLowerCase()] = Array.isArray(value) ? value.join(', ') : String(value);
  }
  return plain;
}

const NEVER_SENT: ReadonlySet<string> = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EAI_FAIL', 'EAI_NODATA']);
const CONNECTING: ReadonlySet<string> = new Set(['connect', 'getaddrinfo']);
/** The certificate was refused, or Node would not compose the request at all. */
const BEFORE_REQUEST =
  /^(?:CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|ERR_TLS_CERT_|ERR_INVALID_CHAR|ERR_INVALID_HTTP_TOKEN|ERR_UNESCAPED_)/;

function wasNeverSent(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code, syscall, cause } = error as NodeJS.ErrnoException;
  // One error per address that was tried.
  if (error instanceof AggregateError) return error.errors.length > 0 && error.errors.every(wasNeverSent);
  if (cause instanceof Error) return wasNeverSent(cause);
  return NEVER_SENT.has(code ?? '') || CONNECTING.has(syscall ?? '') || BEFORE_REQUEST.test(code ?? '');
}

function codeOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' && /^[\w-]{1,64}$/.test(code) ? code : 'connection failed';
}
