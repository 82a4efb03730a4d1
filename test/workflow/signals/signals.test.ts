import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { NewEvent } from '../../../src/action/event.ts';
import type { WorkflowLog } from '../../../src/action/log-port.ts';
import { randomIds } from '../../../src/lib/ids.ts';
import { createMemoryLog } from '../../../src/workflow/memory-log.ts';
import { Signals } from '../../../src/workflow/signals/signals.ts';
import { Workflows } from '../../../src/workflow/workflows.ts';
import { failingLog } from '../../support/failing-log.ts';
import { testClock } from '../../support/test-clock.ts';
import { completed, decided, opened, session } from '../view-fixture.ts';
import { actionIn, commit, describeSignalStore, plan } from './signal-store-suite.ts';

describeSignalStore('The signals of one process', (log, underway) => new Signals(log, underway));

const step = fc.record({
  workflow: fc.nat(2),
  action: fc.nat(6),
  what: fc.constantFrom('allow', 'deny', 'step_up', 'succeeded', 'failed', 'accepted', 'unknown'),
  source: fc.constantFrom('execution', 'agent', 'read-back'),
  fails: fc.boolean(),
  pauseMs: fc.nat(40),
});

type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

function eventOf({ action, what, source }: Step): NewEvent {
  const id = `action-${action}`;
  if (what === 'allow' || what === 'deny' || what === 'step_up') return decided(id, what);
  return completed(id, what, { source });
}

test('what was folded live is what the log gives when it is read anew, of a workflow and of a tenant', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { maxLength: 40 }),
      fc.constantFrom('workflow', 'tenant', 'user'),
      fc.constantFrom('count', 'last', 'since', 'never'),
      fc.option(fc.integer({ min: 1, max: 100 }), { nil: undefined }),
      async (steps, scope, kind, withinMs) => {
        const log = failingLog(createMemoryLog());
        const clock = testClock();
        const live: Signals = new Signals(log, (tenant) => workflows.underway(tenant));
        const workflows: Workflows = new Workflows({ log, clock, ids: randomIds(), follower: live });
        const asked = plan(scope, {
          kind,
          withinMs,
          events: [{ statuses: ['in-flight', 'succeeded', 'unknown'] }],
          unless: kind === 'since' ? [{ statuses: ['denied', 'accepted'] }] : undefined,
          of: kind === 'last' ? { of: 'at' } : undefined,
        });
        await live.prepare(asked);
        await live.ready('acme');
        const streams = [0, 1, 2].map((each) => ({ tenant: 'acme', workflow: `wf-${each}` }));
        for (const stream of streams) {
          await workflows.create(stream, opened(stream));
          await commit(await workflows.load(stream), session('a'));
        }
        for (const each of steps) {
          const { workflow, fails, pauseMs } = each;
          clock.advance(pauseMs);
          log.fail = fails ? { how: 'refuse', when: () => true } : undefined;
          const stream = streams[workflow];
          const at = stream && (await workflows.load(stream));
          // A held action alone is decided a second time.
          if (
            at?.view.actions.has(`action-${each.action}`) === true &&
            !['succeeded', 'failed', 'accepted', 'unknown'].includes(each.what)
          )
            continue;
          if (at !== undefined) await commit(at, eventOf(each)).catch(() => undefined);
          log.fail = undefined;
          if (at === undefined) continue;
          const anew = new Signals(log, () => []);
          await anew.prepare(asked);
          await anew.ready('acme');
          const now = clock.now();
          const moment = { view: at.view, now };
          expect(live.read(asked, actionIn(at), moment)).toEqual(anew.read(asked, actionIn(at), moment));
        }
      },
    ),
    { numRuns: 60, seed: 11 },
  );
});

test('what was erased from the log counts as forgotten, until its window has passed', async () => {
  const inner = createMemoryLog();
  const log: WorkflowLog = {
    ...inner,
    read: async (...asked) =>
      (await inner.read(...asked)).map((event) =>
        event.type === 'action.decided' ? { ...event, payload: undefined } : event,
      ),
  };
  const clock = testClock();
  const workflows = new Workflows({ log: inner, clock, ids: randomIds() });
  const stream = { tenant: 'acme', workflow: 'wf' };
  await workflows.create(stream, opened(stream));
  const live = await workflows.load(stream);
  await commit(live, session('a'));
  await commit(live, decided('one', 'allow'));
  const signals = new Signals(log, () => []);
  const asked = plan('tenant', { withinMs: 1_000 });
  await signals.prepare(asked);
  await signals.ready('acme');
  const read = () => signals.read(asked, actionIn(live), { view: live.view, now: clock.now() });
  expect(read).toThrow(expect.objectContaining({ code: 'SIGNAL_FORGOTTEN' }));
  clock.advance(1_000);
  expect(read()).toEqual({ reads: 0 });
});
