import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Effect } from '../../src/action/effect.ts';
import type { NewEvent } from '../../src/action/event.ts';
import { canonicalJson } from '../../src/lib/canonical-json.ts';
import { chainEvents, genesisHash, parseEvent } from '../../src/workflow/chain.ts';
import { FoldedView } from '../../src/workflow/view.ts';
import { viewAsJson } from '../golden/golden-log.ts';
import { T0 } from './chain-fixture.ts';
import { completed, decided, endorsed, opened, STREAM, session, told } from './view-fixture.ts';

const LABELS = ['hr', 'pii'] as const;
const WRITE: Effect = { kind: 'update', reversible: 'no', external: false, privileged: false, count: 1 };

const step = fc.record({
  what: fc.constantFrom('read', 'write', 'deny', 'fail', 'tell', 'endorse'),
  record: fc.nat(3),
  label: fc.constantFrom(...LABELS),
});
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

/** What one pair of agents does, with records and actions of its own: nothing of it concerns the other pair. */
function script(pair: string, steps: readonly Step[]): readonly (readonly NewEvent[])[] {
  const [one, two] = [`${pair}1`, `${pair}2`];
  return steps.map(({ what, record, label }, at) => {
    const id = `${pair}-${at}`;
    const by = at % 2 === 0 ? one : two;
    const resources = [{ type: 'Notes::Note', id: `${pair}${record}` }] as const;
    const read = { session: by, agent: by, resources, labels: [label] };
    const write = { ...read, labels: [], effect: WRITE, operation: 'notes.note.write' };
    switch (what) {
      case 'read':
        return [decided(id, 'allow', read), completed(id, 'succeeded')];
      case 'write':
        return [decided(id, 'allow', write), completed(id, 'succeeded')];
      case 'fail':
        return [decided(id, 'allow', write), completed(id, 'failed')];
      case 'deny':
        return [decided(id, 'deny', { ...write, code: 'NO_PERMIT' })];
      case 'tell':
        return [told(by, by === one ? two : one)];
      default:
        return [endorsed(by, label)];
    }
  });
}

const PAIRS = ['a', 'b'] as const;
const START = [opened(), ...PAIRS.flatMap((pair) => [session(`${pair}1`), session(`${pair}2`)])];

/** `seen` is fixed beforehand, because it is the one thing in which the order shows on purpose. */
function foldOf(events: readonly NewEvent[]): FoldedView {
  const view = new FoldedView(STREAM, genesisHash(STREAM));
  const stored = chainEvents({ stream: STREAM, head: undefined, events, now: T0, salt: () => 'salt' });
  for (const event of stored) view.apply(parseEvent(event));
  return view;
}

/** All that a view says but the order itself: its head, and what it lists as it came. */
function contentOf(view: FoldedView): unknown {
  const { head: _head, messages, ...rest } = viewAsJson(view) as Record<string, unknown>; // a view is an object
  return { ...rest, messages: (messages as unknown[]).map((each) => canonicalJson(each as object as never)).sort() };
}

function descendantsOf(view: FoldedView): unknown {
  return [...view.sessions.keys()].map((id) => {
    const found = view.descendantsOf({ session: id });
    return found === 'everything'
      ? found
      : { sessions: [...found.sessions].sort(), resources: [...found.resources].sort() };
  });
}

describe('events that do not concern each other', () => {
  test('leave the same view in whatever order they come', () => {
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 12 }),
        fc.array(step, { maxLength: 12 }),
        fc.infiniteStream(fc.boolean()),
        (mine, theirs, turns) => {
          const [a, b] = [script('a', mine), script('b', theirs)];
          const mixed: NewEvent[] = [];
          const queues = [[...a], [...b]];
          while (queues.some((queue) => queue.length > 0)) {
            const turn = turns.next().value === true ? 0 : 1;
            mixed.push(...(queues[turn]?.shift() ?? queues[1 - turn]?.shift() ?? []));
          }
          const [one, other] = [foldOf([...START, ...a.flat(), ...b.flat()]), foldOf([...START, ...mixed])];
          expect(contentOf(other)).toEqual(contentOf(one));
          expect(descendantsOf(other)).toEqual(descendantsOf(one));
        },
      ),
      { seed: 20_260_102, numRuns: 300 },
    );
  });

  test('leave the view that a replay of the stored events leaves', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 20 }), (steps) => {
        const events = [...START, ...script('a', steps).flat()];
        const live = new FoldedView(STREAM, genesisHash(STREAM));
        let head: Parameters<typeof chainEvents>[0]['head'];
        const kept = events.map((event) => {
          const [stored] = chainEvents({ stream: STREAM, head, events: [event], now: T0, salt: () => 'salt' });
          if (stored === undefined) throw new Error('one event is one stored event');
          live.apply(parseEvent(stored));
          head = { version: stored.seq, hash: stored.hash, at: stored.at };
          return JSON.stringify(stored);
        });
        const replayed = new FoldedView(STREAM, genesisHash(STREAM));
        for (const text of kept) replayed.apply(parseEvent(JSON.parse(text)));
        expect(viewAsJson(replayed)).toEqual(viewAsJson(live));
      }),
      { seed: 20_260_103 },
    );
  });
});

test('what concerns another does depend on the order: a message hands on only what was read before', () => {
  const read = [decided('r', 'allow', { session: 'a1', labels: ['hr'] }), completed('r', 'succeeded')];
  const labels = (view: FoldedView) => [...(view.sessions.get('b1')?.activity.labels ?? [])].map(({ id }) => id);
  expect(labels(foldOf([...START, ...read, told('a1', 'b1')]))).toEqual(['hr']);
  expect(labels(foldOf([...START, told('a1', 'b1'), ...read]))).toEqual([]);
});
