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
  parts: PlanParts,
  {
    stream,
    events,
    view,
  }: { readonly stream: StreamId; readonly events: readonly WorkflowEvent[]; readonly view: WorkflowView },
): readonly EnrichmentJob[] {
  const asked = askedOf(parts);
  if (asked.length === 0) return [];
  return events.flatMap(({ type, payload }) => {
    if (type !== 'workflow.opened' && type !== 'action.decided') return [];
    const decided = type === 'action.decided' ? payload : undefined;
    const known = type === 'workflow.opened' ? asked.filter((fact) => fact.about === USER_SUBJECT) : asked;
    return jobsOf(parts, known, { stream, view, decided });
  });
}

/** What a held action waits for, where whoever asked for it may have forgotten. */
export function planAgain(
  parts: PlanParts,
  held: { readonly stream: StreamId; readonly view: WorkflowView; readonly decided: ActionDecided },
): readonly EnrichmentJob[] {
  const asked = askedOf(parts).filter(({ name }) => held.decided.waitingFor?.includes(name));
  return jobsOf(parts, asked, held);
}

function askedOf({ facts, policySet }: PlanParts): readonly FactDescriptor[] {
  const wanted = wantedFacts(policySet);
  return wanted === 'all' ? facts : facts.filter(({ name }) => wanted.has(name));
}

function jobsOf(
  { clock }: PlanParts,
  facts: readonly FactDescriptor[],
  {
    stream,
    view,
    decided,
  }: { readonly stream: StreamId; readonly view: WorkflowView; readonly decided?: ActionDecided | undefined },
): readonly EnrichmentJob[] {
  const { operation = '', resources = [], waitingFor = [] } = decided ?? {};
  const about = { user: view.onBehalfOf.id, system: systemOf(operation), resources };
  return facts.flatMap((descriptor) => {
    const anew = waitingFor.includes(descriptor.name);
    const subjects = subjectsOf(descriptor, about).filter(
      (subject) => anew || !isFresh(view, { descriptor, subject, now: clock.now() }),
    );
    return subjects.map((subject) => ({ stream, fact: descriptor.name, subject, anew }));
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
