import type { WorkflowEvent } from '../action/event.ts';
import type { StreamId } from '../action/log-port.ts';
import type { WorkflowView } from '../action/view.ts';
import { ERRORS } from '../lib/errors.ts';
import type { LiveEvent } from './answers.ts';

/** One durable event as people watch it. `view` is the workflow at least as far as the event. */
export function liveEvent(stream: StreamId, event: WorkflowEvent, view: WorkflowView): LiveEvent {
  return {
    ...stream,
    seq: event.seq,
    at: event.at,
    type: event.type,
    reasons: [],
    ...told(event, view),
  };
}

type Told = Partial<LiveEvent> & Pick<LiveEvent, 'text'>;

function told(event: WorkflowEvent, view: WorkflowView): Told {
  const agentOf = (session: string): string => view.sessions.get(session)?.agent ?? session;
  switch (event.type) {
    case 'workflow.opened':
      return {
        text: `opened for ${event.payload.onBehalfOf.id}${event.payload.mandate === undefined ? '' : `: ${event.payload.mandate}`}`,
      };
    case 'session.opened':
      return {
        agent: event.payload.agent,
        text: `${event.payload.agent} joins${event.payload.delegatedBy === undefined ? '' : `, delegated by ${agentOf(event.payload.delegatedBy)}`}`,
      };
    case 'session.revoked':
      return {
        agent: agentOf(event.payload.session),
        text: `the session of ${agentOf(event.payload.session)} is revoked: ${event.payload.reason}`,
      };
    case 'message.sent':
      return {
        agent: agentOf(event.payload.from),
        text: `${agentOf(event.payload.from)} sends a ${event.payload.kind} to ${agentOf(event.payload.to)}`,
      };
    case 'workflow.frozen':
      return { text: `frozen by ${event.payload.by}: ${event.payload.reason}` };
    case 'workflow.thawed':
      return { text: `thawed by ${event.payload.by}: ${event.payload.reason}` };
    case 'action.decided':
      return decidedText(event);
    case 'approval.answered': {
      const { approval, answer, by, reason } = event.payload;
      return {
        approval,
        action: view.approvals.get(approval)?.action,
        text: `${by} ${answer === 'approve' ? 'approves' : 'refuses'}: ${reason}`,
      };
    }
    case 'action.completed':
      return completedText(event, view);
    case 'label.endorsed': {
      const { session, label, by, reason } = event.payload;
      return { agent: agentOf(session), text: `${by} takes the label ${label} from ${agentOf(session)}: ${reason}` };
    }
    case 'fact.observed': {
      const { fact, subject, value, source } = event.payload;
      return { text: `${source} says of ${subject.type} ${subject.id}: ${fact} is ${JSON.stringify(value)}` };
    }
    case 'quarantine.set': {
      const { sessions, resources, by, reason } = event.payload;
      return {
        text: `${by} puts ${sessions.length} sessions and ${resources.length} records in quarantine: ${reason}`,
      };
    }
    case 'quarantine.lifted': {
      const { session, resource, by, reason } = event.payload;
      return { text: `${by} releases ${session === undefined ? (resource ?? '') : agentOf(session)}: ${reason}` };
    }
    case 'scope.frozen':
    case 'scope.thawed': {
      const { scope, by, reason } = event.payload;
      const what = scope.kind === 'tenant' ? 'the tenant' : `the ${scope.kind} ${scope.id}`;
      return { text: `${what} is ${event.type === 'scope.frozen' ? 'frozen' : 'thawed'} by ${by}: ${reason}` };
    }
    case 'payloads.erased':
      return { text: `erased by ${event.payload.by}: ${event.payload.reason}` };
    case 'policy.activated':
      return { text: `policy set ${event.payload.policySet} is in force` };
    case 'policy.disagreed':
      return {
        text: `policy set ${event.payload.policySet} was evaluated wrongly; it is evaluated slowly from now on`,
      };
    default:
      return event satisfies never;
  }
}

function decidedText({ payload }: Extract<WorkflowEvent, { type: 'action.decided' }>): Told {
  const { action, agent, operation, decision, reasons, code, approvals } = payload;
  const why = reasons.map(({ title }) => title).join(' ') || (code === undefined ? '' : ERRORS[code].title);
  const [approval] = approvals;
  return {
    action,
    agent,
    operation,
    decision,
    reasons,
    ...(approval === undefined ? {} : { approval: approval.id }),
    text: `${decision} ${operation}: ${why}`,
  };
}

function completedText({ payload }: Extract<WorkflowEvent, { type: 'action.completed' }>, view: WorkflowView): Told {
  const decided = view.actions.get(payload.action)?.decided;
  const detail = payload.detail === undefined ? '' : `: ${payload.detail}`;
  return {
    action: payload.action,
    agent: decided?.agent,
    operation: decided?.operation,
    outcome: payload.status,
    text: `${payload.status} ${decided?.operation ?? payload.action}${detail}`,
  };
}
