import type { ActionDecided, NewEvent, RequestedApproval } from '../action/event.ts';
import type { ResourceRef } from '../action/resource.ts';
import { BOUNDS } from '../lib/bounds.ts';
import { digestOf } from '../lib/digest.ts';
import type { JsonObject } from '../lib/json.ts';
import type { PolicyCase } from './policy-case.ts';

/** The workflow that the case asks about. */
export const CASE_WORKFLOW = 'workflow';
const TENANT = 'tenant';

/** What a call would do, as its connector says. */
export type DescribeCall = (
  operation: string,
  input: JsonObject,
) => { readonly effect: NonNullable<ActionDecided['effect']>; readonly resources: readonly ResourceRef[] };

/** An event of one of the workflows that a case tells of, so many ms before the question. */
export interface PastEvent {
  readonly workflow: string;
  readonly agoMs: number;
  readonly event: NewEvent;
}

type Told = Pick<PolicyCase, 'workflow' | 'history' | 'action'>;

/** The events of the workflow as a case tells it, to be folded like any other. A session has the name of its agent. */
export function caseHistory(told: Told): readonly NewEvent[] {
  return casePast(told).flatMap(({ workflow, event }) => (workflow === CASE_WORKFLOW ? [event] : []));
}

/** All that a case tells of; what has an input, and is no more exactly told, is described by its connector. */
export function casePast(told: Told, describe?: DescribeCall): readonly PastEvent[] {
  const begun = Math.max(0, ...told.history.map((entry) => ('from' in entry ? 0 : entry.ago)));
  const workflows = new Map([[CASE_WORKFLOW, userOf(told)]]);
  for (const entry of told.history) if (!('from' in entry)) workflows.set(workflowOf(entry, told), userIn(entry, told));
  const past: PastEvent[] = [];
  for (const [workflow, user] of workflows)
    past.push(...openingOf(told, workflow, user).map((event) => ({ workflow, agoMs: begun, event })));
  told.history.forEach((entry, index) => {
    if ('from' in entry) past.push({ workflow: CASE_WORKFLOW, agoMs: 0, event: messageOf(entry) });
    else {
      const workflow = workflowOf(entry, told);
      for (let time = 0; time < entry.times; time++) {
        const decided = decidedOf(entry, { action: `case-${index}-${time}`, user: userIn(entry, told), describe });
        past.push(...outcomeOf(entry, decided).map((event) => ({ workflow, agoMs: entry.ago, event })));
      }
    }
  });
  return past;
}

type EarlierAction = Exclude<PolicyCase['history'][number], { readonly from: string }>;

export function userOf({ workflow }: Pick<PolicyCase, 'workflow'>): string {
  return workflow.user ?? 'user';
}

function userIn({ user }: EarlierAction, told: Told): string {
  return user ?? userOf(told);
}

/** Another user's actions are in another workflow, whether or not it has a name. */
function workflowOf({ workflow, user }: EarlierAction, told: Told): string {
  if (workflow !== undefined) return workflow;
  return user === undefined || user === userOf(told) ? CASE_WORKFLOW : `workflow of ${user}`;
}

function openingOf({ workflow, history, action }: Told, name: string, user: string): NewEvent[] {
  const { groups, mandate, limits, labels } = workflow;
  const own = name === CASE_WORKFLOW ? { mandate, limits, labels } : { limits: {}, labels: [] };
  const opened: NewEvent = {
    type: 'workflow.opened',
    payload: { tenant: TENANT, workflow: name, onBehalfOf: { id: user, groups }, openedBy: 'case', ...own },
  };
  const agents = new Set([
    action.agent,
    ...history.flatMap((entry) => ('from' in entry ? [entry.from, entry.to] : [entry.agent])),
  ]);
  const sessions = [...agents].map((agent): NewEvent => {
    const payload = { session: agent, agent, tokenDigest: digestOf(agent), openedBy: 'case' };
    return { type: 'session.opened', payload };
  });
  return [opened, ...sessions];
}

function messageOf({ from, to, text }: Extract<PolicyCase['history'][number], { readonly from: string }>): NewEvent {
  return { type: 'message.sent', payload: { from, to, kind: 'message', text } };
}

interface Telling {
  readonly action: string;
  readonly user: string;
  readonly describe: DescribeCall | undefined;
}

function decidedOf(entry: EarlierAction, { action, user, describe }: Telling): ActionDecided {
  const { operation, agent, denied, kind, count, labels, input, held, signals } = entry;
  const described = input === undefined ? undefined : describe?.(operation, input);
  return {
    action,
    mode: 'run',
    session: agent,
    agent,
    onBehalfOf: user,
    operation,
    activity: 'tool',
    callDigest: digestOf(action),
    requested: input ?? {},
    decision: denied ? 'deny' : held ? 'step_up' : 'allow',
    reasons: [],
    policySet: '',
    seen: 0,
    ...(signals === undefined ? {} : { signals: [signals] }),
    effect: described?.effect ?? { kind, reversible: 'operation', external: false, privileged: false, count },
    resources: described?.resources ?? [],
    labels,
    approvals: [],
    consumes: [],
    resultObligations: [],
  };
}

/** What became of it, beside the decision itself. */
function outcomeOf(entry: EarlierAction, decided: ActionDecided): NewEvent[] {
  const { outcome, approvedBy, denied, held, result, authors } = entry;
  const { action } = decided;
  const allowed: ActionDecided = approvedBy === undefined ? decided : { ...decided, consumes: [`${action}-approval`] };
  const asked = approvedBy === undefined ? [] : approvalOf(decided, approvedBy);
  const events: NewEvent[] = [...asked, { type: 'action.decided', payload: allowed }];
  if (denied || held || outcome === 'in-flight') return events;
  const exposed = outcome !== 'failed';
  const source = outcome === 'unknown' ? 'read-back' : 'execution';
  const shown = { ...(result === undefined ? {} : { result }), ...(authors === undefined ? {} : { authors }) };
  const payload = { action, status: outcome, ...shown, labels: [], exposed, source } as const;
  return [...events, { type: 'action.completed', payload }];
}

/** What comes before a decision that relies on a human's yes. */
function approvalOf(decided: ActionDecided, by: string): NewEvent[] {
  const id = `${decided.action}-approval`;
  const withinMs = BOUNDS.approvalMs;
  const asked: RequestedApproval = {
    kind: 'approval',
    group: 'case',
    withinMs,
    id,
    expiresAt: Number.MAX_SAFE_INTEGER,
  };
  const digest = digestOf(decided.action);
  const answered = { approval: id, answer: 'approve', by, groups: ['case'], reason: 'case' } as const;
  return [
    { type: 'action.decided', payload: { ...decided, decision: 'step_up', digest, approvals: [asked] } },
    { type: 'approval.answered', payload: answered },
  ];
}
