import type { z } from 'zod';
import type { ExecutionContext } from '../../src/connector/contract.ts';
import type { HttpCall } from '../../src/connector/http/http-client.ts';

export type ReadBack<T> =
  | { readonly kind: 'found'; readonly value: T }
  /** Workday says that there is no such thing, or none that this credential may see. */
  | { readonly kind: 'missing'; readonly detail: string }
  | { readonly kind: 'unreadable'; readonly detail: string };

/** Reads one thing to learn what is so. Answers in values: a thing that cannot be read proves nothing. */
export async function readBack<S extends z.ZodType>(
  { call, schema }: { readonly call: HttpCall; readonly schema: S },
  context: ExecutionContext,
): Promise<ReadBack<z.output<S>>> {
  const answer = await context.http.send(call, { repeatable: true, signal: context.signal });
  if (!answer.ok) {
    const kind = answer.reply?.status === 404 ? 'missing' : 'unreadable';
    return { kind, detail: answer.detail };
  }
  const parsed = schema.safeParse(answer.reply.body);
  if (!parsed.success)
    return { kind: 'unreadable', detail: 'Workday answered in a shape that the connector does not know.' };
  return { kind: 'found', value: parsed.data };
}
