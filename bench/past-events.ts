import type { Action } from '../src/action/action.ts';
import type { ActionDecided, EventPayloads, NewEvent } from '../src/action/event.ts';
import type { StreamId } from '../src/action/log-port.ts';
import { sha256 } from '../src/lib/digest.ts';
import type { Json } from '../src/lib/json.ts';

export interface Past {
  readonly stream: StreamId;
  /** Two at least. */
  readonly agents: number;
  /** In all, the opening and the agents' joining included. */
  readonly events: number;
  /** Actions at most; what is left are messages. Default: no limit. */
  readonly actions?: number | undefined;
  /** What an agent did as the workflow's action number `index`. */
  readonly actionOf: (index: number, session: string) => Action;
  /** What it was answered; default: next to nothing. */
  readonly resultOf?: (index: number) => Json;
}

export const USER = { id: 'ada', groups: ['service-desk'] };

export function sessionAt(index: number): string {
  return `ses_${index}`;
}

/**
 * The events of a workflow that has a past: its agents join, then act one after the other, each action decided and
 * completed; after every second one the first agent tells another something.
 */
export function* pastEvents({
  stream,
  agents,
  events,
  actions = events,
  actionOf,
  resultOf,
}: Past): Generator<NewEvent> {
  const { tenant, workflow } = stream;
  const opened = { onBehalfOf: USER, mandate: 'Get the office to work again.', limits: { update: 1_000_000 } };
  yield { type: 'workflow.opened', payload: { tenant, workflow, ...opened, openedBy: 'bench', labels: [] } };
  for (let index = 0; index < agents; index++) yield joining(index);
  let left = events - 1 - agents;
  for (let index = 0; left > 0; index++) {
    const acts = left >= 2 && index < actions;
    if (acts) {
      const decided = decidedOf(actionOf(index, sessionAt(index % agents)), events - left);
      yield { type: 'action.decided', payload: decided };
      yield { type: 'action.completed', payload: completedOf(decided, resultOf?.(index)) };
      left -= 2;
    }
    if (!acts || (left > 0 && index % 2 === 1)) {
      const text = 'The directory answers again; please have a look at the gateway.';
      const to = sessionAt(1 + (index % (agents - 1)));
      yield { type: 'message.sent', payload: { from: sessionAt(0), to, kind: 'message', text } };
      left -= 1;
    }
  }
}

function joining(index: number): NewEvent {
  const session = sessionAt(index);
  const payload = { session, agent: `agent-${index}`, tokenDigest: sha256(session), openedBy: 'bench' };
  return { type: 'session.opened', payload };
}

function decidedOf(action: Action, seen: number): ActionDecided {
  const { id, mode, principal, operation, activity, callDigest, input, effect, resources, labels } = action;
  const { session, agent, onBehalfOf } = principal;
  return {
    ...{ action: id, mode, session, agent, onBehalfOf, operation, activity, callDigest, requested: input, input },
    ...{ decision: 'allow', reasons: [], policySet: 'bench', seen, digest: callDigest },
    ...{ effect, resources, labels, resultObligations: [], approvals: [], consumes: [] },
  };
}

function completedOf({ action }: ActionDecided, result: Json = { version: 2 }): EventPayloads['action.completed'] {
  return { action, status: 'succeeded', result, labels: [], exposed: true, source: 'execution' };
}
