import type { Connection } from 'jsforce';
import type { z } from 'zod';
import type { Execute, ExecutionContext, ExecutionResult } from '../../src/connector/contract.ts';
import type { HttpCall } from '../../src/connector/http/http-client.ts';
import { failedOf } from '../../src/connector/http/http-execution.ts';
import { InterlockError } from '../../src/lib/errors.ts';
import type { JsonObject } from '../../src/lib/json.ts';
import { confinedConnection, type LastRequest, type Org, type RequestClass } from './confined-connection.ts';

export interface JsforceExecution<I> {
  readonly run: (connection: Connection, input: I, context: ExecutionContext) => Promise<unknown>;
  /** Default: a GET reads, anything else is sent once. A GET that runs code must say so. */
  readonly classOf?: ((call: HttpCall) => RequestClass) | undefined;
  /** What `run` answers, as the operation answers it. */
  readonly result?: ((answer: unknown, input: I) => unknown) | undefined;
  /** The handle to ask with, where the work goes on elsewhere. */
  readonly accepted?: ((answer: unknown) => JsonObject) | undefined;
}

const byMethod = ({ method }: HttpCall): RequestClass => (method === 'GET' ? 'reads' : 'once');

/** An operation that jsforce composes. What its last request came to decides the outcome, never jsforce's own error. */
export function jsforceExecution<I>(org: Org, execution: JsforceExecution<I>): Execute<I> {
  return async (input, context) => {
    const { connection, last } = await confinedConnection(org, context, execution.classOf ?? byMethod);
    try {
      const answer = await execution.run(connection, input, context);
      const result = execution.result === undefined ? answer : execution.result(answer, input);
      if (execution.accepted !== undefined) return { status: 'accepted', result, handle: execution.accepted(answer) };
      return { status: 'succeeded', result };
    } catch (error) {
      return outcomeOf(error, last());
    }
  };
}

function outcomeOf(error: unknown, last: LastRequest | undefined): ExecutionResult {
  if (last === undefined) {
    if (!(error instanceof InterlockError)) throw error;
    return { status: 'failed', code: error.code, detail: error.message, exposed: false };
  }
  if (!last.result.ok) {
    const failed = failedOf(last.result, last.reads);
    if (failed.status !== 'failed' || !last.mayHaveWritten) return failed;
    // That the last request did nothing says nothing of those before it.
    return { status: 'unknown', code: 'OUTCOME_UNKNOWN', detail: last.result.detail };
  }
  // What was read is not what the input says: nothing was written.
  if (error instanceof InterlockError && !last.mayHaveWritten)
    return { status: 'failed', code: error.code, detail: error.message, exposed: false };
  // jsforce's message may quote the reply, so it goes nowhere.
  const detail = `The connector cannot read the reply with status ${last.result.reply.status}.`;
  return last.reads && !last.mayHaveWritten
    ? { status: 'failed', code: 'RESPONSE_UNEXPECTED', detail, exposed: true }
    : { status: 'unknown', code: 'RESPONSE_UNEXPECTED', detail };
}

export type Asked<T> =
  | { readonly kind: 'found'; readonly value: T }
  | { readonly kind: 'missing' }
  | { readonly kind: 'unreadable'; readonly detail: string };

/** Reads through jsforce to learn what is so. Answers in values: what cannot be read proves nothing. */
export async function ask<S extends z.ZodType>(
  org: Org,
  context: ExecutionContext,
  { schema, run }: { readonly schema: S; readonly run: (connection: Connection) => Promise<unknown> },
): Promise<Asked<z.output<S>>> {
  const { connection, last } = await confinedConnection(org, context, () => 'reads');
  try {
    return { kind: 'found', value: schema.parse(await run(connection)) };
  } catch {
    const result = last()?.result;
    if (result === undefined || result.ok)
      return { kind: 'unreadable', detail: 'Salesforce answered in a shape that the connector does not know.' };
    return result.reply?.status === 404 ? { kind: 'missing' } : { kind: 'unreadable', detail: result.detail };
  }
}
