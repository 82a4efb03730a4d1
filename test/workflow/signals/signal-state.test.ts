import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SIGNAL_KINDS, SIGNAL_STATUSES, type SignalDeclaration } from '../../../src/action/signal.ts';
import type { Occurrence } from '../../../src/workflow/signals/occurrence.ts';
import type { SignalBounds } from '../../../src/workflow/signals/signal-bounds.ts';
import { SignalState } from '../../../src/workflow/signals/signal-state.ts';
import { signalByDefinition } from './oracle.ts';

const NAMES = ['x', 'y', 'z'];
const name = fc.constantFrom(...NAMES);
const statuses = fc.subarray([...SIGNAL_STATUSES], { minLength: 1 });
const pattern = fc.record({
  operations: fc.option(fc.subarray(NAMES, { minLength: 1 }), { nil: undefined }),
  statuses,
});
const window = fc.option(fc.integer({ min: 1, max: 60 }), { nil: undefined });

const declaration: fc.Arbitrary<SignalDeclaration> = fc
  .record({
    kind: fc.constantFrom(...SIGNAL_KINDS),
    scope: fc.constantFrom('workflow', 'agent', 'user', 'tenant'),
    withinMs: window,
    ago: window,
    events: fc.array(pattern, { minLength: 1, maxLength: 2 }),
    others: fc.array(pattern, { minLength: 1, maxLength: 2 }),
    sameResource: fc.boolean(),
    otherAgent: fc.boolean(),
    byInput: fc.boolean(),
  })
  .map(({ ago, others, sameResource, otherAgent, byInput, ...rest }): SignalDeclaration => {
    const { kind } = rest;
    const takesAgo = ['count', 'sum', 'distinct', 'first', 'formerly', 'never'].includes(kind);
    const takesOf = ['sum', 'distinct', 'first', 'last'].includes(kind);
    return {
      ...rest,
      name: 'signal',
      agoMs: takesAgo ? ago : undefined,
      unless: kind === 'since' ? others : undefined,
      among: kind === 'previous' ? others : undefined,
      of: takesOf ? { of: 'input', path: ['amount'] } : undefined,
      where: [
        ...(sameResource ? [{ event: { of: 'resource' }, present: { of: 'resource' }, same: true } as const] : []),
        ...(otherAgent ? [{ event: { of: 'agent' }, present: { of: 'agent' }, same: false } as const] : []),
        ...(byInput
          ? [{ event: { of: 'input', path: ['id'] }, present: { of: 'input', path: ['ref'] }, same: true } as const]
          : []),
      ],
      includePresent: false,
      type: 'Long',
    };
  });

const happened = fc
  .record({ workflow: name, user: name, agent: name, operation: name, resource: name, id: name, ref: name })
  .chain((base) =>
    fc.record({
      base: fc.constant(base),
      amount: fc.integer({ min: 1, max: 4 }),
      status: fc.constantFrom(...SIGNAL_STATUSES),
      becomes: fc.option(fc.constantFrom(...SIGNAL_STATUSES), { nil: undefined }),
      undone: fc.boolean(),
      at: fc.integer({ min: 0, max: 100 }),
    }),
  );

type Happened = typeof happened extends fc.Arbitrary<infer T> ? T : never;

function occurrence({ base, amount, status, at }: Omit<Happened, 'becomes' | 'undone'>, index: number): Occurrence {
  const { resource, id, ref, ...rest } = base;
  return {
    ...rest,
    action: `action-${index}`,
    session: base.agent,
    resources: [{ type: 'Test::Thing', id: resource }],
    input: { amount, id, ref },
    labels: [],
    approvers: [],
    signals: {},
    status,
    at,
    seen: index,
  };
}

interface Trace {
  readonly declaration: SignalDeclaration;
  readonly events: readonly Happened[];
  readonly present: Happened;
  readonly moments: readonly number[];
}

const trace: fc.Arbitrary<Trace> = fc.record({
  declaration,
  events: fc.array(happened, { maxLength: 25 }),
  present: happened,
  moments: fc.array(fc.integer({ min: 0, max: 160 }), { minLength: 1, maxLength: 4 }),
});

