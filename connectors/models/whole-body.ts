import type { HttpReply } from '../../src/connector/http/http-client.ts';

/** What was answered. An empty body is no answer of a model, and null is what no schema here takes. */
export function wholeBody({ body }: HttpReply): unknown {
  return body ?? null;
}
