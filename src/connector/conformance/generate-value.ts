import type { z } from 'zod';
import type { Json } from '../../lib/json.ts';

type Schema = z.core.$ZodType;

/** Where generated values come from. */
export interface ValueSource {
  /** 0 ≤ x < 1. */
  readonly random: () => number;
  /** Texts that the fixtures use, by the name of the field that held them; `*` holds all. */
  readonly texts: ReadonlyMap<string, readonly string[]>;
}

/** Texts that break what was not made for them. */
const HOSTILE: readonly string[] = [
  '',
  ' ',
  '0',
  '-1',
  'constructor',
  '__proto__',
  '../x',
  'https://elsewhere.example/x',
  '\u202Eabc',
  'é\u0301',
  'a'.repeat(300),
  'UNKNOWN_VALUE',
];
const PLAIN: readonly string[] = [
  'x',
  'someone@elsewhere.example',
  'https://example.com/',
  '2026-02-03',
  '2026-02-03T04:05:06Z',
  '01234567-89ab-4def-8123-456789abcdef',
  'EUR',
  '10.50',
];
const FORMATS: Readonly<Record<string, readonly string[]>> = {
  email: ['someone@elsewhere.example', 'someone@example.com'],
  url: ['https://elsewhere.example/x', 'https://example.com/'],
  uuid: ['01234567-89ab-4def-8123-456789abcdef'],
  guid: ['01234567-89ab-4def-8123-456789abcdef'],
  date: ['2026-02-03', '2030-12-31'],
  datetime: ['2026-02-03T04:05:06Z'],
};
const DEEPEST = 6;

/** A value for a schema; it may still be refused by what the schema's checks ask. Undefined: leave the field out. */
export function generateValue(
  schema: Schema,
  source: ValueSource,
  { field = '*', depth = 0 }: { readonly field?: string; readonly depth?: number } = {},
): Json | undefined {
  const { random } = source;
  // Every schema that zod makes is one of these; the base class only forgets which.
  const { def } = (schema as z.core.$ZodTypes)._zod;
  const inner = (next: Schema, name = field): Json | undefined =>
    generateValue(next, source, { field: name, depth: depth + 1 });
  switch (def.type) {
    case 'string':
      return formatted(def, source) ?? text(source, field);
    case 'number':
      return pick([0, 1, 2, 10, 100, 1_000_000, -1, 0.5], random);
    case 'boolean':
      return random() < 0.5;
    case 'enum':
      return pick(Object.values(def.entries), random);
    case 'literal':
      return pick(def.values.map(asJson), random);
    case 'array':
      return depth > DEEPEST ? [] : list(Math.floor(random() * 4), () => inner(def.element));
    case 'tuple':
      return def.items.map((item) => inner(item) ?? null);
    case 'object':
      return depth > DEEPEST
        ? {}
        : record(Object.entries(def.shape).map(([name, child]) => [name, inner(child, name)] as const));
    case 'record':
      return record(
        list(1 + Math.floor(random() * 2), () => inner(def.keyType)).map(
          (key) => [String(key), inner(def.valueType)] as const,
        ),
      );
    case 'union': {
      const option = pick(def.options, random);
      return option === undefined ? null : inner(option);
    }
    case 'optional':
    case 'default':
    case 'prefault':
      return random() < 0.4 ? undefined : inner(def.innerType);
    case 'nullable':
      return random() < 0.3 ? null : inner(def.innerType);
    case 'nonoptional':
    case 'readonly':
    case 'catch':
      return inner(def.innerType);
    case 'lazy':
      return depth > DEEPEST ? null : inner(def.getter());
    case 'pipe':
      return inner(def.in);
    case 'null':
      return null;
    default:
      // What takes anything: a scalar, a list or an object of any kind.
      return pick([text(source, field), 1, true, null, [], { a: 'b' }], random);
  }
}

/** Of a kind that zod knows by name, mostly one that is of that kind. */
function formatted(def: z.core.$ZodStringDef, { random }: ValueSource): string | undefined {
  const format: unknown = 'format' in def ? def.format : undefined;
  const known = typeof format === 'string' ? FORMATS[format] : undefined;
  return known === undefined || random() < 0.5 ? undefined : pick(known, random);
}

export function pick<T>(from: readonly T[], random: () => number): T | undefined {
  return from[Math.floor(random() * from.length)];
}

function text({ random, texts }: ValueSource, field: string): string {
  const known = texts.get(field) ?? texts.get('*') ?? [];
  const chance = random();
  if (chance < 0.5 && known.length > 0) return changed(pick(known, random) ?? '', random);
  if (chance < 0.6) return pick(texts.get('*') ?? PLAIN, random) ?? '';
  return pick(chance < 0.85 ? PLAIN : HOSTILE, random) ?? '';
}

const ALPHABETS = ['abcdef', 'ABCDEF', '0123456789'] as const;

/** As it is, or with one letter or digit replaced by another of its kind: an id that nobody knows keeps its shape. */
function changed(known: string, random: () => number): string {
  if (random() < 0.5 || known === '') return known;
  const at = Math.floor(random() * known.length);
  const alphabet = ALPHABETS.find((letters) => letters.includes(known[at] ?? ''));
  return alphabet === undefined ? known : known.slice(0, at) + pick([...alphabet], random) + known.slice(at + 1);
}

function list(length: number, make: () => Json | undefined): Json[] {
  return Array.from({ length }, make).filter((item) => item !== undefined);
}

function record(entries: readonly (readonly [string, Json | undefined])[]): Json {
  return Object.fromEntries(entries.filter((entry): entry is readonly [string, Json] => entry[1] !== undefined));
}

function asJson(literal: unknown): Json {
  return typeof literal === 'bigint' || literal === undefined ? String(literal) : (literal as Json); // the other literals are scalars
}
