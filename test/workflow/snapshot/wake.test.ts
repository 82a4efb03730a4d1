import { writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, test } from 'vitest';
import type { NewEvent } from '../../../src/action/event.ts';
import type { WorkflowLog } from '../../../src/action/log-port.ts';
import { BOUNDS } from '../../../src/lib/bounds.ts';
import { randomIds } from '../../../src/lib/ids.ts';
import { Snapshots } from '../../../src/workflow/snapshot/snapshots.ts';
import { ViewKeeper } from '../../../src/workflow/snapshot/view-keeper.ts';
import { createSqliteLog } from '../../../src/workflow/sqlite-log/create-sqlite-log.ts';
import { Workflows } from '../../../src/workflow/workflows.ts';
import { testClock } from '../../support/test-clock.ts';
import { temporaryFolder } from '../sqlite-log/temporary-folder.ts';
import { opened, STREAM, session, told } from '../view-fixture.ts';
import { SNAPSHOTS, sealOf } from './snapshot-fixture.ts';

const folder = temporaryFolder();
const LONG = BOUNDS.snapshotEvents + 10;
const TOLD = told('a', 'b');
const EVENTS: readonly NewEvent[] = [opened(), session('a'), session('b'), ...Array.from({ length: LONG }, () => TOLD)];
let files = 0;

/** The workflows of one process on a file. `reads` counts how often a whole workflow was read from it. */
async function processOn(file: string, snapshots = SNAPSHOTS) {
  const inner = await createSqliteLog({ file, synchronous: 'off' });
  const reads: number[] = [];
  const log: WorkflowLog = {
    durability: inner.durability,
    append: (...args) => inner.append(...args),
    read: (stream, after = 0) => {
      reads.push(after);
      return inner.read(stream, after);
    },
    list: (filter) => inner.list(filter),
    snapshot: (stream) => inner.snapshot(stream),
    keepSnapshot: (stream, snapshot) => inner.keepSnapshot(stream, snapshot),
    close: () => inner.close(),
  };
  const clock = testClock();
  const keeper = new ViewKeeper({ log, clock, snapshots });
  const workflows = new Workflows({ log, clock, ids: randomIds(), keeper });
  const add = async (...events: readonly NewEvent[]): Promise<void> => {
    const live = await workflows.load(STREAM);
    await (await live.commit(() => ({ events, result: undefined }))).durable;
  };
  const close = async (): Promise<void> => {
    await keeper.close();
    await log.close();
  };
  return { workflows, clock, reads, add, close, inner };
}

/** A file in which an earlier process left a long workflow, and its snapshot. */
async function leftBehind(): Promise<string> {
  const file = folder.path(`log-${files++}.sqlite`);
  const first = await processOn(file);
  const [begin, ...rest] = EVENTS;
  if (begin !== undefined) await first.workflows.create(STREAM, begin);
  await first.add(...rest);
  await first.close();
  return file;
}

async function wakesIn(file: string, snapshots = SNAPSHOTS) {
  const { workflows, reads, close } = await processOn(file, snapshots);
  const { view } = await workflows.load(STREAM);
  await close();
  return { messages: view.messages.length, version: view.version, isFolded: reads.length > 0 };
}

const WOKEN = { messages: LONG, version: EVENTS.length, isFolded: false };
const FOLDED = { ...WOKEN, isFolded: true };

function change(file: string, sql: string): void {
  const database = new DatabaseSync(file);
  expect(database.prepare(sql).run().changes).toBeGreaterThan(0);
  database.close();
}

describe('a sleeping workflow', () => {
  test('wakes from its snapshot and what came after it, without its events', async () => {
    const file = await leftBehind();
    expect(await wakesIn(file)).toEqual(WOKEN);
    const second = await processOn(file);
    await second.add(TOLD);
    await second.close();
    expect(await wakesIn(file)).toEqual({ messages: LONG + 1, version: EVENTS.length + 1, isFolded: false });
  });

  test('is kept a while after it moved on, once it is worth it, and not again for little', async () => {
    const file = folder.path(`log-${files++}.sqlite`);
    const { workflows, clock, add, inner, close } = await processOn(file);
    const kept = async () => (await inner.snapshot(STREAM))?.kept.version;
    await workflows.create(STREAM, opened());
    await add(session('a'), session('b'), TOLD);
    clock.advance(BOUNDS.snapshotDelayMs);
    expect(clock.timers).toBe(0);
    await add(...EVENTS.slice(4));
    expect(await kept()).toBeUndefined();
    clock.advance(BOUNDS.snapshotDelayMs);
    await expect.poll(kept).toBe(EVENTS.length);
    await add(TOLD);
    expect(clock.timers).toBe(0);
    await close();
  });

  const OTHERS = [
    ['another hand', new Snapshots({ versions: ['test'], seal: sealOf('theirs') })],
    ['another version of the program', new Snapshots({ versions: ['next'], seal: sealOf('ours') })],
  ] as const;
  test.each(OTHERS)('is folded from its events where the snapshot is of %s', async (_, snapshots) => {
    expect(await wakesIn(await leftBehind(), snapshots)).toEqual(FOLDED);
  });

  test.each([
    ['its bytes are others', "UPDATE snapshots SET bytes = CAST(replace(hex(bytes), '7B', '5B') AS BLOB)"],
    ['it names another version', 'UPDATE snapshots SET version = version - 1'],
    ['it names an event that the log does not have', 'UPDATE snapshots SET version = version + 1'],
    ['it names another hash', "UPDATE snapshots SET hash = 'sha256:0'"],
    ['it is gone', 'DELETE FROM snapshots'],
  ])('is folded from its events where %s', async (_, sql) => {
    const file = await leftBehind();
    change(`${file}.snapshots`, sql);
    expect(await wakesIn(file)).toEqual(FOLDED);
  });

  test('is folded from its events where the file of snapshots is damaged, and has one again after that', async () => {
    const file = await leftBehind();
    writeFileSync(`${file}.snapshots`, 'not a database');
    const again = await processOn(file);
    await again.add(TOLD);
    expect(again.reads).toEqual([0]);
    await again.close();
    expect(await wakesIn(file)).toMatchObject({ isFolded: false, version: EVENTS.length + 1 });
  });

  test('is not woken from a snapshot of an end that the log lost', async () => {
    const file = await leftBehind();
    const last = EVENTS.length;
    change(file, `DELETE FROM events WHERE seq = ${last}`);
    change(
      file,
      `UPDATE streams SET version = ${last - 1}, hash = (SELECT hash FROM events ORDER BY seq DESC LIMIT 1)`,
    );
    expect(await wakesIn(file)).toEqual({ messages: LONG - 1, version: last - 1, isFolded: true });
  });

  test('does not take over the snapshot of another', async () => {
    const file = await leftBehind();
    const { kept } = await (async () => {
      const { inner, close } = await processOn(file);
      const found = await inner.snapshot(STREAM);
      await close();
      if (found === undefined) throw new Error('there is no snapshot');
      return found;
    })();
    expect(SNAPSHOTS.restore(STREAM, kept)?.version).toBe(EVENTS.length);
    for (const other of [
      { ...STREAM, tenant: 'globex' },
      { ...STREAM, workflow: 'wf_other' },
    ])
      expect(SNAPSHOTS.restore(other, kept)).toBeUndefined();
  });

  test('of which a payload is gone is not woken from a snapshot that has it', async () => {
    const file = await leftBehind();
    change(file, 'UPDATE events SET payload = NULL WHERE seq = 1');
    await expect(wakesIn(file)).rejects.toMatchObject({ code: 'LOG_BROKEN' });
  });
});
