import { z } from 'zod';
import { batchOperation } from '../../../src/connector/batch-operation.ts';
import type { AnyOperation, PartCall, PartOutcome } from '../../../src/connector/contract.ts';
import type { Json } from '../../../src/lib/json.ts';
import { doc, NO_KEY } from '../evidence.ts';
import { jsforceExecution } from '../jsforce-execution.ts';
import { classOf } from '../object-effect.ts';
import type { OperationsFor } from '../operations-for.ts';
import { fieldsOf } from '../read-back.ts';
import { partOf, type SubRequest, subRequest } from '../sub-request.ts';

/** [doc] */
const MOST_SUB_REQUESTS = 25;

const input = z.strictObject({
  /** Whether one that fails takes back all of them. */
  allOrNone: z.boolean().default(true),
  requests: z
    .array(subRequest)
    .min(1)
    .max(MOST_SUB_REQUESTS)
    .refine(
      (requests) => new Set(requests.map(({ referenceId }) => referenceId.toLowerCase())).size === requests.length,
      'each sub-request has a reference id of its own',
    ),
});
type Composite = z.output<typeof input>;

const answered = z.object({ referenceId: z.string(), httpStatusCode: z.int(), body: z.json().optional() });
const output = z.object({ parts: z.array(answered) });
const reply = z.object({ compositeResponse: z.array(answered) });

function partsOf({ requests }: Composite, { org, dataObjects }: OperationsFor): readonly PartCall[] {
  return requests.map((request, at) =>
    partOf(request, {
      version: org.version,
      earlier: requests.slice(0, at).map(({ referenceId }) => referenceId),
      isData: (object) => classOf(object, dataObjects) === 'data',
    }),
  );
}

/** The part's own answer, as its operation would have given it. */
function outcomeOf(request: SubRequest, parts: z.output<typeof output>['parts']): PartOutcome {
  const part = parts.find(({ referenceId }) => referenceId === request.referenceId);
  if (part === undefined) return { status: 'unknown' };
  if (part.httpStatusCode >= 400) return { status: 'failed', detail: JSON.stringify(part.body ?? '').slice(0, 500) };
  const [, , , , , , idInUrl = ''] = request.url.split('?')[0]?.split('/') ?? [];
  const made = z.object({ id: z.string() }).safeParse(part.body);
  const id = made.success ? made.data.id : idInUrl;
  if (request.method !== 'GET') return { status: 'succeeded', result: { id } };
  const names = request.url.split('fields=')[1]?.split(',') ?? [];
  return { status: 'succeeded', result: { id, fields: { ...fieldsOf(part.body, names) } } };
}

/** A call that carries up to 25 others. `operations` are those it may carry; each is judged for itself. */
export function compositeOperation(environment: OperationsFor, operations: readonly AnyOperation[]): AnyOperation {
  return batchOperation({
    name: 'salesforce.composite.execute',
    description:
      'Sends up to 25 sub-requests in one call, each judged for itself: creating, changing, upserting, deleting and reading single records.',
    input,
    output,
    repeat: NO_KEY,
    operations,
    parts: (composite) => partsOf(composite, environment),
    outcomes: (result: Json | undefined, { requests }) => {
      const read = output.safeParse(result);
      return requests.map((request) => outcomeOf(request, read.success ? read.data.parts : []));
    },
    execute: jsforceExecution<Composite>(environment.org, {
      run: (connection, { allOrNone, requests }) =>
        connection.requestPost('/composite', { allOrNone, compositeRequest: requests }),
      result: (answer) => ({ parts: reply.parse(answer).compositeResponse }),
    }),
    evidence: [doc('REST guide, Composite: compositeRequest[{method, url, referenceId, body}], allOrNone, 25 at most')],
  });
}
