import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Effect } from '../../../src/action/effect.ts';
import type { NewEvent, StoredEvent } from '../../../src/action/event.ts';
import { BOUNDS } from '../../../src/lib/bounds.ts';
import { chainEvents } from '../../../src/workflow/chain.ts';
import { T0 } from '../chain-fixture.ts';
import { completed, decided, endorsed, frozen, opened, revoked, STREAM, session, thawed } from '../view-fixture.ts';
import { broughtBack, foldAll, wholeState } from './snapshot-fixture.ts';

const WRITE: Effect = { kind: 'update', reversible: 'no', external: false, privileged: false, count: 2, tokens: 7 };
const SESSIONS = ['a', 'b', 'c'] as const;
const who = fc.constantFrom(...SESSIONS);
const text = fc.string({ unit: 'grapheme', maxLength: 40 });
const value = fc.oneof(
  text,
  fc.json({ maxDepth: 2 }).map((each) => JSON.parse(each)),
);
const labels = fc.subarray(['hr', 'pii', 'untrusted']);
const resource = fc.nat(4).map((id) => ({ type: 'Notes::Note' as const, id: `n${id}` }));

/** One thing that happens, with whatever belongs to it. */
const step = fc.oneof(
  { weight: 6, arbitrary: fc.tuple(fc.constant('act'), who, resource, labels, fc.boolean(), value) },
  { weight: 2, arbitrary: fc.tuple(fc.constant('tell'), who, resource, labels, fc.boolean(), text) },
  {
    weight: 3,
    arbitrary: fc.tuple(
      fc.constantFrom('fail', 'deny', 'hold', 'answer', 'fact', 'endorse', 'quarantine', 'release', 'freeze', 'model'),
      ...[who, resource, labels, fc.boolean(), value],
    ),
  },
  { weight: 1, arbitrary: fc.tuple(fc.constant('revoke'), who, resource, labels, fc.boolean(), value) },
);
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

function eventsOf([what, by, on, marks, flag, said]: Step, at: number): readonly NewEvent[] {
  const id = `act-${at}`;
  const other = SESSIONS[(SESSIONS.indexOf(by) + 1) % SESSIONS.length] ?? 'a';
  const input = { id: on.id, text: said };
  const of = { session: by, agent: `agent-${by}`, resources: [on], requested: input, input };
  const write = { ...of, effect: WRITE, operation: 'notes.note.write' };
  const shown = { result: said, labels: marks, resources: [on] };
  switch (what) {
    case 'act':
      return [decided(id, 'allow', flag ? { ...of, labels: marks } : write), completed(id, 'succeeded', shown)];
    case 'fail':
      return [decided(id, 'allow', write), completed(id, flag ? 'failed' : 'unknown', { detail: String(said) })];
    case 'model':
      return [decided(id, 'allow', { ...write, activity: 'model' }), completed(id, 'succeeded', shown)];
    case 'deny':
      return [decided(id, 'deny', { ...write, input: undefined, digest: undefined, code: 'NO_PERMIT' } as object)];
    case 'hold':
      return [hold(id, write)];
    case 'answer': {
      const answer = {
        approval: `appr-${id}`,
        answer: flag ? 'approve' : 'deny',
        by: 'grace',
        groups: [],
        reason: 'x',
      } as const;
      const anew = decided(id, flag ? 'allow' : 'deny', { ...write, consumes: flag ? [`appr-${id}`] : [] });
      return [hold(id, write), { type: 'approval.answered', payload: answer }, anew];
    }
    case 'tell':
      return [{ type: 'message.sent', payload: { from: by, to: other, kind: 'message', text: String(said) } }];
    case 'fact':
      return [
        {
          type: 'fact.observed',
          payload: {
            fact: 'known',
            subject: on,
            value: true,
            source: 'test',
            labels: marks,
            observedAt: T0 + at,
            expiresAt: T0 + at + 9,
          } as never,
        },
      ];
    case 'endorse':
      return [endorsed(by, 'hr')];
    case 'quarantine':
      return [
        {
          type: 'quarantine.set',
          payload: {
            of: { session: by },
            sessions: [by],
            resources: [JSON.stringify(['Notes::Note', on.id])],
            by: 'root',
            reason: 'x',
          },
        },
      ];
    case 'release':
      return [{ type: 'quarantine.lifted', payload: { session: by, by: 'root', reason: 'x' } }];
    case 'freeze':
      return [flag ? frozen : thawed];
    default:
      return [revoked(by)];
  }
}

function hold(id: string, of: object): NewEvent {
  const approvals = [{ kind: 'approval', id: `appr-${id}`, group: 'security', expiresAt: T0 + 1 }];
  return decided(id, 'step_up', { ...of, approvals, deadline: T0 + 1 } as object);
}

function stored(events: readonly NewEvent[]): StoredEvent[] {
  return chainEvents({ stream: STREAM, head: undefined, events, now: T0, salt: () => 'salt' });
}

const START = [
  opened({ mandate: 'Send the report to ann@x.org.', labels: ['brought'] }),
  ...SESSIONS.map((id) => session(id)),
];

describe('a snapshot of any story', () => {
  test('at any version, folded on, is the view of the whole story', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25 }), fc.nat(), fc.boolean(), async (steps, where, asks) => {
        const events = stored([...START, ...steps.flatMap(eventsOf)]);
        const at = 1 + (where % events.length);
        const before = foldAll(STREAM, events.slice(0, at));
        if (asks) before.provenance.takeIn();
        const again = await broughtBack(before);
        expect(wholeState(again)).toEqual(wholeState(before));
        const all = foldAll(STREAM, events);
        foldAll(STREAM, events.slice(at), again);
        for (const each of [all, again]) each.provenance.takeIn();
        expect(wholeState(again)).toEqual(wholeState(all));
      }),
      { seed: 20_261_123, numRuns: 60 },
    );
  }, 60_000);

  test('remembers what was forgotten at every bound', async () => {
    const records = (from: number) =>
      Array.from({ length: BOUNDS.touchedResources }, (_, id) => ({
        type: 'Notes::Note' as const,
        id: `r${from + id}`,
      }));
    const reads = Array.from({ length: 1 + BOUNDS.workflowResources / BOUNDS.touchedResources }, (_, at) =>
      decided(`read-${at}`, 'allow', {
        resources: records(at * BOUNDS.touchedResources),
        effect: WRITE,
        labels: ['hr'],
      }),
    );
    const edges = Array.from({ length: 1 + BOUNDS.lineageEdges / (2 * BOUNDS.touchedResources) }, (_, at) =>
      decided(`edge-${at}`, 'allow', { resources: records(0), effect: WRITE }),
    );
    const labels = Array.from({ length: BOUNDS.workflowLabels + 1 }, (_, at) => `label-${at}`);
    const many = Array.from(
      { length: 1_001 },
      (): NewEvent => ({
        type: 'message.sent',
        payload: { from: 'a', to: 'b', kind: 'message' },
      }),
    );
    const view = foldAll(STREAM, stored([...START, ...reads, ...edges, decided('all', 'allow', { labels }), ...many]));
    const again = await broughtBack(view);
    expect([view.frozen, view.forgotLabels, view.forgotMessages]).toEqual([true, true, true]);
    expect([view.book.overflowed, view.lineage.overflowed]).toEqual([true, true]);
    expect(again.book.state).toEqual(view.book.state);
    expect(again.lineage.overflowed).toBe(true);
    expect([again.frozen, again.forgotLabels, again.forgotMessages, again.book.overflowed]).toEqual([
      true,
      true,
      true,
      true,
    ]);
  }, 60_000);
});
