import type { ActionDecided, WorkflowEvent } from '../action/event.ts';
import { type FactDescriptor, type FactSubject, factKey, subjectsOf, USER_SUBJECT } from '../action/fact.ts';
import type { StreamId } from '../action/log-port.ts';
import { systemOf } from '../action/names.ts';
import type { PolicySet } from '../action/policy-port.ts';
import type { WorkflowView } from '../action/view.ts';
import type { Clock } from '../lib/clock.ts';
import type { EnrichmentJob } from './enrichment-queue.ts';
import { wantedFacts } from './wanted-facts.ts';

interface PlanParts {
  readonly facts: readonly FactDescriptor[];
  readonly policySet: PolicySet;
  readonly clock: Clock;
}

/** Of its time to live: then it is looked up again by the next action that would read it. */
const RENEWED_AT = 0.8;

/** What is to be looked up because of what has just happened: only what a policy in force asks for, and is not known. */
export function planEnrichment(
  { facts, policySet, clock }: PlanParts,
  {
    stream,
    events,
    view,
  }: { readonly stream: StreamId; readonly events: readonly WorkflowEvent[]; readonly view: WorkflowView },
): readonly EnrichmentJob[] {
  const wanted = wantedFacts(policySet);
  if (wanted !== 'all' && wanted.size === 0) return [];
  const asked = facts.filter(({ name }) => wanted === 'all' || wanted.has(name));
  const jobOf = (
    descriptor: FactDescriptor,
    subject: FactSubject,
    decided?: ActionDecided,
  ): readonly EnrichmentJob[] => {
    const anew = decided?.waitingFor?.includes(descriptor.name) === true;
    if (!anew && isFresh(view, { descriptor, subject, now: clock.now() })) return [];
    return [{ stream, fact: descriptor.name, subject, anew }];
  };
  return events.flatMap(({ type, payload }) => {
    if (type !== 'workflow.opened' && type !== 'action.decided') return [];
    const decided = type === 'action.decided' ? payload : undefined;
    const { operation = '', resources = [] } = decided ?? {};
    const about = { user: view.onBehalfOf.id, system: systemOf(operation), resources };
    const known = type === 'workflow.opened' ? asked.filter((fact) => fact.about === USER_SUBJECT) : asked;
    return known.flatMap((fact) => subjectsOf(fact, about).flatMap((subject) => jobOf(fact, subject, decided)));
  });
}

function isFresh(
  { facts }: WorkflowView,
  {
    descriptor,
    subject,
    now,
  }: { readonly descriptor: FactDescriptor; readonly subject: FactSubject; readonly now: number },
): boolean {
  const known = facts.get(factKey(descriptor.name, subject));
  return known !== undefined && now < known.observedAt + (known.expiresAt - known.observedAt) * RENEWED_AT;
}
