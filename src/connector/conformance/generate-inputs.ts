import type { z } from 'zod';
import { canonicalJson } from '../../lib/canonical-json.ts';
import { isJsonObject, type Json, type JsonObject } from '../../lib/json.ts';
import { generateValue, pick, type ValueSource } from './generate-value.ts';
import { stringsIn } from './json-walk.ts';

/** Values tried for each input that is kept: most that are made up are refused by the schema, as they should be. */
const TRIES = 12;

export interface GenerateOptions {
  /** Inputs that the schema takes; the generated ones differ from them in one or several fields. */
  readonly seeds: readonly JsonObject[];
  /** Further inputs, whose texts are used: ids that others of the system have. */
  readonly vocabulary: readonly JsonObject[];
  readonly count: number;
  readonly random: () => number;
}

/**
 * Different inputs that the schema takes, parsed; at most `count`, fewer where the schema takes fewer. The same for the
 * same seeds and random numbers. Half begin as one of the seeds and differ in a few fields, half are made of the schema alone.
 */
export function generateInputs(
  schema: z.ZodObject,
  { seeds, vocabulary, count, random }: GenerateOptions,
): readonly JsonObject[] {
  const source: ValueSource = { random, texts: textsOf([...seeds, ...vocabulary]) };
  const found = new Map<string, JsonObject>();
  for (let tried = 0; tried < count * TRIES && found.size < count; tried++) {
    const seed = random() < 0.6 ? pick(seeds, random) : undefined;
    const made = seed === undefined ? generateValue(schema, source) : vary(schema, seed, source);
    const parsed = schema.safeParse(made);
    if (!parsed.success) continue;
    const input = parsed.data as JsonObject; // schemas of operations speak JSON: the registry refuses others
    found.set(canonicalJson(input), input);
  }
  return [...found.values()];
}

/** The seed with one to three of its fields left out, made anew, or changed within. */
function vary(schema: z.ZodObject, seed: JsonObject, source: ValueSource): Json {
  const { random } = source;
  const varied: Record<string, Json> = { ...seed };
  const fields = Object.entries(schema.shape);
  for (let changes = 1 + Math.floor(random() * 3); changes > 0; changes--) {
    const [field, child] = pick(fields, random) ?? [];
    if (field === undefined || child === undefined) continue;
    const before = varied[field];
    const inner = objectIn(child);
    const value =
      inner !== undefined && isJsonObject(before) && random() < 0.7
        ? vary(inner, before, source)
        : generateValue(child, source, { field });
    if (value === undefined) delete varied[field];
    else varied[field] = value;
  }
  return varied;
}

/** The object schema inside optional, nullable and default ones. */
function objectIn(schema: z.core.$ZodType): z.ZodObject | undefined {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  if (def.type === 'object') return schema as z.ZodObject; // its definition says that it is one
  return 'innerType' in def ? objectIn(def.innerType) : undefined;
}

function textsOf(seeds: readonly JsonObject[]): ReadonlyMap<string, readonly string[]> {
  const texts = new Map<string, string[]>([['*', []]]);
  for (const { at, text } of seeds.flatMap((seed) => stringsIn(seed))) {
    const field = at.findLast((step) => typeof step === 'string') ?? '*';
    for (const name of new Set([String(field), '*'])) texts.set(name, [...(texts.get(name) ?? []), text]);
  }
  return texts;
}
