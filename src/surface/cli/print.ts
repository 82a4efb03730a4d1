import type { JsonObject } from '../../lib/json.ts';
import type { CliContext } from './cli-context.ts';

/** One JSON object on a line with `--json`, else words. */
export function print(context: CliContext, data: object, words: () => string): void {
  context.out(context.isJson() ? JSON.stringify(data) : words());
}

/** A list: one JSON object a line with `--json`, else words. */
export function printList(context: CliContext, items: readonly object[], words: () => string): void {
  if (!context.isJson()) context.out(words());
  else for (const item of items) context.out(JSON.stringify(item));
}

export function textOf(object: JsonObject, name: string): string {
  const value = object[name];
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

export function objectsOf(object: JsonObject, name: string): readonly JsonObject[] {
  const value = object[name];
  return Array.isArray(value) ? (value as readonly JsonObject[]) : []; // the API's own answers, checked by its schema
}
