import type { AnyOperation, Execute } from '../../src/connector/contract.ts';
import type { HttpCall, HttpReply } from '../../src/connector/http/http-client.ts';
import { httpExecution } from '../../src/connector/http/http-execution.ts';
import type { JsonObject } from '../../src/lib/json.ts';

/** One request to Graph and how its reply is read. Default of `result`: nothing is answered. */
export interface GraphCall<I> {
  readonly request: (input: I, call: { readonly actionId: string }) => HttpCall;
  readonly result?: (reply: HttpReply, input: I) => unknown;
}

/** An operation that is one call; `repeatable` where the same call twice is the same as once. */
export function callExecution<I>(call: GraphCall<I>, repeatable: boolean): Execute<I> {
  return httpExecution<I>({ request: call.request, repeatable, result: call.result ?? (() => ({})) });
}

/** How a request inside a batch is recognised: `{}` in the path stands for one id. */
export interface InnerShape {
  readonly method: HttpCall['method'];
  /** Below `/v1.0`. */
  readonly path: string;
  /** The operation's input from the ids of the path and the body; undefined where the body is not of this shape. */
  readonly input: (ids: readonly string[], body: JsonObject) => JsonObject | undefined;
}

/** An operation that a batch may carry: recognised by method and path, judged as itself, and sent as it would send itself. */
export interface Inner {
  readonly operation: AnyOperation;
  readonly shape: InnerShape;
  // biome-ignore lint/suspicious/noExplicitAny: the input is parsed by the operation's own schema before the call sees it
  readonly call: GraphCall<any>;
}

export function inner<I>(operation: AnyOperation, call: GraphCall<I>, shape: InnerShape): Inner {
  return { operation, call, shape };
}

/** For what is told by its path alone. */
export function byIds(...names: readonly string[]): InnerShape['input'] {
  return (ids, body) =>
    Object.keys(body).length === 0 ? Object.fromEntries(names.map((name, i) => [name, ids[i] ?? ''])) : undefined;
}

/** For what takes the whole body as its input, beside the ids of the path. */
export function byBody(...names: readonly string[]): InnerShape['input'] {
  // The ids come last: nothing in a body can take their place.
  return (ids, body) => ({ ...body, ...Object.fromEntries(names.map((name, i) => [name, ids[i] ?? ''])) });
}
