import { z } from 'zod';
import type { FreezeScope, NewEvent } from '../action/event.ts';
import { type StreamId, tenantStream } from '../action/log-port.ts';
import { plainId, systemName } from '../action/names.ts';
import type { FreezesView, QuarantineSource, WorkflowView } from '../action/view.ts';
import { BOUNDS } from '../lib/bounds.ts';
import { InterlockError } from '../lib/errors.ts';
import type { LiveWorkflow } from '../workflow/live-workflow.ts';
import type { Workflows } from '../workflow/workflows.ts';
import type { FreezeList, Quarantined } from './answers.ts';
import { freezeAgainst } from './freeze-against.ts';
import type { Operator } from './interlock.ts';
import { parsed } from './parsed.ts';
import type { FreezeRequest, QuarantineRequest, ReleaseRequest } from './requests.ts';

interface ContainmentParts {
  readonly workflows: Workflows;
}

const reason = z.string().trim().min(1).max(BOUNDS.textLength);

/** What is frozen beside single workflows; surfaces use the same schema. */
export const freezeRequestSchema = z.strictObject({
  scope: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('tenant') }),
    z.strictObject({ kind: z.literal('agent'), id: plainId.describe('Name of the agent, in every workflow.') }),
    z.strictObject({ kind: z.literal('system'), id: systemName.describe('Name of the connected system.') }),
  ]),
  frozen: z.boolean(),
  reason,
});

export const quarantineRequestSchema = z
  .strictObject({ session: plainId.optional(), action: plainId.optional(), reason })
  .refine(({ session, action }) => (session === undefined) !== (action === undefined), 'name a session or an action');

export const releaseRequestSchema = z
  .strictObject({
    session: plainId.optional(),
    resource: z.strictObject({ type: z.string().min(1), id: z.string().min(1) }).optional(),
    reason,
  })
  .refine(
    ({ session, resource }) => (session === undefined) !== (resource === undefined),
    'name a session or a resource',
  );

/** Freezes an agent, a system or the whole tenant, or lifts that: from the next decision on, in every workflow. */
export async function setFreeze(
  parts: ContainmentParts,
  operator: Operator,
  request: FreezeRequest,
): Promise<FreezeList> {
  const { scope, frozen, reason } = parsed(freezeRequestSchema, request);
  const live = await freshControls(parts, operator.tenant);
  const { durable } = await live.commit(({ freezes }) => {
    const payload = { scope, by: operator.id, reason };
    const event: NewEvent = { type: frozen ? 'scope.frozen' : 'scope.thawed', payload };
    return { events: isFrozen(freezes, scope) === frozen ? [] : [event], result: undefined };
  });
  await durable;
  return listFreezes(parts, operator.tenant);
}

export async function listFreezes(parts: ContainmentParts, tenant: string): Promise<FreezeList> {
  const live = await freshControls(parts, tenant);
  await live.durable;
  const { freezes } = live.view;
  return { tenant: freezes.tenant, agents: [...freezes.agents].sort(), systems: [...freezes.systems].sort() };
}

/** The tenant's own stream with all that other processes have appended until now. Throws LOG_UNAVAILABLE. */
async function freshControls({ workflows }: ContainmentParts, tenant: string): Promise<LiveWorkflow> {
  const controls = await workflows.standing(tenantStream(tenant));
  if (workflows.log.shared !== undefined) await controls.refresh();
  return controls;
}

function isFrozen(freezes: FreezesView, scope: FreezeScope): boolean {
  if (scope.kind === 'tenant') return freezes.tenant;
  return (scope.kind === 'agent' ? freezes.agents : freezes.systems).has(scope.id);
}

/** Quarantines what descends from a session or from one action. Throws NOT_FOUND. */
export async function quarantine(
  parts: ContainmentParts,
  operator: Operator,
  workflow: string,
  request: QuarantineRequest,
): Promise<Quarantined> {
  const { session, action, reason } = parsed(quarantineRequestSchema, request);
  const live = await parts.workflows.fresh({ tenant: operator.tenant, workflow });
  const { result, durable, version } = await live.commit((view) => {
    const of = sourceIn(view, session, action);
    const events = quarantineOf(view, { of, by: operator.id, reason });
    return { events, result: events.flatMap((event) => (event.type === 'quarantine.set' ? [event.payload] : [])) };
  });
  await durable;
  const [set] = result;
  return { version, sessions: set?.sessions ?? [], resources: set?.resources ?? [] };
}

function sourceIn(view: WorkflowView, session: string | undefined, action: string | undefined): QuarantineSource {
  if (session !== undefined && view.sessions.has(session)) return { session };
  if (action !== undefined && view.actions.has(action)) return { action };
  throw new InterlockError('NOT_FOUND', 'there is no such session or action in this workflow');
}

/** The events that quarantine what descends from `of`. Where that is not known any more, the workflow is frozen instead. */
export function quarantineOf(
  view: WorkflowView,
  { of, by, reason }: { readonly of: QuarantineSource; readonly by: string; readonly reason: string },
): readonly NewEvent[] {
  const descendants = view.descendantsOf(of);
  if (descendants === 'everything') return [{ type: 'workflow.frozen', payload: { by, reason } }];
  const sessions = descendants.sessions.filter((session) => !view.quarantine.sessions.has(session));
  const resources = descendants.resources.filter((resource) => !view.quarantine.resources.has(resource));
  if (sessions.length + resources.length === 0) return [];
  return [{ type: 'quarantine.set', payload: { of, sessions, resources, by, reason } }];
}

/** Lets a session or a record be used again. */
export async function release(
  parts: ContainmentParts,
  operator: Operator,
  workflow: string,
  request: ReleaseRequest,
): Promise<{ readonly version: number }> {
  const { session, resource, reason } = parsed(releaseRequestSchema, request);
  const key = resource && JSON.stringify([resource.type, resource.id]);
  const live = await parts.workflows.fresh({ tenant: operator.tenant, workflow });
  const { version, durable } = await live.commit(({ quarantine: held }) => {
    const isHeld =
      (session !== undefined && held.sessions.has(session)) || (key !== undefined && held.resources.has(key));
    if (!isHeld) throw new InterlockError('NOT_FOUND', 'nothing of that name is in quarantine');
    const payload = {
      ...(session === undefined ? {} : { session }),
      ...(key === undefined ? {} : { resource: key }),
      by: operator.id,
      reason,
    };
    return { events: [{ type: 'quarantine.lifted', payload }], result: undefined };
  });
  await durable;
  return { version };
}

/** Throws TENANT_FROZEN and AGENT_FROZEN where one who would join or speak may not. */
export async function refuseFrozen(
  parts: ContainmentParts,
  { tenant }: Pick<StreamId, 'tenant'>,
  agent?: string,
): Promise<void> {
  const { view } = await freshControls(parts, tenant);
  const code = view.freezes.tenant
    ? 'TENANT_FROZEN'
    : agent === undefined
      ? undefined
      : freezeAgainst(view.freezes, { agent });
  if (code !== undefined) throw new InterlockError(code);
}
