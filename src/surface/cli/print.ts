import { isJsonObject, type JsonObject } from '../../lib/json.ts';
import type { CliContext } from './cli-context.ts';
import { plain, plainJson } from './plain.ts';

/** One JSON object on a line with `--json`, else words. */
export function print(context: CliContext, data: object, words: () => string): void {
  context.out(context.isJson() ? plainJson(data) : words());
}

/** A list: one JSON object a line with `--json`, else words. */
export function printList(context: CliContext, items: readonly object[], words: () => string): void {
  if (!context.isJson()) context.out(words());
  else for (const item of items) context.out(plainJson(item));
}

/** A member as text that is safe to show. */
export function textOf(object: JsonObject, name: string): string {
  const value = object[name];
  return typeof value === 'string' || typeof value === 'number' ? plain(String(value)) : '';
}

export function objectOf(object: JsonObject, name: string): JsonObject {
  const value = object[name];
  return isJsonObject(value) ? value : {};
}

export function objectsOf(object: JsonObject, name: string): readonly JsonObject[] {
  const value = object[name];
  return Array.isArray(value) ? (value as readonly JsonObject[]) : []; // the API's own answers, checked by its schema
}
