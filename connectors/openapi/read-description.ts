import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { BOUNDS } from '../../src/lib/bounds.ts';
import { InterlockError } from '../../src/lib/errors.ts';
import { isJsonObject, type Json, type JsonObject } from '../../src/lib/json.ts';

/** A description as it stands in its file, of a version that we read. */
export interface Description {
  readonly content: JsonObject;
  readonly dialect: 'openapi' | 'swagger-2';
}

/** Reads OpenAPI 3.0, 3.1 or Swagger 2, JSON or YAML. Throws CONNECTOR_INVALID. */
export async function readDescription(file: string): Promise<Description> {
  let content: unknown;
  try {
    const text = await readFile(file, 'utf8');
    if (text.length > BOUNDS.apiDescriptionCharacters) throw new InterlockError('TOO_LARGE', 'it is too large');
    content = /^\s*\{/.test(text) ? JSON.parse(text) : parse(text, { uniqueKeys: true, maxAliasCount: 100 });
  } catch (cause) {
    throw invalid(file, `cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`, cause);
  }
  const dialect = dialectOf(content);
  if (dialect === undefined) throw invalid(file, 'is neither OpenAPI 3.0 or 3.1 nor Swagger 2');
  return { content: content as JsonObject, dialect }; // a document of JSON or of YAML's JSON part, whose root is an object
}

function dialectOf(content: unknown): Description['dialect'] | undefined {
  if (!isJsonObject(content) || !isJsonObject(content['paths'])) return undefined;
  if (/^3\.[01]\.\d+$/.test(String(content['openapi']))) return 'openapi';
  return String(content['swagger']) === '2.0' ? 'swagger-2' : undefined;
}

function invalid(file: string, why: string, cause?: unknown): InterlockError {
  return new InterlockError('CONNECTOR_INVALID', `the description ${file} ${why}`, { cause });
}

/** References that lead to references; an honest description needs one or two. */
const HOPS = 16;

/** What stands where `value` refers to, or `value` itself. Only places in the same document; nothing is ever fetched. */
export function dereference(value: Json | undefined, { content }: Description): Json | undefined {
  let found = value;
  for (let hop = 0; isJsonObject(found) && typeof found['$ref'] === 'string'; hop++) {
    if (hop === HOPS) throw new InterlockError('RESPONSE_UNEXPECTED', 'its references lead round in a circle');
    found = atPointer(content, found['$ref']);
  }
  return found;
}

/** RFC 6901, as a URI fragment. Throws RESPONSE_UNEXPECTED for another document and for a place that is not there. */
export function atPointer(content: JsonObject, reference: string): Json {
  if (!reference.startsWith('#/'))
    throw new InterlockError('RESPONSE_UNEXPECTED', 'it refers to another document, which is never fetched');
  let found: Json | undefined = content;
  for (const step of reference.slice(2).split('/')) {
    const name = decodeStep(step);
    found = isJsonObject(found) && Object.hasOwn(found, name) ? found[name] : undefined;
  }
  if (found === undefined)
    throw new InterlockError('RESPONSE_UNEXPECTED', 'it refers to a place that the description does not have');
  return found;
}

function decodeStep(step: string): string {
  try {
    return decodeURIComponent(step).replaceAll('~1', '/').replaceAll('~0', '~');
  } catch {
    return step;
  }
}
