import { z } from 'zod';
import { EFFECT_KINDS } from '../action/effect.ts';
import type { StreamId } from '../action/log-port.ts';
import { labelName, plainId } from '../action/names.ts';
import { isFull, type WorkflowView } from '../action/view.ts';
import { BOUNDS } from '../lib/bounds.ts';
import { sha256 } from '../lib/digest.ts';
import { InterlockError } from '../lib/errors.ts';
import type { IdSource } from '../lib/ids.ts';
import type { Workflows } from '../workflow/workflows.ts';
import { quarantineOf, refuseFrozen } from './containment.ts';
import type { AgentCaller, Operator } from './interlock.ts';
import { parsed } from './parsed.ts';
import type { MessageRequest, OpenedSession, OpenRequest, SessionRequest } from './requests.ts';
import { issueSessionToken } from './session-token.ts';

export interface OpeningParts {
  readonly workflows: Workflows;
  readonly ids: IdSource;
}

const count = z.int().min(0);
const text = z.string().max(BOUNDS.textLength);

/** What a workflow is opened with; surfaces use the same schema. */
export const openRequestSchema = z.strictObject({
  onBehalfOf: z.strictObject({ id: plainId, groups: z.array(plainId).max(100).optional() }),
  mandate: text.optional(),
  limits: z.partialRecord(z.enum(['actions', 'tokens', ...EFFECT_KINDS]), count).optional(),
  continues: plainId.optional(),
});

export const sessionRequestSchema = z.strictObject({ agent: plainId, delegatedBy: plainId.optional() });

export const endorsementSchema = z.strictObject({ session: plainId, label: labelName, reason: text.min(1) });

export const messageRequestSchema = z.strictObject({
  to: plainId,
  kind: z.enum(['message', 'hand-off', 'delegation']),
  text: text.optional(),
});

/** Opens a workflow; what is fixed here no agent can change. Throws NOT_FOUND for a workflow to continue that is not the tenant's, and WORKFLOW_FROZEN. */
export async function openWorkflow(
  parts: OpeningParts,
  operator: Operator,
  request: OpenRequest,
): Promise<{ readonly id: string; readonly version: number }> {
  const { onBehalfOf, mandate, limits, continues } = parsed(openRequestSchema, request);
  const id = parts.ids.id('wf');
  const { tenant } = operator;
  await refuseFrozen(parts, operator);
  const labels = continues === undefined ? [] : await labelsOf(parts, { tenant, workflow: continues });
  const { version, durable } = await parts.workflows.create(
    { tenant, workflow: id },
    {
      type: 'workflow.opened',
      payload: {
        tenant,
        workflow: id,
        onBehalfOf,
        ...(mandate === undefined ? {} : { mandate }),
        limits: limits ?? {},
        ...openerOf(operator),
        ...(continues === undefined ? {} : { continues }),
        labels,
      },
    },
  );
  await durable;
  return { id, version };
}

function openerOf({ id, person }: Operator): { readonly openedBy: string; readonly openedByPerson?: string } {
  return person === undefined ? { openedBy: id } : { openedBy: id, openedByPerson: person };
}

async function labelsOf(parts: OpeningParts, stream: StreamId): Promise<readonly string[]> {
  const { view } = await parts.workflows.fresh(stream);
  // A freeze is not left behind by going on elsewhere; and a workflow that had to forget a label is frozen for good.
  if (view.erased !== undefined) throw new InterlockError('WORKFLOW_ERASED');
  if (view.frozen) throw new InterlockError('WORKFLOW_FROZEN');
  return [...view.activity.labels].map(({ id }) => id);
}

/** Opens an agent session and issues its token, which is shown once. Throws NOT_FOUND, WORKFLOW_FULL and WORKFLOW_FROZEN. */
export async function openSession(
  parts: OpeningParts,
  operator: Operator,
  workflow: string,
  request: SessionRequest,
): Promise<OpenedSession> {
  const { agent, delegatedBy } = parsed(sessionRequestSchema, request);
  const stream = { tenant: operator.tenant, workflow };
  await refuseFrozen(parts, operator, agent);
  const live = await parts.workflows.fresh(stream);
  const session = parts.ids.id('ses');
  const token = issueSessionToken(parts.ids, stream, session);
  const { durable } = await live.commit((view) => {
    if (view.frozen) throw new InterlockError('WORKFLOW_FROZEN');
    if (view.sessions.size >= BOUNDS.workflowSessions)
      throw new InterlockError('WORKFLOW_FULL', 'it has as many agent sessions as it may have');
    if (delegatedBy !== undefined && !mayDelegate(view, delegatedBy))
      throw new InterlockError('NOT_FOUND', 'there is no such session to delegate from');
    const payload = {
      session,
      agent,
      tokenDigest: sha256(token),
      ...(delegatedBy === undefined ? {} : { delegatedBy }),
      ...openerOf(operator),
    };
    return { events: [{ type: 'session.opened', payload }], result: undefined };
  });
  await durable;
  return { session, workflow, agent, token };
}

