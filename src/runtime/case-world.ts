import type { Fact } from '../action/fact.ts';
import type { StreamId } from '../action/log-port.ts';
import type { SignalPlan } from '../action/signal.ts';
import type { SignalStore } from '../action/signal-store.ts';
import { CASE_WORKFLOW, casePast, type DescribeCall, type PastEvent } from '../policy/case-history.ts';
import type { PolicyQuestionCase } from '../policy/policy-case.ts';
import { chainEvents, genesisHash, parseEvent } from '../workflow/chain.ts';
import { createMemoryLog } from '../workflow/memory-log.ts';
import { Signals } from '../workflow/signals/signals.ts';
import { FoldedView } from '../workflow/view.ts';

const TENANT = 'tenant';

export interface CaseWorld {
  readonly stream: StreamId;
  /** Of the workflow that the case asks about. */
  readonly view: FoldedView;
  /** With what the case itself says of signals. */
  readonly signals: Pick<SignalStore, 'read'>;
}

/** The workflows that a case tells of, in memory. */
export async function caseWorld(
  question: PolicyQuestionCase,
  {
    now,
    plan,
    describe,
    facts = [],
  }: {
    readonly now: number;
    readonly plan: SignalPlan | undefined;
    readonly describe: DescribeCall;
    readonly facts?: readonly Fact[];
  },
): Promise<CaseWorld> {
  const views = new Map<string, FoldedView>();
  const log = createMemoryLog();
  const observed = facts.map((fact): PastEvent => {
    return { workflow: CASE_WORKFLOW, agoMs: 0, event: { type: 'fact.observed', payload: fact } };
  });
  for (const { workflow, agoMs, event } of [...casePast(question, describe), ...observed]) {
    const stream = { tenant: TENANT, workflow };
    const view = views.get(workflow) ?? new FoldedView(stream, genesisHash(stream));
    views.set(workflow, view);
    const head = view.version === 0 ? undefined : { version: view.version, hash: view.head, at: view.at };
    const events = [seenOn(event, view.version)];
    const chained = chainEvents({ stream, head, events, now: now - agoMs, salt: () => 'case' });
    await log.append(stream, view.version, chained, { open: 0, held: 0 });
    for (const stored of chained) view.apply(parseEvent(stored));
  }
  const signals = new Signals(log, () => []);
  await signals.prepare(plan);
  await signals.ready(TENANT);
  const stream = { tenant: TENANT, workflow: CASE_WORKFLOW };
  const view = views.get(CASE_WORKFLOW) ?? new FoldedView(stream, genesisHash(stream));
  return { stream, view, signals: { read: (...asked) => ({ ...signals.read(...asked), ...question.signals }) } };
}

/** A decision of a case was made on the version that it follows. */
function seenOn<E extends ReturnType<typeof casePast>[number]['event']>(event: E, version: number): E {
  return event.type === 'action.decided' ? { ...event, payload: { ...event.payload, seen: version } } : event;
}
