import { expect, test } from 'vitest';
import type { EventFollower } from '../../src/action/signal-store.ts';
import { randomIds } from '../../src/lib/ids.ts';
import { createMemoryLog } from '../../src/workflow/memory-log.ts';
import { Workflows } from '../../src/workflow/workflows.ts';
import { testClock } from '../support/test-clock.ts';
import { opened, session } from './view-fixture.ts';

test('a proposal whose reservation does not stand is made again, and nothing of it stays reserved', async () => {
  const told: string[] = [];
  const answers = [true, false, true];
  const follower: EventFollower = {
    reserve: () => {
      told.push('reserve');
      return { stands: Promise.resolve(answers.shift() ?? true), release: () => told.push('release') };
    },
    fold: ({ type }) => told.push(type),
    lost: () => told.push('lost'),
  };
  const workflows = new Workflows({ log: createMemoryLog(), clock: testClock(), ids: randomIds(), follower });
  const stream = { tenant: 'acme', workflow: 'wf' };
  await workflows.create(stream, opened(stream));
  const live = await workflows.load(stream);
  let proposals = 0;
  await live.commit(() => {
    proposals += 1;
    return { events: [session('a')], result: undefined };
  });
  expect(proposals).toBe(2);
  expect(told).toEqual(['reserve', 'workflow.opened', 'reserve', 'release', 'reserve', 'session.opened']);
});
