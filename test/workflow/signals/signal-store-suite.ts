import { describe, expect, test } from 'vitest';
import type { Action } from '../../../src/action/action.ts';
import type { NewEvent } from '../../../src/action/event.ts';
import type { WorkflowLog } from '../../../src/action/log-port.ts';
import type { SignalDeclaration, SignalPlan, SignalScope } from '../../../src/action/signal.ts';
import type { SignalStore } from '../../../src/action/signal-store.ts';
import { digestOf } from '../../../src/lib/digest.ts';
import { InterlockError } from '../../../src/lib/errors.ts';
import { randomIds } from '../../../src/lib/ids.ts';
import type { LiveWorkflow } from '../../../src/workflow/live-workflow.ts';
import { createMemoryLog } from '../../../src/workflow/memory-log.ts';
import { Workflows } from '../../../src/workflow/workflows.ts';
import { failingLog } from '../../support/failing-log.ts';
import { testClock } from '../../support/test-clock.ts';
import { completed, decided, opened, session } from '../view-fixture.ts';

/** Makes the store under test over a log; `underway` are workflows whose events are not durable yet. */
export type CreateSignalStore = (log: WorkflowLog, underway: (tenant: string) => readonly string[]) => SignalStore;

const READ = 'notes.note.read';

export function plan(scope: SignalScope, more: Partial<SignalDeclaration> = {}): SignalPlan {
  const declaration: SignalDeclaration = {
    name: 'reads',
    kind: 'count',
    scope,
    events: [{ statuses: ['in-flight', 'accepted', 'succeeded', 'unknown'] }],
    where: [],
    includePresent: false,
    type: 'Long',
    ...more,
  };
  const digest = digestOf(JSON.parse(JSON.stringify(declaration)));
  return {
    digest,
    declarations: new Map([[digest, declaration]]),
    types: new Map([[declaration.name, declaration.type]]),
    readBy: new Map([[READ, [digest]]]),
  };
}

