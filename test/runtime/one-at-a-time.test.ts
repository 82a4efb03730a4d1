import { expect, test } from 'vitest';
import { oneAtATime } from '../../src/runtime/one-at-a-time.ts';

/** Work whose runs end when told. */
function work() {
  const runs: PromiseWithResolvers<void>[] = [];
  const ask = oneAtATime(() => {
    const run = Promise.withResolvers<void>();
    runs.push(run);
    return run.promise;
  });
  return { runs, ask };
}

test('a second asking waits for the first run, and then begins one of its own', async () => {
  const { runs, ask } = work();
  const done = [ask(), ask(), ask()];
  expect(runs.length).toBe(1);
  runs[0]?.resolve();
  await runs[0]?.promise;
  await Promise.resolve();
  expect(runs.length).toBe(2);
  runs[1]?.resolve();
  await Promise.all(done);
  expect(runs.length).toBe(2);
});

test('after it has ended, an asking begins anew', async () => {
  const { runs, ask } = work();
  const first = ask();
  runs[0]?.resolve();
  await first;
  const second = ask();
  runs[1]?.resolve();
  await second;
  expect(runs.length).toBe(2);
});
