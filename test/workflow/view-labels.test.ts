import { describe, expect, test } from 'vitest';
import type { Effect } from '../../src/action/effect.ts';
import type { NewEvent } from '../../src/action/event.ts';
import {
  completed,
  decided,
  endorsed,
  History,
  labelsOf,
  opened,
  session,
  sessionLabels,
  told,
  viewAfter,
} from './view-fixture.ts';

const HR = { labels: ['hr'] };
const SPEND: Effect = { kind: 'spend', reversible: 'no', external: true, privileged: false, count: 3 };

describe('a label', () => {
  const KEPT: readonly [title: string, ...events: readonly NewEvent[]][] = [
    ['is attached by the decision that allows the read', decided('x', 'allow', HR)],
    ['stays when the read succeeds', decided('x', 'allow', HR), completed('x', 'succeeded')],
    ['stays when nobody knows what the read brought', decided('x', 'allow', HR), completed('x', 'unknown')],
    [
      'stays when an unknown read turns out to have failed: its answer may have told something',
      decided('x', 'allow', HR),
      completed('x', 'unknown'),
      completed('x', 'failed', { source: 'read-back' }),
    ],
    [
      'stays when the read failed with something in its answer',
      decided('x', 'allow', HR),
      completed('x', 'failed', { exposed: true }),
    ],
    ['found in the result is attached by the outcome', decided('x', 'allow'), completed('x', 'succeeded', HR)],
    [
      'stays when another read of it failed cleanly',
      decided('x', 'allow', HR),
      decided('y', 'allow', HR),
      completed('y', 'failed'),
    ],
    [
      'stays with a failed read whose action had already shown it',
      decided('x', 'allow', HR),
      completed('x', 'accepted', HR),
      completed('x', 'failed', { source: 'read-back' }),
    ],
  ];
  test.each(KEPT)('%s', (_title, ...events) => {
    const view = viewAfter(...events);
    expect([labelsOf(view), sessionLabels(view, 'a')]).toEqual([['hr'], ['hr']]);
  });

  const NONE: readonly [title: string, ...events: readonly NewEvent[]][] = [
    ['is not attached by a denied read', decided('x', 'deny', HR)],
    ['is not attached by a read that waits for a human', decided('x', 'step_up', HR)],
    ['is not attached by a read that waits for a fact', decided('x', 'defer', HR)],
    ['leaves when the read failed and showed nothing', decided('x', 'allow', HR), completed('x', 'failed')],
  ];
  test.each(NONE)('%s', (_title, ...events) => {
    const view = viewAfter(...events);
    expect([labelsOf(view), sessionLabels(view, 'a')]).toEqual([[], []]);
  });

  test('of the workflow that this one continues reaches every session', () => {
    const { view } = new History(opened(HR), session('a'), session('b'));
    expect([labelsOf(view), sessionLabels(view, 'a'), sessionLabels(view, 'b')]).toEqual([['hr'], ['hr'], ['hr']]);
  });

  test('of one session does not reach another by itself', () => {
    expect(sessionLabels(viewAfter(session('b'), decided('x', 'allow', HR)), 'b')).toEqual([]);
  });

  test('travels with a delegation and with a message, and stays with the receiver when its source is gone', () => {
    const view = viewAfter(session('c'), decided('x', 'allow', HR), session('b', 'a'), told('a', 'c'));
    expect([sessionLabels(view, 'b'), sessionLabels(view, 'c')]).toEqual([['hr'], ['hr']]);
    const gone = viewAfter(
      session('c'),
      decided('x', 'allow', HR),
      session('b', 'a'),
      told('a', 'c'),
      completed('x', 'failed'),
    );
    expect([sessionLabels(gone, 'a'), sessionLabels(gone, 'b'), sessionLabels(gone, 'c')]).toEqual([
      [],
      ['hr'],
      ['hr'],
    ]);
  });

  test('travels on through a chain of messages, not back', () => {
    const view = viewAfter(session('b'), session('c'), decided('x', 'allow', HR), told('a', 'b'), told('b', 'c'));
    expect(sessionLabels(view, 'c')).toEqual(['hr']);
    const back = viewAfter(session('b'), decided('x', 'allow', { ...HR, session: 'a' }), told('b', 'a'));
    expect(sessionLabels(back, 'b')).toEqual([]);
  });
});

describe('an endorsement', () => {
  const read = (id: string) => decided(id, 'allow', HR);
  const CASES: readonly [title: string, labels: readonly string[], ...events: readonly NewEvent[]][] = [
    ['takes the label away', [], read('x'), endorsed('a', 'hr')],
    ['takes no other label away', ['hr'], read('x'), endorsed('a', 'pii')],
    ['takes it away however often it was read', [], read('x'), read('y'), endorsed('a', 'hr')],
    ['does not hold for a later read', ['hr'], read('x'), endorsed('a', 'hr'), read('y')],
    [
      'does not let a read before it take the label of a later one along when it fails',
      ['hr'],
      read('x'),
      endorsed('a', 'hr'),
      read('y'),
      completed('x', 'failed'),
    ],
    [
      'leaves nothing of a later read that failed',
      [],
      read('x'),
      endorsed('a', 'hr'),
      read('y'),
      completed('y', 'failed'),
    ],
  ];
  test.each(CASES)('%s', (_title, labels, ...events) => {
    expect(sessionLabels(viewAfter(...events), 'a')).toEqual(labels);
  });

  test('is for one session: others, and what continues the workflow, keep the label', () => {
    const view = viewAfter(session('b'), read('x'), told('a', 'b'), endorsed('a', 'hr'));
    expect([sessionLabels(view, 'b'), labelsOf(view)]).toEqual([['hr'], ['hr']]);
  });
});

describe('a record', () => {
  const resources = [{ type: 'Notes::Note', id: 'n1' }] as const;
  const write = decided('w', 'allow', { effect: SPEND, resources });
  const read = (by: string) => decided('r', 'allow', { resources, session: by });
  const CASES: readonly [title: string, labels: readonly string[], ...events: readonly NewEvent[]][] = [
    ['hands the labels of who wrote it to who reads it', ['hr'], decided('x', 'allow', HR), write, read('b')],
    ['hands on nothing that its writer read later', [], write, decided('x', 'allow', HR), read('b')],
    [
      'hands on nothing when its writing was denied',
      [],
      decided('x', 'allow', HR),
      decided('w', 'deny', { effect: SPEND, resources }),
      read('b'),
    ],
    [
      'that is another one hands on nothing',
      [],
      decided('x', 'allow', HR),
      decided('w', 'allow', { effect: SPEND, resources: [{ type: 'Notes::Note', id: 'n2' }] }),
      read('b'),
    ],
    [
      'that only the answer names is handed on, too',
      ['hr'],
      decided('x', 'allow', HR),
      decided('w', 'allow', { effect: SPEND }),
      completed('w', 'succeeded', { resources }),
      decided('r', 'allow', { session: 'b' }),
      completed('r', 'succeeded', { resources }),
    ],
  ];
  test.each(CASES)('%s', (_title, labels, ...events) => {
    expect(sessionLabels(viewAfter(session('b'), ...events), 'b')).toEqual(labels);
  });
});
