import { isJsonObject, type Json, type JsonObject } from '../../lib/json.ts';

export type JsonPath = readonly (string | number)[];

/** Every string in a value, with where it stands. */
export function stringsIn(value: Json, at: JsonPath = []): readonly { readonly at: JsonPath; readonly text: string }[] {
  if (typeof value === 'string') return [{ at, text: value }];
  if (Array.isArray(value)) return value.flatMap((item, index) => stringsIn(item, [...at, index]));
  if (!isJsonObject(value)) return [];
  return Object.entries(value).flatMap(([name, inner]) => stringsIn(inner, [...at, name]));
}

/** The same input with another value at one place; undefined removes it. */
export function withValueAt(input: JsonObject, at: JsonPath, value: Json | undefined): JsonObject {
  const copy = structuredClone(input);
  let holder: Json | undefined = copy;
  for (const step of at.slice(0, -1)) holder = childOf(holder, step);
  const last = at.at(-1);
  if (Array.isArray(holder) && typeof last === 'number') {
    holder.splice(last, 1, ...(value === undefined ? [] : [value]));
  } else if (isJsonObject(holder) && typeof last === 'string') {
    // A copy of our own, which nobody else reads yet.
    const own = holder as Record<string, Json>;
    if (value === undefined) delete own[last];
    else own[last] = value;
  }
  return copy;
}

function childOf(holder: Json | undefined, step: string | number): Json | undefined {
  if (Array.isArray(holder) && typeof step === 'number') return holder[step];
  return isJsonObject(holder) && typeof step === 'string' ? holder[step] : undefined;
}
