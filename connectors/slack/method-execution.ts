import type { Execute } from '../../src/connector/contract.ts';
import { httpExecution } from '../../src/connector/http/http-execution.ts';
import type { JsonObject } from '../../src/lib/json.ts';
import { methodCall } from './method-call.ts';

interface Method<I> {
  readonly method: string;
  /** The arguments; default: the input as it is. */
  readonly fields?: (input: I, call: { readonly actionId: string }) => JsonObject;
  readonly result?: (body: JsonObject, input: I) => unknown;
}

/** A method that only reads, though Slack has it as a POST. */
export function reading<I>(method: Method<I>): Execute<I> {
  return execution(method, { repeatable: true, reads: true });
}

/** `repeatable`: sent twice, it is done once. */
export function writing<I>(method: Method<I>, repeatable = false): Execute<I> {
  return execution(method, { repeatable, reads: false });
}

function execution<I>(
  { method, fields = (input) => input as JsonObject, result = () => ({}) }: Method<I>, // inputs are JSON
  how: { readonly repeatable: boolean; readonly reads: boolean },
): Execute<I> {
  return httpExecution({
    ...how,
    request: (input, call) => methodCall(method, fields(input, call)),
    result: ({ body }, input) => {
      if (typeof body !== 'object' || body === null) throw new TypeError('an answer is an object');
      return result(body as JsonObject, input); // parsed JSON, as just seen
    },
  });
}

/** `response_metadata.next_cursor`, which is empty on the last page. */
export function withCursor(items: unknown, body: JsonObject, as: string): JsonObject {
  const { next_cursor: next } = (body['response_metadata'] ?? {}) as { readonly next_cursor?: string };
  return { [as]: items as JsonObject[], ...(next === undefined || next === '' ? {} : { cursor: next }) };
}