function mayDelegate({ sessions, quarantine }: WorkflowView, session: string): boolean {
  return sessions.get(session)?.revoked === false && !quarantine.sessions.has(session);
}

export interface Revocation {
  readonly workflow: string;
  readonly session: string;
  readonly reason: string;
  readonly descendants: 'quarantine' | 'keep';
}

/** Revokes a session and all that it delegated to, and quarantines what descends from it. Right `administer`, or whoever opened the workflow. */
export async function revokeSession(
  parts: OpeningParts,
  operator: Operator,
  { workflow, session, reason, descendants }: Revocation,
): Promise<void> {
  const live = await parts.workflows.fresh({ tenant: operator.tenant, workflow });
  if (!operator.rights.has('administer') && live.view.openedBy !== operator.id)
    throw new InterlockError('FORBIDDEN', 'this takes the right administer, or having opened the workflow');
  const { durable } = await live.commit((view) => {
    const known = view.sessions.get(session);
    if (known === undefined) throw new InterlockError('NOT_FOUND', 'there is no such session in this workflow');
    const payload = { session, by: operator.id, reason: parsed(text, reason) };
    if (known.revoked) return { events: [], result: undefined };
    const { by, reason: why } = payload;
    const quarantined = descendants === 'keep' ? [] : quarantineOf(view, { of: { session }, by, reason: why });
    return { events: [{ type: 'session.revoked', payload }, ...quarantined], result: undefined };
  });
  await durable;
}

export async function setFrozen(
  parts: OpeningParts,
  operator: Operator,
  { workflow, frozen, reason }: { readonly workflow: string; readonly frozen: boolean; readonly reason: string },
): Promise<{ readonly version: number }> {
  const live = await parts.workflows.fresh({ tenant: operator.tenant, workflow });
  const { version, durable } = await live.commit((view) => {
    const payload = { by: operator.id, reason: parsed(text, reason) };
    const type = frozen ? ('workflow.frozen' as const) : ('workflow.thawed' as const);
    return { events: view.frozen === frozen ? [] : [{ type, payload }], result: undefined };
  });
  await durable;
  return { version };
}

/** Takes a label away from a session: the only way a label is lost, and it is recorded. Reading it again brings it back. */
export async function endorse(
  parts: OpeningParts,
  operator: Operator,
  workflow: string,
  endorsement: { readonly session: string; readonly label: string; readonly reason: string },
): Promise<{ readonly version: number }> {
  const { session, label, reason } = parsed(endorsementSchema, endorsement);
  const live = await parts.workflows.fresh({ tenant: operator.tenant, workflow });
  const { version, durable } = await live.commit((view) => {
    const known = view.sessions.get(session);
    if (known === undefined) throw new InterlockError('NOT_FOUND', 'there is no such session in this workflow');
    const has = [...known.activity.labels].some(({ id }) => id === label);
    const payload = { session, label, by: operator.id, reason };
    return { events: has ? [{ type: 'label.endorsed', payload }] : [], result: undefined };
  });
  await durable;
  return { version };
}

/** A message between agents of one workflow: what the sender was exposed to, the receiver is exposed to from now on. */
export async function sendMessage(
  parts: OpeningParts,
  { principal }: AgentCaller,
  request: MessageRequest,
): Promise<{ readonly version: number }> {
  const { to, kind, text: words } = parsed(messageRequestSchema, request);
  await refuseFrozen(parts, principal, principal.agent);
  const live = await parts.workflows.fresh({ tenant: principal.tenant, workflow: principal.workflow });
  const { version, durable } = await live.commit((view) => {
    if (view.frozen) throw new InterlockError('WORKFLOW_FROZEN');
    if (view.sessions.get(principal.session)?.revoked !== false) throw new InterlockError('SESSION_REVOKED');
    if (view.quarantine.sessions.has(principal.session)) throw new InterlockError('QUARANTINED');
    if (isFull(view)) throw new InterlockError('WORKFLOW_FULL');
    if (view.sessions.get(to)?.revoked !== false)
      throw new InterlockError('NOT_FOUND', 'there is no such session in this workflow');
    const payload = { from: principal.session, to, kind, ...(words === undefined ? {} : { text: words }) };
    return { events: [{ type: 'message.sent', payload }], result: undefined };
  });
  await durable;
  return { version };
}
