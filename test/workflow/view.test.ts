import { describe, expect, test } from 'vitest';
import type { Effect } from '../../src/action/effect.ts';
import type { NewEvent, RequestedApproval } from '../../src/action/event.ts';
import { BOUNDS } from '../../src/lib/bounds.ts';
import { chainEvents, parseEvent } from '../../src/workflow/chain.ts';
import {
  completed,
  decided,
  frozen,
  History,
  labelsOf,
  opened,
  revoked,
  STREAM,
  session,
  sessionLabels,
  thawed,
  told,
  viewAfter,
} from './view-fixture.ts';

const HR = { labels: ['hr'] };
const SPEND: Effect = { kind: 'spend', reversible: 'no', external: true, privileged: false, count: 3 };

describe('a counter', () => {
  const spend = (id: string, decision: 'allow' | 'deny' | 'step_up' = 'allow') =>
    decided(id, decision, { effect: SPEND });
  const CASES: readonly [title: string, spent: number, ...events: readonly NewEvent[]][] = [
    ['counts an allowed action before it is executed', 3, spend('x')],
    ['does not count a denied action', 0, spend('x', 'deny')],
    ['does not count a held action', 0, spend('x', 'step_up')],
    ['counts a held action once it is released', 3, spend('x', 'step_up'), spend('x')],
    ['keeps what an action that succeeded has spent', 3, spend('x'), completed('x', 'succeeded')],
    ['keeps what an action with an unknown outcome may have spent', 3, spend('x'), completed('x', 'unknown')],
    ['keeps what an accepted action will spend', 3, spend('x'), completed('x', 'accepted')],
    ['gets back what a failed action did not spend', 0, spend('x'), completed('x', 'failed')],
    [
      'gets back what an unknown action turns out not to have spent',
      0,
      spend('x'),
      completed('x', 'unknown'),
      completed('x', 'failed', { source: 'read-back' }),
    ],
    [
      'gets it back once',
      3,
      spend('x'),
      spend('y'),
      completed('x', 'failed'),
      completed('x', 'failed', { source: 'read-back' }),
    ],
  ];
  test.each(CASES)('%s', (_title, spent, ...events) => {
    const { activity, sessions } = viewAfter(...events);
    expect([activity.counts.spend, sessions.get('a')?.activity.counts.spend]).toEqual([spent, spent]);
    expect(activity.actions).toBe(spent / SPEND.count);
  });

  test('of what was denied only grows', () => {
    const { activity } = viewAfter(decided('x', 'deny'), decided('y', 'deny'), decided('z', 'allow'));
    expect([activity.denied, [...activity.deniedOperations].map(({ id }) => id)]).toEqual([2, ['notes.note.read']]);
  });

  test('of one session does not count what another has done', () => {
    const view = viewAfter(session('b'), decided('x', 'allow', { effect: SPEND }));
    expect(view.sessions.get('b')?.activity.counts.spend).toBe(0);
  });
});

describe('an approval', () => {
  const asked = (id: string): RequestedApproval => ({
    kind: 'approval',
    group: 'security',
    withinMs: 1,
    id,
    expiresAt: 1,
  });
  const held = decided('x', 'step_up', { approvals: [asked('p1')] });
  const yes = (approval: string, answer: 'approve' | 'deny' = 'approve'): NewEvent => ({
    type: 'approval.answered',
    payload: { approval, answer, by: 'grace', groups: ['security'], reason: 'fine' },
  });
  const CASES: readonly [title: string, state: string, ...events: readonly NewEvent[]][] = [
    ['is pending when it was asked for', 'pending', held],
    ['is approved by a yes', 'approved', held, yes('p1')],
    ['is denied by a no', 'denied', held, yes('p1', 'deny')],
    ['keeps its first answer', 'denied', held, yes('p1', 'deny'), yes('p1')],
    [
      'is consumed by the decision that relies on it',
      'consumed',
      held,
      yes('p1'),
      decided('x', 'allow', { consumes: ['p1'] }),
    ],
    [
      'is not answered again once it is consumed',
      'consumed',
      held,
      yes('p1'),
      decided('x', 'allow', { consumes: ['p1'] }),
      yes('p1'),
    ],
    [
      'that nobody answered is superseded when its action was decided otherwise',
      'superseded',
      held,
      decided('x', 'deny'),
    ],
    ['stays pending when the same question is asked again', 'pending', held, held],
  ];
  test.each(CASES)('%s', (_title, state, ...events) => {
    const view = viewAfter(...events);
    expect([view.approvals.get('p1')?.state, view.actions.get('x')?.approvals[0]?.state]).toEqual([state, state]);
  });
});

