/** What stands where a secret stood. Never a part of it: a few characters of a token are still a clue. */
const MARKER = '[redacted]';

/** Values shorter than this are too likely to occur as ordinary words. */
const SHORTEST_SECRET = 4;

const SECRET_NAME =
  '(?:password|passwd|passcode|secret|token|api[_-]?key|credential|assertion|private[_-]?key|session[_-]?id|cookie|signature)';
const SECRET_VALUE = `(?:"(?:[^"\\\\]|\\\\.)*"|'[^']*'|[^\\s&,;"'}\\]]+)`;

/** Repetitions are bounded where another one follows, so that the time grows with the length of the text only. */
const BY_SHAPE: readonly (readonly [RegExp, string])[] = [
  [/-----BEGIN [A-Z ]{0,20}PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]{0,20}PRIVATE KEY-----|$)/g, MARKER],
  [/\b(Bearer|Basic|SSWS|DPoP|Negotiate)\s{1,8}[\w.~+/=:-]+/gi, `$1 ${MARKER}`],
  [/\beyJ[\w-]{5,}(?:\.[\w-]*){0,4}/g, MARKER],
  [/([a-z][a-z0-9+.-]{0,20}:\/\/)[^\s/?#@"']+@/gi, `$1${MARKER}@`],
  [new RegExp(`(${SECRET_NAME}[\\w.-]{0,32}["']?\\s{0,8}[=:]\\s{0,8})${SECRET_VALUE}`, 'gi'), `$1${MARKER}`],
];

/** Removes what looks like a credential: authorization values, JWTs, private keys, URLs with a user part, `secret=…`. */
export function redact(text: string): string {
  return BY_SHAPE.reduce((out, [shape, replacement]) => out.replace(shape, replacement), text);
}

export type Redactor = (text: string) => string;

/** Redacts known values, in every form in which a text can carry them, and then by shape. */
export function createRedactor(secrets: readonly string[]): Redactor {
  const replaceKnown = createValueRedactor(secrets, SHORTEST_SECRET);
  return (text) => redact(replaceKnown(text));
}

/** Redacts known values only: for data, which shapes would damage. Values shorter than `shortest` stay. */
export function createValueRedactor(secrets: readonly string[], shortest: number): Redactor {
  const forms = [...new Set(secrets.filter((secret) => secret.length >= shortest).flatMap(formsOf))];
  // The longest first: a secret may contain another one.
  forms.sort((a, b) => b.length - a.length);
  return (text) => forms.reduce((out, form) => out.replaceAll(form, MARKER), text);
}

function formsOf(secret: string): readonly string[] {
  const bytes = Buffer.from(secret);
  const quoted = JSON.stringify(secret).slice(1, -1);
  return [
    secret,
    quoted,
    quoted.replaceAll('/', '\\/'),
    encodeURIComponent(secret.toWellFormed()),
    new URLSearchParams({ '': secret }).toString().slice(1),
    bytes.toString('base64'),
    bytes.toString('base64url'),
  ];
}
