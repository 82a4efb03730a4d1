import { BOUNDS } from '../../lib/bounds.ts';
import { InterlockError } from '../../lib/errors.ts';

/** A request's path and query, each text decoded once. */
export interface RequestTarget {
  readonly segments: readonly string[];
  readonly query: readonly (readonly [name: string, value: string])[];
}

/** What RFC 3986 lets stand in a segment, without `;`, which some servers cut off there. */
const SEGMENT = /^(?:[A-Za-z0-9\-._~!$&'()*+,=:@]|%[0-9A-Fa-f]{2})*$/;
const QUERY_PART = /^(?:[A-Za-z0-9\-._~!$'()*,:@/?]|%[0-9A-Fa-f]{2})*$/;
/** Escaped, they are what some servers take for the character itself: a path with them has two readings. */
const NEVER_ESCAPED = /%(?:2[DdEeFf]|3[0-9Bb]|4[1-9A-Fa-f]|5[0-9AaCcFf]|6[1-9A-Fa-f]|7[0-9AaEeFf]|25|[01][0-9A-Fa-f])/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is refused
const CONTROL_CHARACTERS = /[\u0000-\u001f\u007f-\u009f]/;

/**
 * The target of a request as its first line has it, undecoded. Throws REQUEST_AMBIGUOUS for whatever two servers could
 * read differently: empty and dot segments, `;`, `\`, escaped slashes, dots, letters and percent signs, a second `?`'s
 * worth of parameters in one, `+`, and bytes that are no text.
 */
export function readTarget(target: string): RequestTarget {
  if (target.length > BOUNDS.gatewayTargetCharacters) throw ambiguous('it is too long');
  const at = target.indexOf('?');
  const path = at < 0 ? target : target.slice(0, at);
  if (!path.startsWith('/')) throw ambiguous('its target is not a path');
  const segments = path === '/' ? [''] : path.slice(1).split('/').map(readSegment);
  return { segments, query: at < 0 ? [] : readQuery(target.slice(at + 1)) };
}

function readSegment(raw: string): string {
  if (raw === '') throw ambiguous('its path has an empty segment');
  if (!SEGMENT.test(raw) || NEVER_ESCAPED.test(raw))
    throw ambiguous('its path holds characters or escapes with two readings');
  const text = decode(raw);
  // Some file systems and servers drop dots and blanks at the end of a name.
  if (/^\.|[. ]$/.test(text)) throw ambiguous('a segment of its path begins with a dot, or ends in a dot or a blank');
  return text;
}

function readQuery(query: string): RequestTarget['query'] {
  if (query === '') return [];
  return query.split('&').map((part) => {
    const at = part.indexOf('=');
    if (at <= 0) throw ambiguous('its query holds a parameter without a name or a value');
    const [name, value] = [part.slice(0, at), part.slice(at + 1)];
    if (!QUERY_PART.test(name) || !QUERY_PART.test(value))
      throw ambiguous('its query holds characters with two readings');
    return [decode(name), decode(value)] as const;
  });
}

function decode(raw: string): string {
  let text: string;
  try {
    text = decodeURIComponent(raw);
  } catch {
    throw ambiguous('its escapes are no text');
  }
  if (CONTROL_CHARACTERS.test(text)) throw ambiguous('it holds control characters');
  return text;
}

function ambiguous(why: string): InterlockError {
  return new InterlockError('REQUEST_AMBIGUOUS', why);
}
