import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { NewEvent } from '../../src/action/event.ts';
import type { ActionView } from '../../src/action/view.ts';
import { isFinal, summaryAfter } from '../../src/workflow/action-state.ts';
import {
  completed,
  decided,
  endorsed,
  frozen,
  History,
  opened,
  revoked,
  session,
  sessionLabels,
  thawed,
  told,
} from './view-fixture.ts';

const LABELS = ['hr', 'pii'] as const;
const DECISIONS = ['allow', 'modify', 'deny', 'step_up', 'defer'] as const;
const STATUSES = ['succeeded', 'failed', 'accepted', 'unknown'] as const;
const SOURCES = ['execution', 'restart', 'read-back', 'caller', 'expiry'] as const;

/** What may happen next; names are picked by number from what there is at that moment. */
const step = fc.oneof(
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('session'), from: fc.option(fc.nat(9)) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('revoke', 'freeze', 'thaw'), from: fc.nat(9) }) },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('endorse'), from: fc.nat(9), label: fc.constantFrom(...LABELS) }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('tell'), from: fc.nat(9), to: fc.nat(9) }) },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('decide'),
      from: fc.nat(9),
      decision: fc.constantFrom(...DECISIONS),
      mode: fc.constantFrom('run', 'decide'),
      count: fc.integer({ min: 1, max: 5 }),
      labels: fc.subarray([...LABELS]),
      again: fc.boolean(),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('complete'),
      which: fc.nat(99),
      status: fc.constantFrom(...STATUSES),
      source: fc.constantFrom(...SOURCES),
      exposed: fc.boolean(),
      labels: fc.subarray([...LABELS]),
    }),
  },
);
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

/** The event that the step is in this workflow, or nothing where it cannot happen. */
function eventOf(asked: Step, { view }: History): NewEvent | undefined {
  const sessions = [...view.sessions.keys()];
  const pick = (at: number): string => sessions[at % sessions.length] ?? '';
  if ('decision' in asked) {
    const held = [...view.actions.values()].find(({ state }) => state === 'held');
    const id = asked.again && held !== undefined ? held.id : `x${view.actions.size}`;
    const effect = {
      kind: 'spend',
      reversible: 'no',
      external: true,
      privileged: false,
      count: asked.count,
    } as const;
    const { decision, mode, labels } = asked;
    const by = asked.again && held !== undefined ? held.decided.session : pick(asked.from);
    return decided(id, decision, { mode: mode === 'run' ? 'run' : 'decide', effect, labels, session: by });
  }
  if ('status' in asked) {
    // Also what is final already: a gateway that was taken for dead ends its calls after the others have read back.
    const allowed = [...view.actions.values()].filter(({ state }) => state !== 'held' && state !== 'denied');
    const action = allowed[asked.which % allowed.length];
    const { status, source, labels } = asked;
    const failed = status === 'failed';
    const found = { source, labels: failed ? [] : labels, exposed: !failed || asked.exposed };
    return action && completed(action.id, status, found);
  }
  if ('label' in asked) return endorsed(pick(asked.from), asked.label);
  if ('to' in asked) return told(pick(asked.from), pick(asked.to));
  if (asked.kind === 'session')
    return session(`s${sessions.length}`, asked.from === null ? undefined : pick(asked.from));
  return asked.kind === 'revoke' ? revoked(pick(asked.from ?? 0)) : asked.kind === 'freeze' ? frozen : thawed;
}

/** What the workflow is, worked out anew from all that ever happened: slow, and without the fold's bookkeeping. */
function recount(events: readonly NewEvent[]) {
  const actions = new Map<
    string,
    {
      payload: Extract<NewEvent, { type: 'action.decided' }>['payload'];
      outcomes: Extract<NewEvent, { type: 'action.completed' }>['payload'][];
    }
  >();
  for (const event of events) {
    if (event.type === 'action.decided') actions.set(event.payload.action, { payload: event.payload, outcomes: [] });
    if (event.type === 'action.completed') actions.get(event.payload.action)?.outcomes.push(event.payload);
  }
  const all = [...actions.values()];
  const allowed = all.filter(({ payload }) => ['allow', 'modify'].includes(payload.decision));
  const standing = allowed.filter(({ outcomes }) => outcomes.at(-1)?.status !== 'failed');
  const held = all.filter(({ payload }) => ['step_up', 'defer'].includes(payload.decision));
  const running = allowed.filter(({ outcomes }) => !isFinal(outcomes.at(-1)));
  return {
    actions: standing.length,
    spend: standing.reduce((sum, { payload }) => sum + (payload.effect?.count ?? 0), 0),
    denied: events.filter((event) => event.type === 'action.decided' && event.payload.decision === 'deny').length,
    held: held.length,
    open: held.length + running.length,
    labels: new Set(allowed.flatMap(exposures)),
  };
}