test('revoking a session revokes what it delegated to, however far, and nothing else', () => {
  const view = viewAfter(session('b', 'a'), session('c', 'b'), session('other'), revoked('b'));
  const states = [...view.sessions.values()].map(({ id, revoked }) => [id, revoked]);
  expect(states).toEqual([
    ['a', false],
    ['b', true],
    ['c', true],
    ['other', false],
  ]);
});

test('a freeze holds until it is lifted', () => {
  expect(viewAfter(frozen).frozen).toBe(true);
  expect(viewAfter(frozen, thawed).frozen).toBe(false);
});

test('resources are counted as read, written and denied, each by its own', () => {
  const resources = [{ type: 'Notes::Note', id: 'n1' }] as const;
  const view = viewAfter(
    decided('x', 'allow', { resources }),
    decided('y', 'allow', { resources, effect: SPEND }),
    decided('z', 'deny', { resources }),
    decided('held', 'step_up', { resources }),
  );
  expect([...view.resources.values()]).toEqual([{ type: 'Notes::Note', id: 'n1', read: 1, written: 1, denied: 1 }]);
});

describe('past a bound', () => {
  const labels = Array.from({ length: BOUNDS.workflowLabels }, (_, at) => `l${at}`);

  test('on labels the workflow is frozen, because an exposure would be forgotten', () => {
    const full = viewAfter(decided('x', 'allow', { labels }));
    expect([full.frozen, full.overflowed]).toEqual([false, false]);
    const over = viewAfter(decided('x', 'allow', { labels }), decided('y', 'allow', HR));
    expect([over.frozen, over.overflowed]).toEqual([true, true]);
  });

  test('on labels the freeze cannot be lifted', () => {
    expect(viewAfter(decided('x', 'allow', { labels }), decided('y', 'allow', HR), thawed).frozen).toBe(true);
  });

  test('on labels those that are known are still counted, so that a failed read takes none of them away', () => {
    const view = viewAfter(
      decided('x', 'allow', { labels }),
      decided('y', 'allow', { labels: ['hr', 'l0'] }),
      completed('y', 'failed'),
    );
    expect(labelsOf(view)).toContain('l0');
  });

  test('on resources new ones are no longer remembered, known ones still counted, and the view says so', () => {
    const resources = Array.from({ length: BOUNDS.workflowResources }, (_, at) => ({
      type: 'Notes::Note' as const,
      id: `${at}`,
    }));
    const full = viewAfter(decided('x', 'allow', { resources }));
    expect(full.overflowed).toBe(false);
    const more = [
      { type: 'Notes::Note', id: 'new' },
      { type: 'Notes::Note', id: '0' },
    ] as const;
    const over = viewAfter(decided('x', 'allow', { resources }), decided('y', 'allow', { resources: more }));
    expect([over.overflowed, over.resources.size]).toEqual([true, BOUNDS.workflowResources]);
    expect([...over.resources.values()][0]).toMatchObject({ id: '0', read: 2 });
  });

  test('on messages the edges are no longer kept, and the labels still travel', () => {
    const many = Array.from({ length: 1_001 }, () => told('a', 'b'));
    const view = viewAfter(session('b'), ...many, decided('x', 'allow', HR), told('a', 'b'));
    expect([view.overflowed, view.messages.length, sessionLabels(view, 'b')]).toEqual([true, 1_000, ['hr']]);
  });
});

describe('an event that does not follow', () => {
  const [first, second, third] = chainEvents({
    stream: STREAM,
    head: undefined,
    events: [opened(), session('a'), session('b')],
    now: 0,
    salt: () => 'salt',
  }).map(parseEvent);
  if (first === undefined || second === undefined || third === undefined) throw new Error('three events were chained');

  test.each([
    ['after a gap', third],
    ['a second time', first],
  ])('is refused %s, and changes nothing', (_title, event) => {
    const { view } = new History();
    view.apply(first);
    expect(() => view.apply(event)).toThrow(expect.objectContaining({ code: 'LOG_BROKEN' }));
    expect([view.version, view.head, view.sessions.size]).toEqual([1, first.hash, 0]);
    view.apply(second);
    expect(view.version).toBe(2);
  });

  test('is refused when it speaks of a session that the workflow does not have', () => {
    const before = viewAfter();
    for (const event of [decided('x', 'allow', { session: 'nobody' }), told('a', 'nobody'), session('b', 'nobody')]) {
      const history = new History(opened(), session('a'));
      expect(() => history.add(event)).toThrow(expect.objectContaining({ code: 'LOG_BROKEN' }));
      expect(history.view.version).toBe(before.version);
    }
  });
});
