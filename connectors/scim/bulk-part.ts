import type { AnyOperation } from '../../src/connector/contract.ts';
import type { HttpCall } from '../../src/connector/http/http-client.ts';
import type { JsonObject } from '../../src/lib/json.ts';

/** An operation that a bulk request may carry, and the one call that it is there. */
export interface BulkPart {
  readonly operation: AnyOperation;
  // biome-ignore lint/suspicious/noExplicitAny: the input is parsed by the operation's own schema before this sees it
  readonly request: (input: any, call: { readonly actionId: string }) => HttpCall;
  /** What the operation answers, from the id that the bulk response names. */
  readonly result: (id: string | undefined, input: JsonObject) => JsonObject;
}
