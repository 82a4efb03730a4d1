import type { ActionDecided, NewEvent } from '../action/event.ts';
import { digestOf } from '../lib/digest.ts';
import type { PolicyCase } from './policy-case.ts';

const USER = 'user';

/** The events of the workflow as a case tells it, to be folded like any other. A session has the name of its agent. */
export function caseHistory({ workflow, history, action }: PolicyCase): readonly NewEvent[] {
  const agents = new Set([
    action.agent,
    ...history.flatMap((entry) => ('from' in entry ? [entry.from, entry.to] : [entry.agent])),
  ]);
  const events: NewEvent[] = [
    {
      type: 'workflow.opened',
      payload: {
        tenant: 'tenant',
        workflow: 'workflow',
        onBehalfOf: { id: USER, groups: workflow.groups },
        mandate: workflow.mandate,
        limits: workflow.limits,
        openedBy: 'case',
        labels: workflow.labels,
      },
    },
  ];
  for (const agent of agents) {
    events.push({
      type: 'session.opened',
      payload: { session: agent, agent, tokenDigest: digestOf(agent), openedBy: 'case' },
    });
  }
  history.forEach((entry, index) => {
    if ('from' in entry)
      events.push({ type: 'message.sent', payload: { from: entry.from, to: entry.to, kind: 'message' } });
    else for (let time = 0; time < entry.times; time++) events.push(...actionEvents(entry, `case-${index}-${time}`));
  });
  return events;
}

type EarlierAction = Exclude<PolicyCase['history'][number], { readonly from: string }>;

function actionEvents({ operation, agent, denied, kind, count, labels }: EarlierAction, action: string): NewEvent[] {
  const decided: ActionDecided = {
    action,
    mode: 'run',
    session: agent,
    agent,
    onBehalfOf: USER,
    operation,
    activity: 'tool',
    callDigest: digestOf(action),
    requested: {},
    decision: denied ? 'deny' : 'allow',
    reasons: [],
    policySet: '',
    seen: 0,
    effect: { kind, reversible: 'operation', external: false, privileged: false, count },
    resources: [],
    labels,
    approvals: [],
    consumes: [],
    resultObligations: [],
  };
  if (denied) return [{ type: 'action.decided', payload: decided }];
  const completed = { action, status: 'succeeded', labels: [], exposed: true, source: 'execution' } as const;
  return [
    { type: 'action.decided', payload: decided },
    { type: 'action.completed', payload: completed },
  ];
}
