import { statSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import type { StreamId } from '../../../src/action/log-port.ts';
import { BOUNDS } from '../../../src/lib/bounds.ts';
import { verifyChain } from '../../../src/workflow/chain.ts';
import { createSqliteLog, type DurableHead } from '../../../src/workflow/sqlite-log/create-sqlite-log.ts';
import { openLogReader } from '../../../src/workflow/sqlite-log/open-log-reader.ts';
import { Appender, chain, headOf, NOTHING_OPEN, textOf } from '../chain-fixture.ts';
import { temporaryFolder } from './temporary-folder.ts';

const STREAM: StreamId = { tenant: 'acme', workflow: 'wf_1' };
const folder = temporaryFolder();
let files = 0;
const newFile = () => folder.path(`${files++}/log.sqlite`);
const open = (file: string) => createSqliteLog({ file, synchronous: 'full' });

/** What another connection sees in the file. */
function versionOnDisk(file: string): number {
  const reader = openLogReader({ file });
  try {
    return reader.stream(STREAM)?.version ?? 0;
  } finally {
    reader.close();
  }
}

describe('The log in SQLite', () => {
  it('calls an event durable only once another connection can see it', async () => {
    const file = newFile();
    const log = await open(file);
    const appender = new Appender(log, STREAM);
    for (let version = 1; version <= 20; version++) {
      await appender.append(['event']);
      expect(versionOnDisk(file)).toBe(version);
    }
    await log.close();
  });

  it('tells of a head only once it is on the disk, and before anyone who waited for it goes on', async () => {
    const file = newFile();
    const told: (DurableHead & { onDisk: number })[] = [];
    const log = await createSqliteLog({
      file,
      synchronous: 'full',
      onDurable: (heads) => told.push(...heads.map((head) => ({ ...head, onDisk: versionOnDisk(file) }))),
    });
    const appender = new Appender(log, STREAM);
    await appender.append(['one', 'two']);
    expect(told).toEqual([{ ...STREAM, ...appender.head, events: 2, onDisk: 2 }]);
    await Promise.all([appender.append(['three']), new Appender(log, STREAM).append(['four'])]);
    expect(told.reduce((sum, { events }) => sum + events, 0)).toBe(4);
    expect(told.every(({ version, onDisk }) => onDisk >= version)).toBe(true);
    await log.close();
  });

  it('has everything again when it is opened again, and goes on from there', async () => {
    const file = newFile();
    const first = await open(file);
    await new Appender(first, STREAM).append(['one', 'two'], { open: 1, held: 1 });
    const before = await first.read(STREAM);
    await first.close();
    const second = await open(file);
    expect(await second.read(STREAM)).toEqual(before);
    expect(await second.list({ openOnly: true })).toMatchObject([{ ...STREAM, version: 2, open: 1, held: 1 }]);
    expect(await new Appender(second, STREAM).try(['never'])).toMatchObject({ status: 'conflict', missed: before });
    const appender = new Appender(second, STREAM);
    await appender.append(['three']);
    await second.close();
    expect(versionOnDisk(file)).toBe(3);
  });

  it('waits for what was appended when it closes', async () => {
    const file = newFile();
    const log = await open(file);
    void new Appender(log, STREAM).append(['one']);
    await log.close();
    expect(versionOnDisk(file)).toBe(1);
  });

  it('forgets which streams it knows past its bound, and still compares with what is on the disk', async () => {
    const log = await open(newFile());
    const streams = Array.from({ length: BOUNDS.loadedWorkflows + 50 }, (_, i) => ({
      tenant: 'acme',
      workflow: `wf_${i}`,
    }));
    await Promise.all(streams.map((stream) => new Appender(log, stream).append(['one'])));
    const oldest = { tenant: 'acme', workflow: 'wf_0' };
    expect((await new Appender(log, oldest).try(['never'])).status).toBe('conflict');
    await new Appender(log, oldest).append(['two']);
    expect((await log.read(oldest)).map(textOf)).toEqual(['one', 'two']);
    await log.close();
  });

  it('refuses appends while too many rows wait for the disk, and takes them again afterwards', async () => {
    const log = await open(newFile());
    const texts = Array.from({ length: BOUNDS.pendingAppends }, () => 'x');
    const events = chain(STREAM, undefined, texts);
    const result = await log.append(STREAM, 0, events, NOTHING_OPEN);
    const other = new Appender(log, { ...STREAM, workflow: 'wf_2' });
    await expect(other.try(['too much'])).rejects.toMatchObject({ code: 'LOG_UNAVAILABLE' });
    if (result.status === 'appended') await result.durable;
    await other.append(['now']);
    expect((await log.list({ tenant: 'acme' })).map(({ version }) => version).sort()).toEqual([
      1,
      BOUNDS.pendingAppends,
    ]);
    await log.close();
  });

  it('is for its owner only', async () => {
    const file = newFile();
    const log = await open(file);
    await new Appender(log, STREAM).append(['one']);
    for (const name of [file, `${file}-wal`, `${file}.lock`]) expect(statSync(name).mode & 0o077).toBe(0);
    await log.close();
  });

  it('is opened by one writer at a time', async () => {
    const file = newFile();
    const log = await open(file);
    await expect(open(file)).rejects.toMatchObject({ code: 'LOG_IN_USE' });
    await new Appender(log, STREAM).append(['one']);
    await log.close();
    const next = await open(file);
    expect((await next.read(STREAM)).map(textOf)).toEqual(['one']);
    await next.close();
  });

  it('cannot hold two events at one place, whoever writes them', async () => {
    const file = newFile();
    const log = await open(file);
    await new Appender(log, STREAM).append(['one']);
    await log.close();
    const database = new DatabaseSync(file);
    expect(() => database.exec('INSERT INTO events SELECT * FROM events')).toThrow(/UNIQUE/);
    database.close();
  });

  it('notices, before it goes on, that its end was cut off', async () => {
    const file = newFile();
    const log = await open(file);
    await new Appender(log, STREAM).append(['one', 'two']);
    await log.close();
    const database = new DatabaseSync(file);
    database.exec('DELETE FROM events WHERE seq = 2');
    database.close();
    const again = await open(file);
    await expect(again.read(STREAM)).rejects.toMatchObject({ code: 'LOG_BROKEN' });
    await expect(new Appender(again, STREAM).try(['never'])).rejects.toMatchObject({ code: 'LOG_BROKEN' });
    await again.close();
  });

  it.each([
    ['a newer format', 'PRAGMA user_version = 2', 'LOG_VERSION'],
    ['another application', 'PRAGMA application_id = 7', 'LOG_BROKEN'],
  ])('does not open a file of %s', async (_, change, code) => {
    const file = newFile();
    await (await open(file)).close();
    const database = new DatabaseSync(file);
    database.exec(change);
    database.close();
    await expect(open(file)).rejects.toMatchObject({ code });
    expect(() => openLogReader({ file })).toThrowError(expect.objectContaining({ code }));
  });

  it('says that a file is no log, and that there is none', async () => {
    const file = folder.path('text');
    writeFileSync(file, 'This is no database.'.repeat(1_000));
    await expect(open(file)).rejects.toMatchObject({ code: 'LOG_UNAVAILABLE' });
    expect(() => openLogReader({ file })).toThrowError(expect.objectContaining({ code: 'LOG_BROKEN' }));
    expect(() => openLogReader({ file: folder.path('nowhere') })).toThrowError(
      expect.objectContaining({ code: 'NOT_FOUND' }),
    );
  });
});

describe('When the disk is full', () => {
  const MAX_BYTES = 2_000_000;
  const BIG = 'x'.repeat(10_000);

  /** A log that is nearly as large as it may be, because of something that can be removed. */
  async function nearlyFull() {
    const file = newFile();
    await (await open(file)).close();
    const other = new DatabaseSync(file);
    other.exec('CREATE TABLE ballast (bytes BLOB); INSERT INTO ballast VALUES (zeroblob(1800000))');
    const freeSpace = () => {
      other.exec('DELETE FROM ballast');
      other.close();
    };
    return { file, freeSpace, log: await createSqliteLog({ file, synchronous: 'full', maxBytes: MAX_BYTES }) };
  }

  it('rejects the batch and everything behind it, keeps what was durable, and goes on when there is room', async () => {
    const { file, freeSpace, log } = await nearlyFull();
    const appender = new Appender(log, STREAM);
    await appender.append(['before']);
    await log.read({ ...STREAM, workflow: 'wf_2' });
    const good = appender.head;
    const tooMuch = chain(
      STREAM,
      appender.head,
      Array.from({ length: 40 }, () => BIG),
    );
    const failing = await log.append(STREAM, 1, tooMuch, NOTHING_OPEN);
    const immediate = Promise.withResolvers<void>();
    setImmediate(immediate.resolve);
    await immediate.promise;
    const behind = await log.append(STREAM, 41, chain(STREAM, headOf(tooMuch), ['behind']), NOTHING_OPEN);
    const elsewhere = await new Appender(log, { ...STREAM, workflow: 'wf_2' }).try(['behind too']);
    for (const result of [failing, behind, elsewhere]) {
      await expect(result.status === 'appended' && result.durable).rejects.toMatchObject({ code: 'LOG_UNAVAILABLE' });
    }
    expect((await log.read(STREAM)).map(textOf)).toEqual(['before']);
    expect(await log.read({ ...STREAM, workflow: 'wf_2' })).toEqual([]);
    await expect(log.append(STREAM, 41, chain(STREAM, headOf(tooMuch), ['x']), NOTHING_OPEN)).rejects.toMatchObject({
      code: 'LOG_UNAVAILABLE',
    });

    freeSpace();
    appender.head = good;
    await appender.append(Array.from({ length: 40 }, () => BIG));
    const events = await log.read(STREAM);
    expect(events).toHaveLength(41);
    expect(verifyChain(STREAM, events).ok).toBe(true);
    expect(versionOnDisk(file)).toBe(41);
    await log.close();
  });
});
