import { LocalQueue } from '../../src/enrich/local-queue.ts';
import { testClock } from '../support/test-clock.ts';
import { queueSuite } from './queue-suite.ts';

queueSuite({
  name: 'look-ups in this process',
  open: async ({ concurrency, work }) => {
    const clock = testClock();
    const alarms: string[] = [];
    const alarm = (_: string, { code }: { code: string }): void => void alarms.push(code);
    const queue = new LocalQueue({ clock, concurrency, work, alarm });
    return {
      queue,
      alarms,
      counts: () => queue.counts,
      until: async (done) => {
        while (!done()) {
          clock.advance(100);
          await new Promise((resolve) => setImmediate(resolve));
        }
      },
      close: () => queue.close(),
    };
  },
});
