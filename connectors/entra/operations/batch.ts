import { z } from 'zod';
import { batchOperation } from '../../../src/connector/batch-operation.ts';
import type { AnyOperation, PartOutcome } from '../../../src/connector/contract.ts';
import type { HttpReply } from '../../../src/connector/http/http-client.ts';
import { httpExecution } from '../../../src/connector/http/http-execution.ts';
import type { Clock } from '../../../src/lib/clock.ts';
import type { Json, JsonObject } from '../../../src/lib/json.ts';
import { doc, NO_KEY } from '../evidence.ts';
import { entraFailureOf } from '../failure-of.ts';
import type { Inner } from '../graph-call.ts';
import { checkOrder, type FoundInner, findInner, type InnerRequest, innerRequest } from '../inner-request.ts';

/** [doc] */
const MOST_REQUESTS = 20;

const input = z.strictObject({ requests: z.array(innerRequest).min(1).max(MOST_REQUESTS) });
type BatchInput = z.output<typeof input>;

const part = z.object({
  id: z.string(),
  status: z.enum(['succeeded', 'failed', 'unknown']),
  result: z.json().optional(),
  detail: z.string().optional(),
});
const output = z.object({ parts: z.array(part) });
type Part = z.output<typeof part>;

const reply = z.object({
  responses: z.array(
    z.object({
      id: z.string(),
      status: z.coerce.number(),
      headers: z.record(z.string(), z.string()).optional(),
      body: z.unknown().optional(),
    }),
  ),
});

/** A call that carries up to 20 others. What goes out is not what came in, but what was judged, written anew. */
export function createBatchOperation(known: readonly Inner[], clock: Clock): AnyOperation {
  const failureOf = entraFailureOf(clock);
  const find = (request: InnerRequest): FoundInner => {
    const found = findInner(request, known);
    return { ...found, input: found.inner.operation.input.parse(found.input) as JsonObject }; // operations speak JSON
  };

  function partOf(request: InnerRequest, answered: z.output<typeof reply>['responses']): Part {
    const { id } = request;
    const found = answered.find((response) => response.id.toLowerCase() === id.toLowerCase());
    if (found === undefined) return { id, status: 'unknown', detail: 'The batch does not say what came of it.' };
    const inner: HttpReply = { status: found.status, headers: found.headers ?? {}, body: found.body };
    const failure = failureOf(inner);
    if (failure !== undefined) {
      return { id, status: failure.class === 'ambiguous' ? 'unknown' : 'failed', detail: failure.detail };
    }
    const { inner: known, input } = find(request);
    const result = known.operation.output.safeParse(known.call.result?.(inner, input) ?? {});
    return result.success
      ? { id, status: 'succeeded', result: result.data as Json as z.core.util.JSONType } // outputs of operations are JSON
      : { id, status: 'unknown', detail: 'The answer to it cannot be read.' };
  }

  return batchOperation({
    name: 'entra.batch.execute',
    description:
      'Sends up to 20 requests in one call, each judged as the operation that it is. They run at once, or each after the one before where every `dependsOn` says so.',
    input,
    output,
    repeat: NO_KEY,
    operations: known.map(({ operation }) => operation),
    parts: ({ requests }) => {
      checkOrder(requests);
      return requests.map((request) => {
        const { inner, input } = findInner(request, known);
        return { operation: inner.operation.name, input };
      });
    },
    outcomes: (result, { requests }) => {
      const read = output.safeParse(result);
      const parts = read.success ? read.data.parts : [];
      return requests.map((request): PartOutcome => {
        const found = parts.find(({ id }) => id === request.id);
        if (found === undefined) return { status: 'unknown' };
        return { status: found.status, result: found.result, detail: found.detail };
      });
    },
    execute: httpExecution<BatchInput>({
      request: ({ requests }, call) => ({
        method: 'POST',
        path: '/v1.0/$batch',
        body: { requests: requests.map((request) => written(request, find(request), call)) },
      }),
      repeatable: false,
      result: ({ body }, { requests }) => {
        const { responses } = reply.parse(body);
        return { parts: requests.map((request) => partOf(request, responses)) };
      },
    }),
    evidence: [
      doc(
        'json-batching: POST /$batch, up to 20 requests; 200 says nothing of the single ones; 424 where what it depends on failed',
      ),
      doc('json-batching: "Batch should be either fully sequential or fully parallel"'),
    ],
  });
}

function written(
  { id, dependsOn }: InnerRequest,
  { inner, input }: FoundInner,
  call: { readonly actionId: string },
): JsonObject {
  const { method, path, query = {}, body } = inner.call.request(input, call);
  const asked = new URLSearchParams(
    Object.entries(query)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]): [string, string] => [name, String(value)]),
  );
  return {
    url: `${path.slice('/v1.0'.length)}${asked.size === 0 ? '' : `?${asked}`}`,
    method,
    ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body }),
    id,
    ...(dependsOn === undefined ? {} : { dependsOn }),
  };
}
