import { z } from 'zod';
import type { FactValue } from '../../src/action/fact.ts';
import type { ExecutionContext } from '../../src/connector/contract.ts';
import { factError } from '../../src/connector/http/http-fact.ts';
import { path } from '../../src/connector/http/path.ts';
import { InterlockError } from '../../src/lib/errors.ts';
import { isAbsent } from './read-back.ts';
import type { LABELS } from './resources.ts';

export type Label = (typeof LABELS)[number];

/** What a person's data are called in tags that people set, and in those that Databricks' own classification sets. */
const PERSONAL = /^(?:pii|personal(?:[_ -]?(?:data|information))?|gdpr|class\..+)$/;
const SENSITIVITY = /^(?:(?:data[_ -]?)?(?:sensitivity|classification|confidentiality))$/;
const SECRETS = /^(?:secrets?|credentials?)$/;
const DEPARTMENTS: Readonly<Record<string, Label>> = { hr: 'hr', finance: 'finance', compensation: 'compensation' };
const NOT_SO = new Set(['false', 'no', 'none', '0']);
const HARMLESS = new Set(['public', 'internal', 'low', 'none', 'non-sensitive']);

/**
 * What one tag, `key` or `key=value`, gives to what carries it. Keys that are not known give nothing; a level of
 * sensitivity that is not known gives the worst that a level gives.
 */
export function labelOf(tag: string): Label | undefined {
  const at = tag.indexOf('=');
  const key = (at < 0 ? tag : tag.slice(0, at)).toLowerCase();
  const value = at < 0 ? '' : tag.slice(at + 1).toLowerCase();
  if (SENSITIVITY.test(key)) return sensitivityOf(value);
  if (NOT_SO.has(value)) return undefined;
  if (PERSONAL.test(key)) return 'pii';
  if (SECRETS.test(key)) return 'secret';
  return Object.hasOwn(DEPARTMENTS, key) ? DEPARTMENTS[key] : undefined;
}

function sensitivityOf(value: string): Label | undefined {
  if (PERSONAL.test(value)) return 'pii';
  return HARMLESS.has(value) ? undefined : 'confidential';
}

export function labelsOf(value: FactValue): readonly Label[] {
  const tags = z.array(z.string()).parse(value);
  return [...new Set(tags.flatMap((tag) => labelOf(tag) ?? []))];
}

const page = z.object({
  tag_assignments: z.array(z.object({ tag_key: z.string(), tag_value: z.string().nullish() })).default([]),
  next_page_token: z.string().nullish(),
});

/** Pages of one list; a page may be empty and not the last. */
const MOST_PAGES = 20;

/** The entities that hand their tags down, the outermost first, and the one itself. */
function lineOf(collection: string, name: string): readonly (readonly [collection: string, name: string])[] {
  const [catalog = '', schema, thing] = name.split('.');
  if (schema === undefined) return [['catalogs', catalog]];
  const outer = [['catalogs', catalog] as const, ['schemas', `${catalog}.${schema}`] as const];
  return thing === undefined ? outer : [...outer, [collection, name]];
}

/** Tags of a catalog, schema, table or volume, and of what it is in. Undefined: there is no such thing. */
export async function tagsOf(
  { collection, name }: { readonly collection: string; readonly name: string },
  context: ExecutionContext,
): Promise<readonly string[] | undefined> {
  const tags = new Set<string>();
  for (const entity of lineOf(collection, name)) {
    const own = await ownTags(entity, context);
    if (own === undefined) return undefined;
    for (const tag of own) tags.add(tag);
  }
  return [...tags].sort();
}

async function ownTags(
  [collection, name]: readonly [string, string],
  { http, signal }: ExecutionContext,
): Promise<readonly string[] | undefined> {
  const tags: string[] = [];
  let after: string | undefined;
  for (let read = 0; read < MOST_PAGES; read++) {
    const answer = await http.send(
      {
        method: 'GET',
        path: path`/api/2.1/unity-catalog/entity-tag-assignments/${collection}/${name}/tags`,
        query: { page_token: after },
      },
      { repeatable: true, reads: true, signal },
    );
    if (!answer.ok && isAbsent(answer)) return undefined;
    if (!answer.ok) throw factError(answer);
    const parsed = page.safeParse(answer.reply.body);
    if (!parsed.success) throw new InterlockError('RESPONSE_UNEXPECTED');
    for (const { tag_key, tag_value } of parsed.data.tag_assignments)
      tags.push(tag_value ? `${tag_key}=${tag_value}` : tag_key);
    after = parsed.data.next_page_token || undefined;
    if (after === undefined) return tags;
  }
  throw new InterlockError('RESPONSE_TOO_LARGE');
}
