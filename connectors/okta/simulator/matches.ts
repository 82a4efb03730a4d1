import type { Json } from '../../../src/lib/json.ts';
import { isJsonObject } from '../../../src/lib/json.ts';

const TERM = /^([A-Za-z_.]+)\s+(eq|sw|co)\s+"([^"]*)"$/;

/**
 * A test for Okta's filter language as far as agents use it: `path eq|sw|co "value"`, joined by `and`, or by `or`.
 * Undefined for anything else, which Okta would answer with an error.
 */
export function matcherOf(expression: string): ((item: Json) => boolean) | undefined {
  const joined = / or /i.test(expression) ? / or /i : / and /i;
  const tests = expression.split(joined).map((part) => termOf(part.trim()));
  if (!tests.every((test) => test !== undefined)) return undefined;
  return joined.source === ' or '
    ? (item) => tests.some((test) => test(item))
    : (item) => tests.every((test) => test(item));
}

function termOf(text: string): ((item: Json) => boolean) | undefined {
  const [, path = '', operator, wanted = ''] = TERM.exec(text) ?? [];
  if (operator === undefined) return undefined;
  const value = wanted.toLowerCase();
  return (item) => valuesAt(item, path.split('.')).some((found) => compare(found.toLowerCase(), operator, value));
}

function compare(found: string, operator: string, wanted: string): boolean {
  if (operator === 'eq') return found === wanted;
  return operator === 'sw' ? found.startsWith(wanted) : found.includes(wanted);
}

/** The strings at a path; a list on the way counts as all its elements. */
function valuesAt(item: Json | undefined, path: readonly string[]): readonly string[] {
  if (Array.isArray(item)) return item.flatMap((element) => valuesAt(element, path));
  const [head, ...rest] = path;
  if (head === undefined) return typeof item === 'string' ? [item] : [];
  return isJsonObject(item) ? valuesAt(item[head], rest) : [];
}
