import { expect, test } from 'vitest';
import type { NewEvent } from '../../src/action/event.ts';
import type { WorkflowLog } from '../../src/action/log-port.ts';
import { BOUNDS } from '../../src/lib/bounds.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { randomIds } from '../../src/lib/ids.ts';
import { createMemoryLog } from '../../src/workflow/memory-log.ts';
import { Workflows } from '../../src/workflow/workflows.ts';

const stream = (workflow: string) => ({ tenant: 'acme', workflow });

function opened(workflow: string, mandate = ''): NewEvent {
  const user = { id: 'ada' };
  return {
    type: 'workflow.opened',
    payload: { tenant: 'acme', workflow, onBehalfOf: user, mandate, limits: {}, openedBy: 'opener', labels: [] },
  };
}

const FROZEN: NewEvent = { type: 'workflow.frozen', payload: { by: 'root', reason: '' } };

test('past the bound, a workflow that waits for the disk stays in memory, and others leave', async () => {
  const inner = createMemoryLog();
  const disk = Promise.withResolvers<void>();
  const reads: string[] = [];
  const log: WorkflowLog = {
    ...inner,
    append: async (id, ...rest) => {
      const result = await inner.append(id, ...rest);
      const waits = result.status === 'appended' && id.workflow === 'waiting' && rest[0] > 0;
      return waits ? { ...result, durable: disk.promise } : result;
    },
    read: (id, after) => {
      reads.push(id.workflow);
      return inner.read(id, after);
    },
  };
  const workflows = new Workflows({ log, clock: systemClock, ids: randomIds() });
  await workflows.create(stream('waiting'), opened('waiting'));
  const waiting = await workflows.load(stream('waiting'));
  await waiting.commit(() => ({ events: [FROZEN], result: undefined }));
  await workflows.create(stream('idle'), opened('idle'));
  for (let i = 0; i <= BOUNDS.loadedWorkflows; i++) await workflows.create(stream(`w${i}`), opened(`w${i}`));

  expect(await workflows.load(stream('waiting'))).toBe(waiting);
  expect(reads).toEqual([]);
  await workflows.load(stream('idle'));
  expect(reads).toEqual(['idle']);
  disk.resolve();
  await waiting.durable;
});

test('past the bound on what views hold together, the oldest idle ones leave and are read again when they are asked for', async () => {
  const inner = createMemoryLog();
  const reads: string[] = [];
  const log: WorkflowLog = {
    ...inner,
    read: (id, after) => {
      reads.push(id.workflow);
      return inner.read(id, after);
    },
  };
  const workflows = new Workflows({ log, clock: systemClock, ids: randomIds() });
  const large = 'x'.repeat(BOUNDS.loadedCharacters / 8);
  for (let i = 0; i < 8; i++) await workflows.create(stream(`w${i}`), opened(`w${i}`, large));
  for (let i = 0; i < 8; i++) await workflows.load(stream(`w${i}`));
  expect(reads.length).toBeGreaterThan(0);
  reads.length = 0;
  for (let i = 6; i < 8; i++) await workflows.load(stream(`w${i}`));
  expect(reads).toEqual([]);
});

test('what is shown is durable, also what came while it was waited for', async () => {
  const inner = createMemoryLog();
  const writes: PromiseWithResolvers<void>[] = [];
  const log: WorkflowLog = {
    ...inner,
    append: async (id, ...rest) => {
      const result = await inner.append(id, ...rest);
      if (result.status !== 'appended' || rest[0] === 0) return result;
      const write = Promise.withResolvers<void>();
      writes.push(write);
      return { ...result, durable: write.promise };
    },
  };
  const workflows = new Workflows({ log, clock: systemClock, ids: randomIds() });
  await workflows.create(stream('w'), opened('w'));
  const workflow = await workflows.load(stream('w'));
  const add = () => workflow.commit(() => ({ events: [FROZEN], result: undefined }));
  await add();
  const shown = workflows.loadDurable(stream('w')).then(({ view }) => view.version);
  await new Promise(setImmediate);
  await add();
  writes[0]?.resolve();
  expect(await Promise.race([shown, new Promise((turn) => setImmediate(turn, 'nothing yet'))])).toBe('nothing yet');
  writes[1]?.resolve();
  expect(await shown).toBe(3);
});