function exposures({
  payload,
  outcomes,
}: {
  readonly payload: { readonly labels: readonly string[] };
  readonly outcomes: readonly {
    readonly status: string;
    readonly exposed: boolean;
    readonly labels: readonly string[];
  }[];
}) {
  const last = outcomes.at(-1);
  const clean = last?.status === 'failed' && outcomes.every(({ exposed }) => !exposed);
  return [...(clean ? [] : payload.labels), ...outcomes.flatMap(({ labels }) => labels)];
}

test('a fold says at every step what all its events together say, and its summary was known beforehand', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60, size: 'max' }), (steps) => {
      const history = new History(opened(), session('a'));
      const events: NewEvent[] = [];
      for (const asked of steps) {
        const event = eventOf(asked, history);
        if (event === undefined) continue;
        const summary = summaryAfter(history.view, [event]);
        history.add(event);
        events.push(event);
        const { activity, open, held } = history.view;
        expect(summary).toEqual({ open, held });
        expect({
          actions: activity.actions,
          spend: activity.counts.spend,
          denied: activity.denied,
          held,
          open,
          labels: new Set([...activity.labels].map(({ id }) => id)),
        }).toEqual(recount(events));
      }
    }),
    { numRuns: 500, seed: 20_260_101 },
  );
});

const INHERITED = ['pii'];

/** The labels of each session by where they came from, one by one: an endorsement forgets all, a clean failure its own decision. */
class Sources {
  readonly #bySession = new Map<string, Map<string, Set<string>>>();

  labels(id: string): readonly string[] {
    return [...(this.#bySession.get(id) ?? [])].flatMap(([label, sources]) => (sources.size > 0 ? [label] : [])).sort();
  }

  note(event: NewEvent, { view }: History): void {
    const fresh = `event ${view.version}`;
    if (event.type === 'session.opened')
      this.#add(event.payload.session, [...INHERITED, ...this.labels(event.payload.delegatedBy ?? '')], fresh);
    if (event.type === 'message.sent') this.#add(event.payload.to, this.labels(event.payload.from), fresh);
    if (event.type === 'label.endorsed') this.#bySession.get(event.payload.session)?.delete(event.payload.label);
    if (event.type === 'action.decided' && ['allow', 'modify'].includes(event.payload.decision))
      this.#add(event.payload.session, event.payload.labels, event.payload.action);
    if (event.type === 'action.completed') this.#complete(event.payload, view.actions.get(event.payload.action), fresh);
  }

  #complete(
    outcome: { readonly status: string; readonly exposed: boolean; readonly labels: readonly string[] },
    action: ActionView | undefined,
    fresh: string,
  ): void {
    const session = action?.decided.session ?? '';
    this.#add(session, outcome.labels, fresh);
    if (outcome.exposed) this.#add(session, action?.decided.labels ?? [], fresh);
    if (outcome.status !== 'failed' || outcome.exposed) return;
    for (const sources of this.#bySession.get(session)?.values() ?? []) sources.delete(action?.id ?? '');
  }

  #add(session: string, labels: readonly string[], source: string): void {
    const known = this.#bySession.get(session) ?? new Map<string, Set<string>>();
    this.#bySession.set(session, known);
    for (const label of labels) known.set(label, (known.get(label) ?? new Set()).add(source));
  }
}

test('each session has the labels of all that reached it, whatever was told, endorsed or failed in between', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60, size: 'max' }), (steps) => {
      const history = new History(opened({ labels: INHERITED }));
      const sources = new Sources();
      const add = (event: NewEvent): void => {
        history.add(event);
        sources.note(event, history);
      };
      add(session('a'));
      for (const asked of steps) {
        const event = eventOf(asked, history);
        if (event === undefined) continue;
        add(event);
        for (const id of history.view.sessions.keys())
          expect(sessionLabels(history.view, id), id).toEqual(sources.labels(id));
      }
    }),
    { numRuns: 1_000, seed: 20_260_102 },
  );
});

test('the same events give the same view, whether they come at once or one by one', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const oneByOne = new History(opened(), session('a'));
      const events: NewEvent[] = [opened(), session('a')];
      for (const asked of steps) {
        const event = eventOf(asked, oneByOne);
        if (event === undefined) continue;
        oneByOne.add(event);
        events.push(event);
      }
      expect(new History(...events).view).toEqual(oneByOne.view);
    }),
    { numRuns: 100, seed: 20_260_103 },
  );
});
