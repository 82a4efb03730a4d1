import type { Action } from '../action/action.ts';
import { EFFECT_KINDS, type Effect } from '../action/effect.ts';
import { internedRef } from '../action/entity-ref.ts';
import type { Limits } from '../action/event.ts';
import {
  CedarDatetime,
  EntityRef,
  type PolicyEntity,
  type PolicyRecord,
  type PolicyRequest,
  type PolicyValue,
} from '../action/policy-port.ts';
import type { ResourceRef } from '../action/resource.ts';
import type { ActivityView, SessionView, WorkflowView } from '../action/view.ts';
import { InterlockError } from '../lib/errors.ts';
import { factsRecord } from './facts-context.ts';
import type { OperationMapping } from './operation-mapping.ts';
import { provenanceRecord } from './provenance-context.ts';

export interface PolicyQuestion {
  readonly action: Action;
  readonly view: WorkflowView;
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly mapping: OperationMapping;
  /** Cedar's `resource`: one of the action's, the first unless another is asked for. */
  readonly resource?: ResourceRef | undefined;
  readonly signals?: PolicyRecord | undefined;
}

const NOTHING: PolicyRecord = {};
const NO_ENTITY: PolicyEntity = { attributes: NOTHING, parents: [] };

/**
 * One action as a question to the policies. The cost does not grow with the workflow: what it has done is handed over
 * by reference. Throws INVALID_INPUT where the input is not what its operation's schema returns.
 */
export function buildPolicyRequest(question: PolicyQuestion): PolicyRequest {
  const { action, view, now, mapping, resource: touched = action.resources[0] } = question;
  const session = view.sessions.get(action.principal.session);
  if (session === undefined) throw new InterlockError('INTERNAL', 'the workflow does not know the session that acts');
  const principal = new EntityRef('Agent', session.id);
  const resource = new EntityRef(touched.type, touched.id);
  const user = new EntityRef('Interlock::User', view.onBehalfOf.id);
  const described: readonly (readonly [EntityRef, () => PolicyEntity])[] = [
    [principal, () => agentEntity(session)],
    [resource, () => resourceEntity(action.system, touched, view.observedLabels(touched))],
    [user, () => ({ attributes: { groups: view.onBehalfOf.groups }, parents: [] })],
  ];
  return {
    principal,
    action: internedRef('Action', action.operation),
    resource,
    context: {
      input: mapping.toPolicy(action.input, action.facets),
      effect: effectRecord(action.effect),
      labels: labelsOf(action, view),
      user,
      hasMandate: view.mandate !== undefined,
      workflow: { ...activityRecord(view.activity), agents: view.sessions.size },
      agent: activityRecord(session.activity),
      limits: view.limits,
      remaining: remaining(view.limits, view.activity),
      // Traced only for policies that ask.
      get provenance() {
        return provenanceRecord(view.provenance.trace(action));
      },
      facts:
        mapping.facts.length === 0
          ? NOTHING
          : factsRecord(mapping.facts, view, { system: action.system, touched, now }),
      signals: question.signals ?? NOTHING,
      now: new CedarDatetime(now),
    },
    entity: (ref) => described.find(([known]) => known.type === ref.type && known.id === ref.id)?.[1](),
    entities: () => closed(described),
  };
}

function* closed(
  described: readonly (readonly [EntityRef, () => PolicyEntity])[],
): Generator<readonly [EntityRef, PolicyEntity]> {
  for (const [ref, describe] of described) {
    const entity = describe();
    yield [ref, entity];
    for (const parent of entity.parents) yield [parent, NO_ENTITY];
  }
}

function agentEntity(session: SessionView): PolicyEntity {
  const parents = [new EntityRef('AgentId', session.agent), ...session.activity.labels];
  return { attributes: NOTHING, parents, closed: true };
}

function resourceEntity(
  system: string,
  { attributes, labels }: ResourceRef,
  observed: readonly string[],
): PolicyEntity {
  const parents = [internedRef('System', system), ...labelRefs(labels), ...labelRefs(observed)];
  return { attributes: attributes ?? NOTHING, parents, closed: true };
}

function labelRefs(labels: readonly string[] = []): readonly EntityRef[] {
  return labels.map((label) => internedRef('Label', label));
}

/** What the answer exposes to, and what is known of everything that the action touches. */
function labelsOf({ labels, resources }: Action, view: WorkflowView): readonly EntityRef[] {
  const known = resources.flatMap((resource) => [...(resource.labels ?? []), ...view.observedLabels(resource)]);
  return [...new Set(labelRefs([...labels, ...known]))];
}

function effectRecord({
  kind,
  reversible,
  external,
  privileged,
  count,
  amount,
  tokens,
  dataClasses,
}: Effect): PolicyRecord {
  return {
    kind,
    reversible,
    external,
    privileged,
    count,
    amount: amount?.minorUnits,
    currency: amount?.currency,
    tokens,
    dataClasses: labelRefs(dataClasses),
  };
}

function activityRecord(activity: ActivityView): Readonly<Record<string, PolicyValue>> {
  const { actions, denied, counts, tokens, did, deniedOperations, systems, labels } = activity;
  return { actions, denied, counts, tokens, did, deniedOperations, systems, labels };
}

/** What each limit leaves, so that policies need no arithmetic, which can overflow. */
function remaining(limits: Limits, { actions, counts, tokens }: ActivityView): PolicyRecord {
  const left: Record<string, number> = {};
  if (limits.actions !== undefined) left['actions'] = limits.actions - actions;
  if (limits.tokens !== undefined) left['tokens'] = limits.tokens - tokens;
  for (const kind of EFFECT_KINDS) {
    const limit = limits[kind];
    if (limit !== undefined) left[kind] = limit - counts[kind];
  }
  return left;
}
