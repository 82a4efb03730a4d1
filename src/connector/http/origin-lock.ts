import { isIP } from 'node:net';
import { InterlockError } from '../../lib/errors.ts';
import { mayConnect } from './guarded-lookup.ts';
import type { HttpCall, HttpReply } from './http-client.ts';

const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/**
 * The origin that a client may speak to, `https://host[:port]`; http for loopback only. Throws CONFIG_INVALID, without
 * quoting the value: it may hold a credential.
 */
export function parseOrigin(origin: string): URL {
  const url = parseEndpoint(origin);
  if (url.pathname !== '/' || url.search !== '') throw invalid('is an origin only, without a path');
  return url;
}

/** Like {@link parseOrigin}, with path and query, as a token endpoint has them. */
export function parseEndpoint(address: string): URL {
  if (!URL.canParse(address)) throw invalid('is a URL');
  const url = new URL(address);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && LOOPBACK.test(url.hostname))) {
    throw invalid('begins with https://; http:// is for loopback only');
  }
  if (url.username !== '' || url.password !== '' || url.hash !== '')
    throw invalid('has neither credentials nor a fragment');
  if (!isWrittenAsRead(address, url)) throw invalid('names its host as it is read: no other spelling, no final dot');
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (isIP(host) !== 0 && !mayConnect(host, host)) throw invalid('is not one at which no system can be');
  return url;
}

/** `127.1`, `0x7f.1`, `①②⑦.0.0.1` and their kin mean another host than a reader, or a list of hosts, would see. */
function isWrittenAsRead(address: string, { protocol, host, hostname }: URL): boolean {
  const written = address.trim().toLowerCase();
  const end = written.slice(`${protocol}//${host}`.length);
  return written.startsWith(`${protocol}//${host}`) && /^(?::443|:80)?(?:[/?#]|$)/.test(end) && !hostname.endsWith('.');
}

function invalid(rule: string): InterlockError {
  return new InterlockError('CONFIG_INVALID', `The address of a system ${rule}.`);
}

/**
 * The URL of a call, or undefined where its path would be read as anything but a path below the origin:
 * another host (`//host`, `https://…`, `\\host`), dot segments, a query or fragment of its own.
 */
export function urlOfCall(origin: URL, call: HttpCall): URL | undefined {
  if (!call.path.startsWith('/') || call.path.startsWith('//')) return undefined;
  const address = `${origin.origin}${call.path}`;
  if (!URL.canParse(address)) return undefined;
  const url = new URL(address);
  // What the parser normalised would be another path than the one that was decided.
  if (url.origin !== origin.origin || url.pathname !== call.path || url.search !== '' || url.hash !== '')
    return undefined;
  for (const [name, value] of Object.entries(call.query ?? {})) {
    if (value !== undefined) url.searchParams.append(name, String(value));
  }
  return url;
}

/** Where a reply would send the client; redirects are never followed. */
export function redirectOf(origin: URL, reply: HttpReply): 'none' | 'same-host' | 'other-host' {
  const location = reply.headers['location'];
  if (!REDIRECTS.has(reply.status) || location === undefined) return 'none';
  const target = URL.canParse(location, origin.href) ? new URL(location, origin) : undefined;
  return target?.origin === origin.origin ? 'same-host' : 'other-host';
}
