import type { z } from 'zod';
import type { ExecutionContext, ExecutionResult } from '../../src/connector/contract.ts';
import type { HttpCall } from '../../src/connector/http/http-client.ts';
import { httpExecution } from '../../src/connector/http/http-execution.ts';

export type ReadBack<T> =
  | { readonly kind: 'found'; readonly value: T }
  /** Workday says that there is no such thing, or none that this credential may see. */
  | { readonly kind: 'missing'; readonly detail: string }
  | { readonly kind: 'unreadable'; readonly detail: string };

interface Read<S extends z.ZodType> {
  readonly call: HttpCall;
  readonly schema: S;
}

/** Reads one thing to learn what is so. Answers in values: a thing that cannot be read proves nothing. */
export async function readBack<S extends z.ZodType>(
  { call, schema }: Read<S>,
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

/** Reads a thing before it is changed. What cannot be read is left alone: then the failed read is the outcome. */
export async function readBefore<S extends z.ZodType>(
  { call, schema }: Read<S>,
  context: ExecutionContext,
  change: (found: z.output<S>) => Promise<ExecutionResult>,
): Promise<ExecutionResult> {
  const read = httpExecution<HttpCall>({
    request: () => call,
    repeatable: true,
    result: (reply) => schema.parse(reply.body),
  });
  const answer = await read(call, context);
  return answer.status === 'succeeded' ? change(answer.result as z.output<S>) : answer; // `read` has parsed it
}
