import type { IncomingMessage } from 'node:http';
import { InterlockError } from '../../lib/errors.ts';

/** Headers that two readers could understand differently when they come twice. Node keeps the first and drops the rest silently. */
const ONCE = new Set([
  'authorization',
  'content-encoding',
  'content-length',
  'content-type',
  'host',
  'origin',
  'transfer-encoding',
]);

/** RFC 9110 §8.3: type and parameter names ignore case; the one parameter that JSON may carry here is its encoding. */
const JSON_MEDIA_TYPE = /^application\/json(?:[ \t]*;[ \t]*charset=(?:utf-8|"utf-8"))?$/i;

/**
 * Path characters of RFC 3986 without `;` and without escapes, except the four that `encodeURIComponent` makes of
 * characters that ids may hold. So a path has one reading: no second slash, dot segment, escaped slash or NUL.
 */
const PATH = /^(?:\/(?!\.{1,2}(?:\/|$))(?:[A-Za-z0-9\-._~!$&'()*+,=:@]|%(?:3[AaDd]|40|2[Bb]))+)+$|^\/$/;

/** Throws INVALID_CALL for a path that two readers could understand differently. */
export function checkPath(url: string): void {
  const query = url.indexOf('?');
  if (PATH.test(query < 0 ? url : url.slice(0, query))) return;
  throw new InterlockError(
    'INVALID_CALL',
    'the path is ambiguous: send it without escapes, empty or dot segments, ; and \\',
  );
}

/** Throws INVALID_CALL; `rawHeaders` alternates names and values. */
export function checkRepeats(rawHeaders: readonly string[]): void {
  const seen = new Set<string>();
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = (rawHeaders[i] ?? '').toLowerCase();
    if (seen.has(name) && ONCE.has(name)) throw new InterlockError('INVALID_CALL', `the header ${name} occurs twice`);
    seen.add(name);
  }
}

/** Throws UNSUPPORTED_MEDIA_TYPE unless a POST brings JSON, and INVALID_CALL for a body where none belongs. */
export function checkBody({ method, headers }: IncomingMessage): void {
  const encoding = headers['content-encoding'];
  if (encoding !== undefined && encoding.toLowerCase() !== 'identity') {
    throw new InterlockError('UNSUPPORTED_MEDIA_TYPE', 'send the body without content-encoding');
  }
  if (method === 'POST') {
    if (!JSON_MEDIA_TYPE.test(headers['content-type'] ?? '')) throw new InterlockError('UNSUPPORTED_MEDIA_TYPE');
  } else if (headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) !== 0) {
    throw new InterlockError('INVALID_CALL', `a ${method} has no body`);
  }
}
