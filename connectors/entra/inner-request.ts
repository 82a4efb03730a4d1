import { z } from 'zod';
import { InterlockError } from '../../src/lib/errors.ts';
import type { JsonObject } from '../../src/lib/json.ts';
import type { Inner } from './graph-call.ts';

/** One request inside a batch, as Graph has it. Headers of its own are refused. */
export const innerRequest = z.strictObject({
  id: z.string().regex(/^[A-Za-z0-9_-]{1,32}$/, 'letters, digits, _ and -'),
  method: z.enum(['GET', 'POST', 'PATCH', 'DELETE']),
  /** Below the version, as `/users/…`; no query. */
  url: z.string().max(1_024),
  body: z.record(z.string(), z.json()).optional(),
  dependsOn: z.array(z.string()).length(1).optional(),
});
export type InnerRequest = z.output<typeof innerRequest>;

export interface FoundInner {
  readonly inner: Inner;
  readonly input: JsonObject;
}

/**
 * The typed operation that an inner request is, by method and path. Throws INVALID_INPUT for one that is none: a query,
 * an escape or a doubled slash in its URL, a body of another shape, or a path that no operation has. So `DELETE
 * /groups/{id}/members/{id}`, which deletes the member itself, is none.
 */
export function findInner(request: InnerRequest, known: readonly Inner[]): FoundInner {
  const { method, url, body = {} } = request;
  if (!/^(?:\/[A-Za-z0-9$_-]+)+$/.test(url)) throw refused(request, 'its URL is not a plain path below the version');
  const segments = url.split('/');
  for (const inner of known) {
    if (inner.shape.method !== method) continue;
    const ids = idsOf(inner.shape.path.split('/'), segments);
    const input = ids === undefined ? undefined : inner.shape.input(ids, body);
    if (input !== undefined) return { inner, input };
  }
  throw refused(request, 'it is none of the operations that a batch may carry');
}

function idsOf(shape: readonly string[], segments: readonly string[]): readonly string[] | undefined {
  const fits = shape.length === segments.length && shape.every((part, i) => part === '{}' || part === segments[i]);
  return fits ? segments.filter((_, i) => shape[i] === '{}') : undefined;
}

/**
 * Whether ids are unique, which Graph decides without case, and whether all run at once or each after the one before it;
 * anything between is discouraged [doc] and its order is not known beforehand. Throws INVALID_INPUT.
 */
export function checkOrder(requests: readonly InnerRequest[]): void {
  const ids = requests.map(({ id }) => id.toLowerCase());
  if (new Set(ids).size < ids.length) throw new InterlockError('INVALID_INPUT', 'two requests have the same id');
  if (requests.every(({ dependsOn }) => dependsOn === undefined)) return;
  for (const [at, request] of requests.entries()) {
    const before = requests[at - 1]?.id;
    if (request.dependsOn?.[0] !== before)
      throw refused(request, 'dependsOn names the request before it, or none does');
  }
}

function refused({ id }: InnerRequest, why: string): InterlockError {
  return new InterlockError('INVALID_INPUT', `request ${id}: ${why}`);
}
