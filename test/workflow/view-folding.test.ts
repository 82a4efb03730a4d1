import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { NewEvent } from '../../src/action/event.ts';
import { isFinal, summaryAfter } from '../../src/workflow/view.ts';
import {
  completed,
  decided,
  frozen,
  History,
  opened,
  revoked,
  session,
  sessionLabels,
  thawed,
  told,
} from './view-fixture.ts';

const LABELS = ['hr', 'pii', 'untrusted'] as const;
const DECISIONS = ['allow', 'modify', 'deny', 'step_up', 'defer'] as const;
const STATUSES = ['succeeded', 'failed', 'accepted', 'unknown'] as const;
const SOURCES = ['execution', 'restart', 'read-back', 'caller', 'expiry'] as const;

/** What may happen next; names are picked by number from what there is at that moment. */
const step = fc.oneof(
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('session'), from: fc.option(fc.nat(9)) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('revoke', 'freeze', 'thaw'), from: fc.nat(9) }) },
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
    const open = [...view.actions.values()].filter(
      ({ state, completed }) =>
        state === 'executing' || state === 'permitted' || (state === 'completed' && !isFinal(completed)),
    );
    const action = open[asked.which % open.length];
    const { status, source, labels } = asked;
    const failed = status === 'failed';
    const found = { source, labels: failed ? [] : labels, exposed: !failed || asked.exposed };
    return action && completed(action.id, status, found);
  }
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
  const clean = last?.status === 'failed' && !last.exposed;
  return [...(clean ? [] : payload.labels), ...outcomes.flatMap(({ labels }) => labels)];
}

test('a fold says at every step what all its events together say, and its summary was known beforehand', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
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

test('what one session was told stays with it: labels only grow, except by a clean failure of its own', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const history = new History(opened({ labels: ['hr'] }), session('a'));
      for (const asked of steps) {
        const event = eventOf(asked, history);
        if (event === undefined) continue;
        const before = new Map([...history.view.sessions.keys()].map((id) => [id, sessionLabels(history.view, id)]));
        history.add(event);
        const cleanBy =
          event.type === 'action.completed' && event.payload.status === 'failed' && !event.payload.exposed
            ? history.view.actions.get(event.payload.action)?.decided.session
            : undefined;
        for (const [id, labels] of before) {
          const after = sessionLabels(history.view, id);
          if (id !== cleanBy) expect(after).toEqual(expect.arrayContaining([...labels]));
          expect(after).toContain('hr');
        }
        if (event.type === 'message.sent') {
          const { from, to } = event.payload;
          expect(sessionLabels(history.view, to)).toEqual(expect.arrayContaining([...(before.get(from) ?? [])]));
        }
      }
    }),
    { numRuns: 300, seed: 20_260_102 },
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
