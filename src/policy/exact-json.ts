/** What the language has since 2025, and its type library not yet (https://tc39.es/proposal-json-parse-with-source/). */
interface JsonWithSource {
  parse(text: string, revive: (key: string, value: unknown, context: { readonly source?: string }) => unknown): unknown;
  rawJSON(text: string): object;
}
const json = JSON as unknown as JsonWithSource;

/** No shorter integer is beyond ±2^53. */
const MAY_BE_LARGE = /\d{16}/;
const INTEGER = /^-?\d+$/;

/** JSON.parse, with integers beyond ±(2^53-1) as `bigint`. */
export function parseExactJson(text: string): unknown {
  if (!MAY_BE_LARGE.test(text)) return JSON.parse(text);
  return json.parse(text, (_key, value, { source = '' }) =>
    typeof value === 'number' && !Number.isSafeInteger(value) && INTEGER.test(source) ? BigInt(source) : value,
  );
}

/** JSON.stringify, with `bigint` as integers. */
export function stringifyExactJson(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause;
    // It has met a bigint, or what has no JSON at all; with a function to ask it is several times slower.
    return JSON.stringify(value, (_key, part) => (typeof part === 'bigint' ? json.rawJSON(String(part)) : part));
  }
}
