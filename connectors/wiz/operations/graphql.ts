import { z } from 'zod';
import { batchOperation } from '../../../src/connector/batch-operation.ts';
import type { PartOutcome } from '../../../src/connector/contract.ts';
import { httpExecution } from '../../../src/connector/http/http-execution.ts';
import { InterlockError } from '../../../src/lib/errors.ts';
import { isJsonObject, type Json, type JsonObject } from '../../../src/lib/json.ts';
import { documentCall, type FieldOperation, reconstructed } from '../field-operation.ts';
import { readDocument, type TopField } from '../read-document.ts';

const input = z.strictObject({
  document: z.string().min(1).max(20_000),
  variables: z.record(z.string(), z.json()).default({}),
  operationName: z.string().max(100).optional(),
});

const output = z.object({
  data: z.record(z.string(), z.json()).nullish(),
  errors: z
    .array(z.object({ message: z.string(), path: z.array(z.union([z.string(), z.number()])).optional() }))
    .optional(),
});

/** Any document: each field that it asks for is judged as the operation that it is. */
export function graphqlOperation(fields: readonly FieldOperation[]) {
  const known = new Map(fields.map((field) => [`${field.type} ${field.field}`, field]));
  return batchOperation({
    name: 'wiz.graphql.execute',
    description:
      'Runs a GraphQL document. Each of its fields is judged as the operation that it is; one that is none is refused.',
    input,
    output,
    operations: fields.map(({ operation }) => operation),
    repeat: {
      class: 'at-most-once',
      evidence: reconstructed('a document can hold mutations, which name no idempotency key'),
    },
    parts: (asked) => {
      const top = readDocument(asked);
      return top.map((field) => {
        const found = known.get(`${field.type} ${field.name}`);
        if (found === undefined)
          throw new InterlockError('INVALID_INPUT', `${field.type} ${field.name} is no operation of this connector`);
        return { operation: found.operation.name, input: argumentsFor(found, field) };
      });
    },
    outcomes: (result, asked) => readDocument(asked).map(({ key }) => outcomeOf(result, key)),
    execute: httpExecution({
      request: ({ document, variables, operationName }) => documentCall(document, variables, operationName),
      repeatable: false,
      result: ({ body }) => body,
    }),
    evidence: [reconstructed('POST /graphql')],
  });
}

/** Null and left out are the same to GraphQL. */
function argumentsFor({ inputOf }: FieldOperation, { name, args }: TopField): JsonObject {
  try {
    return withoutNulls(inputOf(args));
  } catch (cause) {
    throw new InterlockError('INVALID_INPUT', `the arguments of ${name} are not those of its operation`, { cause });
  }
}

function withoutNulls(value: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== null));
}

/** Mutations run one after the other; one whose field is null has an error that names it (GraphQL §7.1.2). */
function outcomeOf(result: Json | undefined, key: string): PartOutcome {
  const answer = output.safeParse(result);
  if (!answer.success) return { status: 'unknown' };
  const { data, errors = [] } = answer.data;
  const error = errors.find(({ path }) => path?.[0] === key);
  const value = isJsonObject(data) ? data[key] : undefined;
  if (value !== undefined && value !== null) return { status: 'succeeded' };
  return error === undefined ? { status: 'unknown' } : { status: 'failed', detail: error.message.slice(0, 500) };
}
