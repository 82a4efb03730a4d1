import { expect, test } from 'vitest';
import { signalWorld } from './signals-world.ts';

const COUNT = {
  signals: `
writes:
  title: Documents written in this workflow.
  kind: count
  events: { operation: desk.document.write }
`,
  policies: `@id("two-writes") @title("Two documents are written per workflow.")
forbid(principal, action == Action::"desk.document.write", resource) when { context.signals.writes >= 2 };`,
};

test('a signal that is declared is counted and denies', async () => {
  const world = await signalWorld(COUNT);
  const actor = await world.actor();
  const write = () => actor.run('document.write', { document: 'd1' });
  expect((await write()).decision).toBe('allow');
  expect((await write()).decision).toBe('allow');
  const third = await write();
  expect(third.decision).toBe('deny');
  expect(third.reasons.map(({ policy }) => policy)).toEqual(['two-writes']);
  const other = await world.actor();
  expect((await other.run('document.write', { document: 'd1' })).decision).toBe('allow');
});
