import type { Execute } from '../../src/connector/contract.ts';
import type { HttpCall } from '../../src/connector/http/http-client.ts';
import { httpExecution } from '../../src/connector/http/http-execution.ts';
import type { JsonObject } from '../../src/lib/json.ts';

interface Remembering<I> {
  /** Reads the former state. */
  readonly look: (input: I) => HttpCall;
  /** What is kept of it, as `former` of the result. Throws where the reply does not tell, or where nothing may be done. */
  readonly former: (body: unknown, input: I) => JsonObject;
  readonly request: (input: I) => HttpCall;
  /** Whether the change may be sent again after it may have been applied. */
  readonly repeatable: boolean;
}

/** Reads what is there and changes it; a reading that fails changes nothing. */
export function rememberingExecution<I>({ look, former, request, repeatable }: Remembering<I>): Execute<I> {
  return async (input, context) => {
    const looked = await httpExecution<I>({
      request: look,
      repeatable: true,
      result: ({ body }) => former(body, input),
    })(input, context);
    if (looked.status !== 'succeeded') return looked;
    const change = httpExecution<I>({ request, repeatable, result: () => ({ former: looked.result }) });
    return change(input, context);
  };
}

export const remembered = (result: unknown): unknown =>
  typeof result === 'object' && result !== null && 'former' in result ? result.former : undefined;
