import { BOUNDS } from '../../lib/bounds.ts';
import { createRedactor, createValueRedactor, type Redactor } from './redact.ts';

/** Headers whose credentials are remembered: the current token, and those before it that calls in flight still carry. */
const REMEMBERED = 8;
/** Shorter values are ordinary words, and replacing them would damage data. */
const SHORTEST_IN_DATA = 8;
const SHAPES_CHARACTERS = 16_384;

/** Keeps the credentials that a client has sent out of all that comes back. */
export interface CredentialRedactor {
  /** To be told of the authentication's headers before they are sent. */
  learn(headers: Readonly<Record<string, string>>): void;
  /** For people: by value and by shape, and bounded. */
  readonly detail: Redactor;
  /** For data: by value only. */
  readonly data: Redactor;
}

export function createCredentialRedactor(): CredentialRedactor {
  const known = new Map<string, readonly string[]>();
  let byValue: Redactor = (text) => text;
  let byValueAndShape: Redactor = createRedactor([]);
  return {
    learn(headers) {
      const key = JSON.stringify(headers);
      if (known.has(key)) return;
      known.set(key, Object.values(headers).flatMap(secretsOf));
      for (const oldest of known.keys()) {
        if (known.size <= REMEMBERED) break;
        known.delete(oldest);
      }
      const secrets = [...known.values()].flat();
      byValue = createValueRedactor(secrets, SHORTEST_IN_DATA);
      byValueAndShape = createRedactor(secrets);
    },
    // Cut once before the shapes, which need not read megabytes; a known value that the cut would halve is gone by then.
    detail: (text) => byValueAndShape(byValue(text).slice(0, SHAPES_CHARACTERS)).slice(0, BOUNDS.detailCharacters),
    data: (text) => byValue(text),
  };
}

/** The value itself, what stands behind the scheme, and the password inside a Basic one. */
function secretsOf(headerValue: string): readonly string[] {
  const [scheme = '', ...rest] = headerValue.split(' ');
  const credential = rest.join(' ');
  if (credential === '') return [headerValue];
  if (scheme.toLowerCase() !== 'basic') return [headerValue, credential];
  const decoded = Buffer.from(credential, 'base64').toString('utf8');
  return [headerValue, credential, decoded, decoded.slice(decoded.indexOf(':') + 1)];
}
