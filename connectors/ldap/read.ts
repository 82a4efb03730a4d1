import { z } from 'zod';
import type { ExecutionResult } from '../../src/connector/contract.ts';
import { failedOf } from '../../src/connector/http/http-execution.ts';
import { BOUNDS } from '../../src/lib/bounds.ts';
import { same } from './attributes.ts';
import type { Write } from './codec.ts';
import { type Answer, type Calling, isAbsent, type Refusal } from './directory.ts';
import { has, type SearchFilter } from './filter.ts';
import { keyOf, type Name, type Part, parseName } from './name.ts';
import type { Scope } from './scope.ts';
import type { Values } from './values.ts';

/** An entry as operations answer it; attributes that it does not have are left out. */
export const entry = z.object({
  dn: z.string(),
  attributes: z.array(z.object({ attribute: z.string(), values: z.array(z.string()) })),
});
export type Entry = z.output<typeof entry>;

/** Entries of one request. */
const PAGE = 100;

export interface Listing {
  readonly entries: readonly Entry[];
  /** Whether there are more than were asked for. */
  readonly more: boolean;
  /** Continuations to other servers, whose entries are not among these. */
  readonly elsewhere: number;
}

export interface Looking {
  readonly filter: SearchFilter;
  readonly attributes: readonly string[];
  readonly limit: number;
}

/**
 * Up to `limit` entries below a base, page by page (RFC 2696). It is whole or it is none: an answer that ends early, or a
 * budget that is used up before, refuses the search.
 */
export async function list(
  scope: Scope,
  base: readonly Part[],
  { looking: { filter, attributes, limit }, context }: { readonly looking: Looking; readonly context: Calling },
): Promise<Answer<Listing>> {
  const entries: Entry[] = [];
  let elsewhere = 0;
  let cookie: Buffer | undefined;
  for (let request = 0; request < BOUNDS.pagedRequests; request++) {
    const page = { size: PAGE, cookie };
    const answer = await scope.directory.search(
      { kind: 'search', base, scope: 'sub', filter, attributes, page },
      context,
    );
    if (!answer.ok) return answer;
    const { value } = answer;
    entries.push(...value.entries.map((found) => shownOf(found.name, { found: found.attributes, asked: attributes })));
    elsewhere += value.references;
    if (value.cookie === undefined || entries.length > limit)
      return { ok: true, value: { entries: entries.slice(0, limit), more: entries.length > limit, elsewhere } };
    cookie = value.cookie;
  }
  return {
    ok: false,
    class: 'too-large',
    detail: `There are more than ${BOUNDS.pagedRequests} pages: narrow the search.`,
  };
}

/** One entry; undefined where there is none, or the credential may not see it. */
export async function look(
  { directory }: Scope,
  name: Name,
  { attributes, context }: { readonly attributes: readonly string[]; readonly context: Calling },
): Promise<Answer<Entry | undefined>> {
  const filter = has('objectClass');
  const answer = await directory.search({ kind: 'search', base: name, scope: 'base', filter, attributes }, context);
  if (isAbsent(answer)) return { ok: true, value: undefined };
  if (!answer.ok) return answer;
  const [found] = answer.value.entries;
  if (found === undefined) return { ok: true, value: undefined };
  const known = parseName(found.name);
  // Another name for the same entry is a name that no policy has seen.
  if (known === undefined || keyOf(known) !== keyOf(name)) return OTHER_NAME;
  return { ok: true, value: shownOf(found.name, { found: found.attributes, asked: attributes }) };
}

const OTHER_NAME: Refusal = {
  ok: false,
  class: 'refused',
  detail: 'The directory knows this entry by another name: use that one.',
};

interface Found {
  readonly found: readonly { readonly type: string; readonly values: readonly (string | Buffer)[] }[];
  /** What was asked for: a server that answers more is not believed. */
  readonly asked: readonly string[];
}

function shownOf(dn: string, { found, asked }: Found): Entry {
  const attributes = asked.flatMap((attribute) => {
    const values = found.filter(({ type }) => same(type, attribute)).flatMap((each) => each.values);
    // What is no text is not shown.
    const texts = values.filter((value) => typeof value === 'string');
    return texts.length === 0 ? [] : [{ attribute, values: texts }];
  });
  return { dn, attributes };
}

export function valuesOf({ attributes }: Entry, attribute: string): readonly string[] {
  return attributes.find((each) => same(each.attribute, attribute))?.values ?? [];
}

/** What was held of these attributes, the empty ones too. */
export function heldOf(found: Entry, attributes: readonly string[]): readonly Values[] {
  return attributes.map((attribute) => ({ attribute, values: valuesOf(found, attribute) }));
}

/** Sends a write and answers `result` when it is done. */
export async function write(
  { directory }: Scope,
  request: Write,
  { context, result }: { readonly context: Calling; readonly result: unknown },
): Promise<ExecutionResult> {
  const answer = await directory.write(request, context);
  return answer.ok ? { status: 'succeeded', result } : failedOf(answer, false);
}

/** Why nothing could be read, or that there is nothing. */
export function unread(answer: Answer<unknown>): ExecutionResult {
  if (!answer.ok) return failedOf(answer, true);
  const detail = 'There is no such entry, or this credential may not see it.';
  return { status: 'failed', code: 'EXECUTION_FAILED', detail, exposed: false };
}