/** What every memory of signals must do, whoever shares it. */
export function describeSignalStore(name: string, create: CreateSignalStore): void {
  describe(name, () => {
    function world(log: WorkflowLog = createMemoryLog()) {
      const clock = testClock();
      const store: SignalStore = create(log, (tenant) => workflows.underway(tenant));
      const workflows: Workflows = new Workflows({ log, clock, ids: randomIds(), follower: store });
      const open = async (workflow: string, tenant = 'acme'): Promise<LiveWorkflow> => {
        await workflows.create({ tenant, workflow }, opened({ tenant, workflow }));
        const live = await workflows.load({ tenant, workflow });
        await commit(live, session('a'));
        return live;
      };
      const reads = (live: LiveWorkflow, asked: SignalPlan): unknown =>
        store.read(asked, actionIn(live), { view: live.view, now: clock.now() })['reads'];
      return { clock, store, workflows, open, reads };
    }

    test.each(['workflow', 'agent', 'user', 'tenant'] as const)(
      'counts a decision from its proposal on (%s)',
      async (scope) => {
        const { store, open, reads } = world();
        const asked = plan(scope);
        await store.prepare(asked);
        await store.ready('acme');
        const live = await open('one');
        const other = await open('two');
        expect(reads(live, asked)).toBe(0);
        const committing = commit(live, decided('first', 'allow'));
        expect(reads(other, asked)).toBe(scope === 'workflow' ? 0 : 1);
        await committing;
        expect(reads(live, asked)).toBe(1);
        await commit(live, completed('first', 'failed'));
        expect(reads(live, asked)).toBe(0);
        expect(reads(other, asked)).toBe(0);
        await commit(other, decided('first', 'allow'));
        await commit(other, completed('first', 'unknown'));
        expect(reads(other, asked)).toBe(1);
        expect(reads(live, asked)).toBe(scope === 'workflow' ? 0 : 1);
      },
    );

    test('takes back what the log refuses, and forgets what it lost', async () => {
      const log = failingLog(createMemoryLog());
      const { store, workflows, open, reads } = world(log);
      const asked = plan('tenant');
      await store.prepare(asked);
      await store.ready('acme');
      const live = await open('one');
      for (const how of ['refuse', 'lose'] as const) {
        log.fail = { how, when: () => true };
        await expect(commit(live, decided(how, 'allow'))).rejects.toMatchObject({ code: 'LOG_UNAVAILABLE' });
        log.fail = undefined;
        await store.ready('acme');
        expect([how, reads(await workflows.load(STREAM), asked)]).toEqual([how, 0]);
      }
    });

    test('says what has to be read first, and reads it with what happens meanwhile', async () => {
      const { promise: held, resolve: go } = Promise.withResolvers<void>();
      const inner = createMemoryLog();
      const log = {
        ...inner,
        read: async (...args: Parameters<WorkflowLog['read']>) => held.then(() => inner.read(...args)),
      };
      const { store, open, reads } = world(log);
      const asked = plan('tenant');
      const live = await open('one');
      await commit(live, decided('before', 'allow'));
      await store.prepare(asked);
      expect(() => reads(live, asked)).toThrow(InterlockError);
      const filling = store.ready('acme');
      await commit(live, decided('meanwhile', 'allow'));
      const other = await open('two');
      await commit(other, decided('elsewhere', 'allow'));
      const underway = commit(live, decided('underway', 'allow'));
      expect(() => reads(live, asked)).toThrow(InterlockError);
      go();
      await filling;
      await underway;
      expect(reads(live, asked)).toBe(4);
    });

    test('fills a new plan for the tenants that it knows, while the one before still decides', async () => {
      const { store, open, reads } = world();
      const first = plan('tenant');
      const second = plan('user', { withinMs: 1_000 });
      await store.prepare(first);
      await store.ready('acme');
      const live = await open('one');
      await commit(live, decided('one', 'allow'));
      await store.prepare(second);
      expect([reads(live, first), reads(live, second)]).toEqual([1, 1]);
      await commit(live, decided('two', 'allow'));
      expect([reads(live, first), reads(live, second)]).toEqual([2, 2]);
      await store.prepare(undefined);
      expect(reads(live, second)).toBe(2);
    });

    test('keeps tenants apart, and windows by the time of the decision', async () => {
      const { clock, store, open, reads } = world();
      const asked = plan('tenant', { withinMs: 1_000 });
      await store.prepare(asked);
      await store.ready('acme');
      await store.ready('globex');
      const live = await open('one');
      const foreign = await open('one', 'globex');
      await commit(live, decided('one', 'allow'));
      expect([reads(live, asked), reads(foreign, asked)]).toEqual([1, 0]);
      clock.advance(1_000);
      expect(reads(live, asked)).toBe(0);
    });
  });
}

const STREAM = { tenant: 'acme', workflow: 'one' };

export async function commit(live: LiveWorkflow, ...events: readonly NewEvent[]): Promise<void> {
  const { durable } = await live.commit((view) => ({
    events: events.map((event) =>
      event.type === 'action.decided' ? { ...event, payload: { ...event.payload, seen: view.version } } : event,
    ),
    result: undefined,
  }));
  await durable;
}

/** A read that is about to be decided. */
export function actionIn({ view: { tenant, id } }: LiveWorkflow): Action {
  return {
    id: 'asked',
    mode: 'run',
    principal: { tenant, workflow: id, session: 'a', agent: 'agent-a', onBehalfOf: 'ada' },
    operation: READ,
    system: 'notes',
    activity: 'tool',
    input: {},
    callDigest: digestOf(''),
    effect: { kind: 'read', reversible: 'operation', external: false, privileged: false, count: 1 },
    resources: [{ type: 'Notes::Note', id: 'n1' }],
    labels: [],
    facets: {},
  };
}
