import { expect, onTestFinished, test, vi } from 'vitest';
import { systemClock } from '../../src/lib/clock.ts';

const DAY_MS = 86_400_000;

test('a timer longer than one of Node can be fires at its time, once, and can be cancelled until then', () => {
  vi.useFakeTimers();
  onTestFinished(() => {
    vi.useRealTimers();
  });
  const fired: string[] = [];
  systemClock.after(60 * DAY_MS, () => fired.push('kept'));
  const cancel = systemClock.after(60 * DAY_MS, () => fired.push('cancelled'));
  vi.advanceTimersByTime(59 * DAY_MS);
  expect(fired).toEqual([]);
  cancel();
  vi.advanceTimersByTime(60 * DAY_MS);
  expect(fired).toEqual(['kept']);
});
