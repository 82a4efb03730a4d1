import type { Failure, FailureClass } from '../../src/connector/contract.ts';
import { graphqlFailure } from '../../src/connector/http/failure-inside-success.ts';
import type { HttpReply } from '../../src/connector/http/http-client.ts';
import { retryAfterFrom } from '../../src/connector/http/rate-limit-hint.ts';
import { statusClass } from '../../src/connector/http/status-class.ts';
import type { Clock } from '../../src/lib/clock.ts';

/** Codes of errors that come before anything is done [mem: those of common GraphQL servers]. All others may come after. */
const BY_CODE: ReadonlyMap<string, FailureClass> = new Map([
  ['UNAUTHENTICATED', 'credential'],
  ['UNAUTHORIZED', 'refused'],
  ['FORBIDDEN', 'refused'],
  ['BAD_USER_INPUT', 'refused'],
  ['GRAPHQL_PARSE_FAILED', 'refused'],
  ['GRAPHQL_VALIDATION_FAILED', 'refused'],
  ['NOT_FOUND', 'refused'],
  ['RATE_LIMIT_EXCEEDED', 'rate-limited'],
]);

/**
 * How Wiz says no: with 200 and `errors`. Where some of the data is there, the call has succeeded in part, and each part
 * says for itself what came of it.
 */
export function wizFailureOf(clock: Clock): (reply: HttpReply) => Failure | undefined {
  return (reply) => {
    const byStatus = statusClass(reply.status);
    const said = graphqlFailure(reply.body);
    if (byStatus === undefined && (said === undefined || said.partial)) return undefined;
    const found = byStatus ?? BY_CODE.get(said?.code ?? '') ?? 'ambiguous';
    const detail = said?.detail ?? `Wiz answered ${reply.status}.`;
    return found === 'rate-limited'
      ? { class: found, detail, retryAfterMs: retryAfterFrom(reply.headers, clock) }
      : { class: found, detail };
  };
}
