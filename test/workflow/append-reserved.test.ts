import { expect, test } from 'vitest';
import type { EventFollower } from '../../src/action/signal-store.ts';
import { randomIds } from '../../src/lib/ids.ts';
import { createMemoryLog } from '../../src/workflow/memory-log.ts';
import { Workflows } from '../../src/workflow/workflows.ts';
import { testClock } from '../support/test-clock.ts';
import { opened, session } from './view-fixture.ts';

test('a proposal that another process was faster than is made again, and nothing of it stays reserved', async () => {
  const told: string[] = [];
  const follower: EventFollower = {
    reserve: () => {
      told.push('reserve');
      return { release: () => told.push('release') };
    },
    fold: ({ type }, _view, isForeign) => told.push(isForeign ? `foreign ${type}` : type),
    lost: () => told.push('lost'),
  };
  const log = createMemoryLog();
  const workflows = new Workflows({ log, clock: testClock(), ids: randomIds(), follower });
  const others = new Workflows({ log, clock: testClock(), ids: randomIds() });
  const stream = { tenant: 'acme', workflow: 'wf' };
  await workflows.create(stream, opened(stream));
  const live = await workflows.load(stream);
  await (await others.load(stream)).commit(() => ({ events: [session('a')], result: undefined }));
  let proposals = 0;
  await live.commit(() => {
    proposals += 1;
    return { events: [session('b')], result: undefined };
  });
  expect(proposals).toBe(2);
  const [first, again] = [
    ['reserve', 'release', 'foreign session.opened'],
    ['reserve', 'session.opened'],
  ];
  expect(told).toEqual(['reserve', 'workflow.opened', ...first, ...again]);
});
