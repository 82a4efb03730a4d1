import { XMLParser } from 'fast-xml-parser';

/** An element of an answer as it is read: text, or what stands in it by local name, or several of one name. */
export type Xml = string | { readonly [name: string]: Xml } | readonly Xml[];

/** Deeper answers are none of Workday's. */
const DEEPEST = 40;

const parser = new XMLParser({
  removeNSPrefix: true,
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  parseTagValue: false,
  parseAttributeValue: false,
  // No entity is ever looked up, neither of a DTD nor of HTML; the five of XML itself are read below.
  processEntities: false,
});

/**
 * Reads an answer. Undefined for what is no XML, and for any that brings a DTD: it could name files to read, or grow
 * without end.
 */
export function readXml(text: unknown): Xml | undefined {
  if (typeof text !== 'string' || /<!(?:DOCTYPE|ENTITY)/i.test(text)) return undefined;
  try {
    return plain(parser.parse(text), 0);
  } catch {
    return undefined;
  }
}

function plain(value: unknown, depth: number): Xml {
  if (depth > DEEPEST) throw new RangeError('the answer nests too deeply');
  if (Array.isArray(value)) return value.map((each) => plain(each, depth + 1));
  if (typeof value !== 'object' || value === null) return unescaped(String(value ?? ''));
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, plain(each, depth + 1)]));
}

const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function unescaped(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#x([\da-f]{1,6})|(\w{2,4}));/gi, (whole, decimal, hexadecimal, name) => {
    if (name !== undefined) return NAMED[name] ?? whole;
    const code = decimal === undefined ? Number.parseInt(hexadecimal, 16) : Number(decimal);
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}

/** What stands at this path; of several elements of a name the first. Undefined where there is none. */
export function at(xml: Xml | undefined, ...path: readonly string[]): Xml | undefined {
  const [name, ...rest] = path;
  const first = isList(xml) ? xml[0] : xml;
  if (name === undefined || first === undefined) return first;
  if (typeof first === 'string' || isList(first)) return undefined;
  return at(Object.hasOwn(first, name) ? first[name] : undefined, ...rest);
}

/** All elements of this name in another. */
export function all(xml: Xml | undefined, name: string): readonly Xml[] {
  if (xml === undefined || typeof xml === 'string' || isList(xml) || !Object.hasOwn(xml, name)) return [];
  const found = xml[name];
  return found === undefined ? [] : isList(found) ? found : [found];
}

/** The text of an element, with or without attributes. */
export function textOf(xml: Xml | undefined): string {
  if (typeof xml === 'string') return xml;
  const text = at(xml, '#text');
  return typeof text === 'string' ? text : '';
}

function isList(xml: Xml | undefined): xml is readonly Xml[] {
  return Array.isArray(xml);
}
