/** One part of a name: `uid=ada`. */
export interface Part {
  readonly type: string;
  readonly value: string;
}

/** A distinguished name, the entry itself first. */
export type Name = readonly [Part, ...Part[]];

/**
 * Types that name entries, in their shortest spelling only. Each is compared without regard to case (RFC 4519), so that
 * one entry has one name here: another spelling of a type (`commonName`, `2.5.4.3`) would be another name for policies.
 */
const TYPES: ReadonlySet<string> = new Set(['cn', 'uid', 'ou', 'o', 'dc', 'l', 'st', 'c']);
const NAME_CHARACTERS = 1_000;
const VALUE_CHARACTERS = 128;
const PARTS = 20;

/** What RFC 4514 §2.4 wants escaped, and the equals sign. */
const SPECIAL = '"+,;<>=\\#';
/** Controls, and what nobody sees: servers leave it out when they compare (RFC 4518 §2.2). */
const UNSEEN = /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u;

/**
 * Reads a name as RFC 4514 writes it, more strictly: no value in hexadecimal, no part of several values, no space beside
 * a comma. What a server would compare as something else than it reads is undefined, as what is no name.
 */
export function parseName(text: string): Name | undefined {
  if (text.length > NAME_CHARACTERS) return undefined;
  const written = splitUnescaped(text);
  if (written.length > PARTS) return undefined;
  const parts = written.map(parsePart).filter((part) => part !== undefined);
  const [first, ...rest] = parts;
  return first === undefined || parts.length < written.length ? undefined : [first, ...rest];
}

function splitUnescaped(text: string): readonly string[] {
  return (text.match(/(?:\\.|[^\\,])+|,|\\/gs) ?? []).reduce<string[]>(
    (parts, piece) => {
      if (piece === ',') parts.push('');
      else parts.push((parts.pop() ?? '') + piece);
      return parts;
    },
    [''],
  );
}

function parsePart(written: string): Part | undefined {
  const at = written.indexOf('=');
  const type = written.slice(0, at).toLowerCase();
  const value = at < 1 || !TYPES.has(type) ? undefined : unescaped(written.slice(at + 1));
  return value === undefined || !isPlain(value) ? undefined : { type, value };
}

/** Undefined where something stands bare that must be escaped. */
function unescaped(written: string): string | undefined {
  const bytes: Buffer[] = [];
  for (const piece of written.match(/\\[0-9a-f]{2}|\\.|[^\\]|\\$/gisu) ?? []) {
    if (/^\\[0-9a-f]{2}$/i.test(piece)) bytes.push(Buffer.from(piece.slice(1), 'hex'));
    else if (piece.startsWith('\\')) {
      if (piece.length < 2 || !` ${SPECIAL}`.includes(piece.slice(1))) return undefined;
      bytes.push(Buffer.from(piece.slice(1)));
    } else if (SPECIAL.includes(piece)) return undefined;
    else bytes.push(Buffer.from(piece));
  }
  const whole = Buffer.concat(bytes);
  const value = whole.toString('utf8');
  return Buffer.from(value).equals(whole) ? value : undefined;
}

/** Whether a value is compared as it reads, but for its case. */
export function isPlain(value: string): boolean {
  if (value === '' || value.length > VALUE_CHARACTERS || UNSEEN.test(value)) return false;
  return value === value.normalize('NFKC') && !/^\s|\s$|\s\s|[^\S ]/.test(value);
}

/** As it goes out: everything special as `\2C`, which no reader can take for a separator. */
export function formatName(name: readonly Part[]): string {
  return name.map(formatPart).join(',');
}

export function formatPart({ type, value }: Part): string {
  const escaped = [...value].map((character) =>
    SPECIAL.includes(character)
      ? `\\${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`
      : character,
  );
  return `${type}=${escaped.join('')}`;
}

/** The one spelling by which policies and read-backs know an entry. */
export function keyOf(name: readonly Part[]): string {
  return formatName(name).toLowerCase();
}

/** Whether it stands below `base`; the base itself does not. */
export function isBelow(name: readonly Part[], base: readonly Part[]): boolean {
  return name.length > base.length && keyOf(name.slice(name.length - base.length)) === keyOf(base);
}

/** The base itself too. */
export function isIn(name: readonly Part[], base: readonly Part[]): boolean {
  return keyOf(name) === keyOf(base) || isBelow(name, base);
}

export const parentOf = ([, ...parent]: Name): readonly Part[] => parent;
