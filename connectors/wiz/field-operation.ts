import type { z } from 'zod';
import {
  type AnyOperation,
  type Evidence,
  type Execute,
  type ExecutionContext,
  readOperation,
  type WriteOperation,
  writeOperation,
} from '../../src/connector/contract.ts';
import { httpExecution } from '../../src/connector/http/http-execution.ts';
import { isJsonObject, type Json, type JsonObject } from '../../src/lib/json.ts';

/** One field of Query or Mutation as an operation: asked for by a fixed document, and recognised in anybody else's. */
export interface FieldOperation {
  readonly type: 'query' | 'mutation';
  readonly field: string;
  readonly operation: AnyOperation;
  /** The operation's input from the field's arguments. Throws where they are not what it takes. */
  readonly inputOf: (args: JsonObject) => JsonObject;
}

interface Asking<I> {
  readonly field: string;
  readonly document: string;
  readonly variables: (input: I) => JsonObject;
  /** What the answer is, of what stands under the field. */
  readonly result?: (value: Json, input: I) => unknown;
}

/** The endpoint is one, and so is the method. */
export function documentCall(document: string, variables: JsonObject, operationName?: string) {
  const body = { query: document, variables, ...(operationName === undefined ? {} : { operationName }) };
  return { method: 'POST', path: '/graphql', body } as const;
}

export function execution<I>(
  { field, document, variables, result = (value) => value }: Asking<I>,
  type: 'query' | 'mutation',
): Execute<I> {
  return httpExecution({
    request: (input) => documentCall(document, variables(input)),
    repeatable: type === 'query',
    reads: type === 'query',
    result: ({ body }, input) => {
      const data = isJsonObject(body) ? body['data'] : undefined;
      const value = isJsonObject(data) ? data[field] : undefined;
      if (value === undefined || value === null) throw new TypeError('the field is not there');
      return result(value, input);
    },
  });
}

/** Reads the field by its own document; undefined where the answer does not have it. */
export async function ask<I>(
  { field, document, variables }: Asking<I>,
  input: I,
  { http, signal }: ExecutionContext,
): Promise<Json | undefined> {
  const options = { repeatable: true, reads: true, signal };
  const answer = await http.send(documentCall(document, variables(input)), options);
  const body = answer.ok ? answer.reply.body : undefined;
  const data = isJsonObject(body) ? body['data'] : undefined;
  return isJsonObject(data) ? data[field] : undefined;
}

/** The schema is not published: fields are those of two public clients [rec: in what they send and read]. */
export const reconstructed = (field: string): Evidence => ({
  mark: '3rd',
  source: `${field}: as public clients of the API have it (terraform provider, demisto/content); reconstructed`,
});

type Reading<I extends z.ZodObject, O extends z.ZodType> = Omit<
  Parameters<typeof readOperation<I, O>>[0],
  'execute' | 'evidence'
> &
  Pick<FieldOperation, 'inputOf'> & { readonly asking: Asking<z.output<I>> };

export function queryField<I extends z.ZodObject, O extends z.ZodType>(declared: Reading<I, O>): FieldOperation {
  const { asking, inputOf, ...rest } = declared;
  const evidence = [reconstructed(asking.field)];
  const operation = readOperation<I, O>({ ...rest, execute: execution(asking, 'query'), evidence });
  return { type: 'query', field: asking.field, operation, inputOf };
}

type Writing<I extends z.ZodObject, O extends z.ZodType> = Omit<
  WriteOperation<I, O>,
  'kind' | 'execute' | 'evidence' | 'repeat'
> &
  Pick<FieldOperation, 'inputOf'> & {
    readonly asking: Asking<z.output<I>>;
    /** Instead of the one document. */
    readonly execute?: Execute<z.output<I>>;
  };

export function mutationField<I extends z.ZodObject, O extends z.ZodType>(declared: Writing<I, O>): FieldOperation {
  const { asking, inputOf, execute = execution(asking, 'mutation'), ...rest } = declared;
  const evidence = [reconstructed(asking.field)];
  const repeat = {
    class: 'at-most-once',
    evidence: reconstructed(`${asking.field} names no idempotency key`),
  } as const;
  return {
    type: 'mutation',
    field: asking.field,
    operation: writeOperation<I, O>({ ...rest, repeat, execute, evidence }),
    inputOf,
  };
}

/** `{ input: { … } }`, as every mutation has it. */
export function inputArgument(args: JsonObject): JsonObject {
  const { input, ...others } = args;
  if (!isJsonObject(input) || Object.keys(others).length > 0) throw new TypeError('a mutation takes one input');
  return input;
}
