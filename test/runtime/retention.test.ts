import { describe, expect, onTestFinished, test } from 'vitest';
import { randomIds } from '../../src/lib/ids.ts';
import { type Retention, startRetention } from '../../src/runtime/retention.ts';
import { createMemoryLog } from '../../src/workflow/memory-log.ts';
import { Workflows } from '../../src/workflow/workflows.ts';
import { testClock } from '../support/test-clock.ts';
import { decided, opened, STREAM, session } from '../workflow/view-fixture.ts';

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

function world(payloadsDays = 30) {
  const [log, clock] = [createMemoryLog(), testClock()];
  const workflows = new Workflows({ log, clock, ids: randomIds() });
  const alarms: string[] = [];
  const retention: Retention = startRetention({ workflows, clock, payloadsDays, alarm: (text) => alarms.push(text) });
  onTestFinished(() => retention.close());
  const open = async (workflow: string, ...more: Parameters<typeof decided>[]) => {
    const stream = { ...STREAM, workflow };
    await workflows.create(stream, opened({ workflow }));
    const live = await workflows.load(stream);
    const events = [session('a'), ...more.map((each) => decided(...each))];
    await (await live.commit(() => ({ events, result: undefined }))).durable;
    return live;
  };
  const isErased = async (workflow: string) => (await log.read({ ...STREAM, workflow }))[0]?.payload === undefined;
  return { workflows, clock, alarms, retention, open, isErased };
}

describe('retention', () => {
  test('erases a workflow once nothing has happened in it for so many days, and says by whom and why', async () => {
    const { workflows, clock, retention, open, isErased, alarms } = world();
    await open('wf_old');
    clock.advance(10 * DAY_MS);
    await open('wf_young');
    clock.advance(20 * DAY_MS);
    expect(await retention.run()).toBe(0);
    clock.advance(1);
    expect(await retention.run()).toBe(1);
    expect([await isErased('wf_old'), await isErased('wf_young')]).toEqual([true, false]);
    const { view } = await workflows.load({ ...STREAM, workflow: 'wf_old' });
    expect(view.erased).toEqual({ from: 1, to: 2, by: 'retention', reason: 'nothing happened for 30 days' });
    expect(await retention.run()).toBe(0);
    expect([retention.erased, alarms]).toEqual([1, []]);
  });

  test('leaves what is held or under way, until it has ended', async () => {
    const { clock, retention, open, isErased } = world();
    await open('wf_held', ['held', 'step_up']);
    await open('wf_running', ['running', 'allow']);
    const live = await open('wf_denied', ['denied', 'deny']);
    expect(live.view.open).toBe(0);
    clock.advance(31 * DAY_MS);
    expect(await retention.run()).toBe(1);
    expect([await isErased('wf_held'), await isErased('wf_running')]).toEqual([false, false]);
  });

  test('begins a while after the start, and looks again every hour', async () => {
    const { clock, retention, open } = world(1);
    await open('wf_1');
    clock.advance(2 * DAY_MS);
    await expect.poll(() => retention.erased).toBe(1);
    await open('wf_2');
    await expect.poll(() => clock.timers).toBe(1);
    clock.set(clock.now() + 2 * DAY_MS);
    clock.advance(HOUR_MS - MINUTE_MS);
    expect(retention.erased).toBe(1);
    clock.advance(MINUTE_MS);
    await expect.poll(() => retention.erased).toBe(2);
  });

  test('is refused over a log that cannot take anything away', () => {
    const { erasable: _, ...log } = createMemoryLog();
    const clock = testClock();
    const workflows = new Workflows({ log, clock, ids: randomIds() });
    const start = () => startRetention({ workflows, clock, payloadsDays: 1, alarm: () => undefined });
    expect(start).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }));
  });
});
