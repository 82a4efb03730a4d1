import { z } from 'zod';
import type { ExecutionResult, ProbeResult } from '../../src/connector/contract.ts';
import type { HttpReply } from '../../src/connector/http/http-client.ts';

/** [sdk] StatementResponse, as much of it as is inline. */
const reply = z.object({
  statement_id: z.string().min(1),
  status: z.object({
    state: z.string(),
    error: z.object({ error_code: z.string().optional(), message: z.string().optional() }).nullish(),
  }),
  manifest: z
    .object({
      schema: z.object({ columns: z.array(z.object({ name: z.string() })).default([]) }).optional(),
      truncated: z.boolean().optional(),
    })
    .nullish(),
  result: z.object({ data_array: z.array(z.array(z.string().nullable())).optional() }).nullish(),
});

/** Rows as the warehouse sends them: every value is a text or null. */
export const statementOutput = z.object({
  statement_id: z.string(),
  columns: z.array(z.string()),
  rows: z.array(z.array(z.string().nullable())),
  truncated: z.boolean(),
});

const NOT_ENDED: ReadonlySet<string> = new Set(['PENDING', 'RUNNING']);

/** What a reply says of its statement. Only what is known to be one step is certain to have done nothing when it failed. */
export function outcomeOf({ body }: HttpReply, isOneStep: boolean): ExecutionResult {
  const { statement_id, status, manifest, result } = reply.parse(body);
  if (status.state === 'SUCCEEDED' || status.state === 'CLOSED') {
    const columns = (manifest?.schema?.columns ?? []).map(({ name }) => name);
    const rows = result?.data_array ?? [];
    return { status: 'succeeded', result: { statement_id, columns, rows, truncated: manifest?.truncated ?? false } };
  }
  if (NOT_ENDED.has(status.state)) return { status: 'accepted', handle: { statement_id } };
  const detail = `The statement ended as ${status.state}${status.error?.error_code === undefined ? '' : ` (${status.error.error_code})`}.`;
  return isOneStep
    ? { status: 'failed', code: 'EXECUTION_FAILED', detail, exposed: true }
    : { status: 'unknown', code: 'OUTCOME_UNKNOWN', detail };
}

/** The same as the answer of a read-back. */
export function probedOf(outcome: ExecutionResult): ProbeResult {
  switch (outcome.status) {
    case 'succeeded':
      return { status: 'applied', result: outcome.result };
    case 'accepted':
      return { status: 'running' };
    case 'failed':
      return { status: 'not-applied' };
    case 'unknown':
      return { status: 'undetermined', detail: outcome.detail };
    default:
      return outcome satisfies never;
  }
}