/** Lets everything happen as a gateway would have it: decided, perhaps undone, then settled. */
function told(
  { declaration: declared, events }: Trace,
  bounds?: SignalBounds,
): { state: SignalState; past: readonly Occurrence[] } {
  const state = new SignalState(declared, bounds);
  const past: Occurrence[] = [];
  events.forEach((event, index) => {
    const first = occurrence(event, index);
    state.add(first);
    if (event.undone) {
      state.take(first);
      return;
    }
    const last = { ...first, status: event.becomes ?? event.status };
    if (event.becomes !== undefined) {
      state.take(first);
      state.add(last);
    }
    past.push(last);
  });
  return { state, past };
}

function orForgotten(read: () => unknown): unknown {
  try {
    return read();
  } catch (thrown) {
    expect(thrown).toMatchObject({ code: 'SIGNAL_FORGOTTEN' });
    return 'forgotten';
  }
}

const RUNS = { numRuns: 1_000, seed: 7 };

describe('a folded signal', () => {
  test('is what it is by definition, at every moment, also one before the last', () => {
    fc.assert(
      fc.property(trace, (given) => {
        const { state, past } = told(given);
        const present = occurrence(given.present, 1_000);
        for (const now of given.moments) {
          const expected = signalByDefinition(given.declaration, { past, present, now });
          expect(state.read(present, now)).toEqual(expected);
        }
      }),
      RUNS,
    );
  });

  test('does not depend on the order in which events of different workflows arrive', () => {
    fc.assert(
      fc.property(trace, fc.infiniteStream(fc.nat()), (given, draws) => {
        const { state, past } = told(given);
        const shuffled = past
          .map((event) => ({ event, draw: draws.next().value }))
          .sort((a, b) => a.draw - b.draw)
          .map(({ event }) => event);
        const other = new SignalState(given.declaration);
        for (const event of shuffled) other.add(event);
        const present = occurrence(given.present, 1_000);
        for (const now of given.moments) expect(other.read(present, now)).toEqual(state.read(present, now));
      }),
      RUNS,
    );
  });

  test('is right, or says that it forgot, however little it may remember', () => {
    const few = fc.integer({ min: 1, max: 3 });
    const tight = fc.record({ cells: few, series: few, entries: few, latest: few });
    let forgot = 0;
    fc.assert(
      fc.property(trace, tight, (given, bounds) => {
        const { state, past } = told(given, bounds);
        const present = occurrence(given.present, 1_000);
        for (const now of given.moments) {
          const value = orForgotten(() => state.read(present, now));
          if (value === 'forgotten') forgot += 1;
          else expect(value).toEqual(signalByDefinition(given.declaration, { past, present, now }));
        }
        expect(state.cells).toBeLessThanOrEqual(2 * bounds.cells);
      }),
      { ...RUNS, numRuns: 3_000 },
    );
    expect(forgot).toBeGreaterThan(100);
  });

  test('is as if an action had not been, when it is read without it', () => {
    fc.assert(
      fc.property(trace, (given) => {
        const { state, past } = told(given);
        const [itself, ...rest] = past;
        if (itself === undefined) return;
        const without = new SignalState(given.declaration);
        for (const event of rest) without.add(event);
        const present = occurrence(given.present, 1_000);
        for (const now of given.moments) {
          expect(state.readAmong({ without: [itself], ahead: [] }, present, now)).toEqual(without.read(present, now));
          expect(state.readAmong({ without: [], ahead: [] }, present, now)).toEqual(state.read(present, now));
        }
      }),
      RUNS,
    );
  });
});

test('a long text is remembered by its digest: found again, told apart, and never kept', () => {
  const long = 'x'.repeat(100_000);
  const declared: SignalDeclaration = {
    name: 'signal',
    kind: 'distinct',
    scope: 'tenant',
    events: [{}],
    where: [],
    of: { of: 'input', path: ['text'] },
    includePresent: false,
    type: { setOf: 'String' },
  };
  const event = { base: { workflow: 'x', user: 'x', agent: 'x', operation: 'x', resource: 'x', id: 'x', ref: 'x' } };
  const state = new SignalState(declared);
  const texts = [long, long, `${long}!`];
  texts.forEach((text, index) => {
    const made = occurrence({ ...event, amount: 1, status: 'succeeded', at: index }, index);
    state.add({ ...made, input: { text } });
  });
  const values = state.read(occurrence({ ...event, amount: 1, status: 'in-flight', at: 9 }, 9), 9);
  expect(values).toHaveLength(2);
  expect(JSON.stringify(values).length).toBeLessThan(1_000);
});
