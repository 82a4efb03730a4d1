import type { Answer } from '../../../gate/answers.ts';
import type { Caller, Interlock } from '../../../gate/interlock.ts';
import { answer, operationList } from '../answer-schemas.ts';
import { checkClaims } from '../claimed-identity.ts';
import { explanation } from '../explanation-schema.ts';
import { byId, callBody, outcomeBody, waitQuery, workflowQuery } from '../request-schemas.ts';
import { type Route, route } from '../route.ts';

export const actionRoutes: readonly Route[] = [
  route({
    method: 'POST',
    path: '/v1/actions',
    name: 'runAction',
    summary: 'Have an action decided and, if it stands, executed. A refusal is an answer, too. An agent.',
    body: callBody,
    status: 200,
    answer,
    handle({ interlock, caller, body: { id, operation, input, ...claims } }) {
      checkClaims(caller, claims);
      return interlock.run(caller, { id, operation, input });
    },
  }),
  route({
    method: 'POST',
    path: '/v1/decisions',
    name: 'decideAction',
    summary: 'Have an action decided that the caller executes itself: an allow is a single-use permit. An agent.',
    body: callBody,
    status: 200,
    answer,
    handle({ interlock, caller, body: { id, operation, input, ...claims } }) {
      checkClaims(caller, claims);
      return interlock.decide(caller, { id, operation, input });
    },
  }),
  route({
    method: 'GET',
    path: '/v1/actions/{id}',
    name: 'getAction',
    summary: 'Ask for an action, and wait for it if it is held or executing. Its agent.',
    params: byId,
    query: waitQuery,
    status: 200,
    answer,
    handle: ({ interlock, caller, params, query, closing }) =>
      query.waitMs === undefined
        ? interlock.action(caller, params.id)
        : waitFor(interlock, { caller, action: params.id, waitMs: query.waitMs, closing }),
  }),
  route({
    method: 'GET',
    path: '/v1/actions/{id}/explanation',
    name: 'explainAction',
    summary: 'See why an action was decided as it was. Its agent, or right `administer` with the workflow named.',
    params: byId,
    query: workflowQuery,
    status: 200,
    answer: explanation,
    handle: ({ interlock, caller, params, query }) => interlock.explain(caller, params.id, query.workflow),
  }),
  route({
    method: 'POST',
    path: '/v1/actions/{id}/outcome',
    name: 'settleAction',
    summary:
      'Report the outcome of a permitted action; the answer has the result with its obligations applied. Its agent, or right `act`.',
    params: byId,
    query: workflowQuery,
    body: outcomeBody,
    status: 200,
    answer,
    handle({ interlock, caller, params, query, body: { status, result, detail, ...claims } }) {
      checkClaims(caller, claims);
      return interlock.settle(caller, params.id, { status, result, detail }, query.workflow);
    },
  }),
  route({
    method: 'GET',
    path: '/v1/operations',
    name: 'listOperations',
    summary: 'List the operations of every connector.',
    status: 200,
    answer: operationList,
    handle: ({ interlock, caller }) => ({ operations: interlock.operations(caller) }),
  }),
];

interface Wait {
  readonly caller: Caller;
  readonly action: string;
  readonly waitMs: number;
  readonly closing: AbortSignal;
}

/** The action when it has ended or the time is over; at once when the server closes. */
async function waitFor(interlock: Interlock, { caller, action, waitMs, closing }: Wait): Promise<Answer> {
  const closed = Promise.withResolvers<void>();
  const release = (): void => closed.resolve();
  closing.addEventListener('abort', release, { once: true });
  if (closing.aborted) release();
  try {
    return await Promise.race([
      interlock.action(caller, action, waitMs),
      closed.promise.then(() => interlock.action(caller, action)),
    ]);
  } finally {
    closing.removeEventListener('abort', release);
  }
}
