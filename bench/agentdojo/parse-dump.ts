import { parse } from 'yaml';
import { isJsonObject, type Json } from '../../src/lib/json.ts';

/**
 * A result as its tool returned it. The benchmark shows agents objects and lists as YAML dumps and JSON, and texts as
 * they are; a text that no dump begins like stays a text.
 */
export function parseDump(text: string): Json {
  if (!/^(?:- |\[|\{|[\w' ]+:(?:\s|$))/.test(text)) return text;
  try {
    const value: unknown = JSON.parse(JSON.stringify(parse(text, { schema: 'core', maxAliasCount: 0 })));
    return Array.isArray(value) || isJsonObject(value as Json) ? (value as Json) : text;
  } catch {
    // Only begins like one.
    return text;
  }
}
