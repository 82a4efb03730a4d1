import { z } from 'zod';
import { batchOperation } from '../../../src/connector/batch-operation.ts';
import type { AnyOperation, PartOutcome } from '../../../src/connector/contract.ts';
import { InterlockError } from '../../../src/lib/errors.ts';
import type { JsonObject } from '../../../src/lib/json.ts';
import type { BulkPart } from '../bulk-part.ts';
import { type BulkRequest, bulkRequest, partOf } from '../bulk-request.ts';
import { NO_KEY, rfc } from '../evidence.ts';
import { classOf, detailOf } from '../failure-of.ts';
import { type Service, scimExecution } from '../wire.ts';

const input = z.strictObject({
  /** After how many errors the service stops; left out: it goes on (RFC 7644 §3.7). */
  failOnErrors: z.int().min(1).max(100).optional(),
  operations: z.array(bulkRequest).min(1).max(100),
});
type Bulk = z.output<typeof input>;

const part = z.object({
  status: z.enum(['succeeded', 'failed', 'unknown']),
  id: z.string().optional(),
  detail: z.string().optional(),
});
const output = z.object({ parts: z.array(part) });
type Part = z.output<typeof part>;

const answered = z.object({
  method: z.string(),
  bulkId: z.string().nullish(),
  location: z.string().nullish(),
  status: z.union([z.string(), z.number(), z.object({ code: z.coerce.number() })]),
  response: z.unknown().optional(),
});
type Answered = z.output<typeof answered>;
const reply = z.object({ Operations: z.array(answered) });

const BULK_SCHEMA = 'urn:ietf:params:scim:api:messages:2.0:BulkRequest';

/** A bulk request whose operations are judged one by one. What goes out is what was judged, written anew. */
export function bulkOperation(service: Service, known: readonly BulkPart[]): AnyOperation {
  const find = (request: BulkRequest) => {
    const { operation, input } = partOf(request);
    const found = known.find((each) => each.operation.name === operation);
    if (found === undefined)
      throw new InterlockError('INVALID_INPUT', `${operation} cannot be a part of a bulk request`);
    return { found, input: found.operation.input.parse(input) as JsonObject }; // operations speak JSON
  };
  return batchOperation({
    name: 'scim.bulk.execute',
    description: 'Sends several operations on users and groups in one call, each judged for itself.',
    input,
    output,
    repeat: NO_KEY,
    operations: known.map(({ operation }) => operation),
    parts: ({ operations }) => operations.map(partOf),
    outcomes: (result, { operations }) => {
      const parts = output.safeParse(result).data?.parts ?? [];
      return operations.map((request, at): PartOutcome => {
        const told = parts[at];
        if (told === undefined) return { status: 'unknown' };
        const { found, input } = find(request);
        if (told.status !== 'succeeded') return { status: told.status, detail: told.detail };
        return { status: 'succeeded', result: found.result(told.id, input) };
      });
    },
    execute: scimExecution<Bulk>({
      request: ({ operations, failOnErrors }, call) => ({
        method: 'POST',
        path: `${service.base}/Bulk`,
        body: {
          schemas: [BULK_SCHEMA],
          ...(failOnErrors === undefined ? {} : { failOnErrors }),
          Operations: operations.map((request) => {
            const { found, input } = find(request);
            const { method, path, body } = found.request(input, call);
            return {
              method,
              path: path.slice(service.base.length),
              ...(request.bulkId === undefined ? {} : { bulkId: request.bulkId }),
              ...(body === undefined ? {} : { data: body }),
            };
          }),
        },
      }),
      repeatable: false,
      result: ({ body }, { operations }) => ({ parts: partsOf(operations, reply.parse(body).Operations) }),
    }),
    evidence: [
      rfc('RFC 7644 §3.7: POST /Bulk; 200 says nothing of the single operations; failOnErrors'),
      rfc('RFC 7644 §3.7.3: each operation is answered with method, bulkId or location, and status'),
    ],
  });
}

/** By bulkId or location. Operations on the same resource are answered in their order; one that is not answered did not run, or nobody knows. */
function partsOf(requests: readonly BulkRequest[], answers: readonly Answered[]): readonly Part[] {
  const left = [...answers];
  return requests.map(({ method, path, bulkId }): Part => {
    const at = left.findIndex(
      (each) =>
        each.method.toUpperCase() === method &&
        (bulkId === undefined ? each.location?.endsWith(path) === true : each.bulkId === bulkId),
    );
    const [found] = at < 0 ? [] : left.splice(at, 1);
    if (found === undefined) return { status: 'unknown', detail: 'The service does not say what came of it.' };
    const status = Number(typeof found.status === 'object' ? found.status.code : found.status);
    if (status >= 200 && status < 300) return { status: 'succeeded', id: found.location?.split('/').at(-1) };
    const detail = detailOf({ status, body: found.response });
    return { status: status >= 400 && classOf(status) !== 'ambiguous' ? 'failed' : 'unknown', detail };
  });
}
