import type { Execute, ExecutionContext, ExecutionResult } from '../../src/connector/contract.ts';
import type { HttpCall, HttpReply } from '../../src/connector/http/http-client.ts';
import { httpExecution } from '../../src/connector/http/http-execution.ts';
import { isJsonObject, type JsonObject } from '../../src/lib/json.ts';
import { call } from './call.ts';

interface Remembering<I> {
  /** Where the former state is read. */
  readonly look: (input: I) => string;
  /** What is kept of it. Throws where the reply does not tell. */
  readonly former: (body: unknown, input: I) => JsonObject;
  readonly request: (input: I) => HttpCall;
  readonly result?: (reply: HttpReply) => JsonObject;
  /** Setting fields may be sent again; a removal may not. Default: it may. */
  readonly repeatable?: boolean;
}

/** Reads what is there, changes it, and answers `former` beside the reply, so that it can be taken back. */
export function rememberingExecution<I>(remembering: Remembering<I>): Execute<I> {
  return async (input, context) => {
    let former: JsonObject = {};
    const looked = await httpExecution<I>({
      request: () => call('GET', remembering.look(input)),
      repeatable: true,
      result: ({ body }) => {
        former = remembering.former(body, input);
        return {};
      },
    })(input, context);
    return looked.status === 'succeeded' ? change(remembering, { input, context, former }) : looked;
  };
}

function change<I>(
  { request, result = bodyOf, repeatable = true }: Remembering<I>,
  { input, context, former }: { readonly input: I; readonly context: ExecutionContext; readonly former: JsonObject },
): Promise<ExecutionResult> {
  return httpExecution<I>({
    request: () => request(input),
    repeatable,
    result: (reply) => ({ ...result(reply), former }),
  })(input, context);
}

function bodyOf({ body }: HttpReply): JsonObject {
  return isJsonObject(body) ? body : {};
}

/** The named fields of an object, null where it has none. */
export function pick(body: unknown, fields: readonly string[]): JsonObject {
  if (!isJsonObject(body)) throw new TypeError('a thing is an object');
  return Object.fromEntries(fields.map((field) => [field, body[field] ?? null]));
}
