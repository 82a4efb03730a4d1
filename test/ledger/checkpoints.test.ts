import { appendFileSync, cpSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { createCheckpointer } from '../../src/ledger/checkpoints.ts';
import { checkpointFile } from '../../src/ledger/read-checkpoints.ts';
import { canonicalJson } from '../../src/lib/canonical-json.ts';
import { sha256 } from '../../src/lib/digest.ts';
import { Appender } from '../workflow/chain-fixture.ts';
import { temporaryFolder } from '../workflow/sqlite-log/temporary-folder.ts';
import { openLedger, type Place, stream, tamper, verify, writeHistory } from './log-fixture.ts';

const folder = temporaryFolder();
const original: Place = { file: folder.path('original/log.sqlite'), directory: folder.path('original-checkpoints') };
let places = 0;

const newPlace = (): Place => ({
  file: folder.path(`${places}/log.sqlite`),
  directory: folder.path(`${places++}/checkpoints`),
});

function copy(): Place {
  const place = newPlace();
  cpSync(original.file, place.file);
  cpSync(original.directory, place.directory, { recursive: true });
  return place;
}

const linesOf = ({ directory }: Place) => readFileSync(checkpointFile(directory), 'utf8').split('\n').slice(0, -1);
const parsedLinesOf = (place: Place) => linesOf(place).map((line) => JSON.parse(line));
const write = ({ directory }: Place, lines: readonly string[]) =>
  writeFileSync(checkpointFile(directory), lines.map((line) => `${line}\n`).join(''));

/** A clock that stands still until it is told. */
function handClock() {
  let nowMs = 1_000;
  let timers: { dueMs: number; callback: () => void }[] = [];
  return {
    now: () => nowMs,
    after(delayMs: number, callback: () => void) {
      const timer = { dueMs: nowMs + delayMs, callback };
      timers.push(timer);
      return () => {
        timers = timers.filter((other) => other !== timer);
      };
    },
    advance(ms: number) {
      nowMs += ms;
      const due = timers.filter(({ dueMs }) => dueMs <= nowMs);
      timers = timers.filter((timer) => !due.includes(timer));
      for (const { callback } of due) callback();
    },
    get waiting() {
      return timers.length;
    },
  };
}

const durable = (workflow: string, version: number, events: number) => ({
  ...stream(workflow),
  version,
  hash: sha256(`${workflow} ${version}`),
  at: 1,
  events,
});

beforeAll(() => writeHistory(original));

describe('A checkpoint', () => {
  it('says which workflows changed since the one before, how many there are, and continues its hash', () => {
    const lines = linesOf(original);
    const parsed = parsedLinesOf(original);
    expect(parsed.map(({ n, heads, streams }) => [n, heads.length, streams])).toEqual(
      [1, 2, 3, 4, 5].map((n) => [n, 4, 4]),
    );
    expect(parsed.map(({ heads }) => heads[0].version)).toEqual([2, 4, 6, 8, 10]);
    expect(parsed.slice(1).map(({ prev }) => prev)).toEqual(lines.slice(0, -1).map((line) => sha256(line)));
    for (const line of lines) expect(canonicalJson(JSON.parse(line))).toBe(line);
  });

  it('is signed with a key that only its owner can read, whose public half lies beside it', () => {
    expect(statSync(`${original.directory}/checkpoint-key.pem`).mode & 0o777).toBe(0o600);
    expect(readFileSync(`${original.directory}/checkpoint-key.pub.pem`, 'utf8')).toContain('BEGIN PUBLIC KEY');
  });

  it('is written after the given time, or after the given number of events, and not without a change', async () => {
    const { directory } = newPlace();
    const clock = handClock();
    const checkpointer = await createCheckpointer({ directory, clock, everyMs: 1_000, everyEvents: 10 });
    const count = () => readFileSync(checkpointFile(directory), 'utf8').split('\n').length - 1;
    await checkpointer.flush();
    expect([count(), clock.waiting]).toEqual([0, 0]);
    checkpointer.note(durable('wf_1', 1, 1));
    clock.advance(999);
    expect(clock.waiting).toBe(1);
    clock.advance(1);
    await checkpointer.flush();
    expect([count(), clock.waiting]).toEqual([1, 0]);
    checkpointer.note(durable('wf_1', 10, 9));
    expect(clock.waiting).toBe(1);
    checkpointer.note(durable('wf_2', 1, 1));
    await checkpointer.flush();
    expect([count(), clock.waiting]).toEqual([2, 0]);
    await checkpointer.close();
    expect(count()).toBe(2);
    const lines = readFileSync(checkpointFile(directory), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines.map(({ streams, at, heads }) => [streams, at, heads.length])).toEqual([
      [1, 2_000, 1],
      [2, 2_000, 2],
    ]);
  });

  it('takes several lines where very many workflows changed', async () => {
    const place = newPlace();
    const checkpointer = await createCheckpointer({ ...place, clock: handClock(), everyMs: 1, everyEvents: 1e9 });
    for (let i = 0; i < 2_500; i++) checkpointer.note(durable(`wf_${i}`, 3, 3));
    await checkpointer.close();
    expect(parsedLinesOf(place).map(({ n, heads, streams }) => [n, heads.length, streams])).toEqual([
      [1, 1000, 1000],
      [2, 1000, 2000],
      [3, 500, 2500],
    ]);
  });

  it('is never ahead of the disk, and on it when the process closes', async () => {
    const place = newPlace();
    const { log, checkpointer, close } = await openLedger(place);
    const appender = new Appender(log, stream('wf_1'));
    const pending = appender.append(['one', 'two']);
    await checkpointer.flush();
    const early = linesOf(place).length;
    await pending;
    await checkpointer.flush();
    expect([early, linesOf(place).length]).toEqual([0, 1]);
    await appender.append(['three']);
    await close();
    expect(parsedLinesOf(place).at(-1).heads).toEqual([{ ...stream('wf_1'), version: 3, hash: appender.head?.hash }]);
    expect((await verify(place)).findings).toEqual([]);
  });
});

describe('At the start', () => {
  it('what became durable after the last checkpoint is put under the next one', async () => {
    const place = newPlace();
    const first = await openLedger(place);
    await new Appender(first.log, stream('wf_1')).append(['one']);
    await first.checkpointer.flush();
    await new Appender(first.log, stream('wf_1')).append(['two']);
    await new Appender(first.log, stream('wf_2')).append(['one']);
    // The process ends without a word: its checkpointer never writes again.
    await first.log.close();
    const second = await openLedger(place);
    await second.close();
    expect(
      parsedLinesOf(place).map(({ n, streams, heads }) => [
        n,
        streams,
        heads.map(({ workflow, version }: { workflow: string; version: number }) => [workflow, version]),
      ]),
    ).toEqual([
      [1, 1, [['wf_1', 1]]],
      [
        2,
        2,
        [
          ['wf_1', 2],
          ['wf_2', 1],
        ],
      ],
    ]);
    expect((await verify(place)).findings).toEqual([]);
  });

  it('a line that a crash left half written is cut off, and the log goes on', async () => {
    const place = copy();
    appendFileSync(checkpointFile(place.directory), '{"at":17,"heads":[');
    expect((await verify(place)).findings).toMatchObject([{ kind: 'checkpoint-cut' }]);
    const { log, close } = await openLedger(place);
    await new Appender(log, stream('wf_new')).append(['one']);
    await close();
    expect(await verify(place)).toMatchObject({ checkpoints: 6, findings: [] });
  });

  const cut = (place: Place) =>
    tamper(place, (database) =>
      database.exec(`
    DELETE FROM events WHERE seq > 9 AND stream = (SELECT id FROM streams WHERE workflow = 'wf_b');
    UPDATE streams SET (version, hash) = (SELECT seq, hash FROM events WHERE stream = id ORDER BY seq DESC LIMIT 1)`),
    );

  it.each<[string, (place: Place) => void, RegExp]>([
    ['is behind a checkpoint', cut, /Event 10 of workflow wf_b is gone/],
    [
      'has another event than a checkpoint saw',
      (place) =>
        tamper(place, (database) => database.exec(`UPDATE events SET hash = prev WHERE seq = 10 AND stream = 2`)),
      /Event 10 of workflow wf_b is another one/,
    ],
    ['is empty', (place) => rmSync(place.file), /is gone/],
    [
      'has lost its checkpoints',
      (place) => rmSync(checkpointFile(place.directory)),
      /knows checkpoint 5, but the checkpoints end at 0/,
    ],
    [
      'has lost the last checkpoint',
      (place) => write(place, linesOf(place).slice(0, -1)),
      /knows checkpoint 5, but the checkpoints end at 4/,
    ],
    [
      'has lost a checkpoint in between',
      (place) => write(place, linesOf(place).toSpliced(1, 1)),
      /checkpoint 3 stands in the place of checkpoint 2/,
    ],
    [
      'has a changed checkpoint',
      (place) => write(place, linesOf(place).with(2, linesOf(place)[2]?.replace('wf_a', 'wf_x') ?? '')),
      /does not continue/,
    ],
    ['has another key', (place) => rmSync(`${place.directory}/checkpoint-key.pem`), /not signed with the key/],
  ])('a log that %s is refused, with the place', async (_, spoil, detail) => {
    const place = copy();
    spoil(place);
    await expect(openLedger(place)).rejects.toMatchObject({
      code: 'LOG_BROKEN',
      message: expect.stringMatching(detail),
    });
  });
});

describe('Verification finds checkpoints that were', () => {
  const forge = (line: string | undefined, change: object) => canonicalJson({ ...JSON.parse(line ?? '{}'), ...change });

  it.each<[string, (lines: string[]) => readonly string[], string, RegExp]>([
    [
      'changed',
      (lines) => lines.with(2, forge(lines[2], { streams: 9 })),
      'checkpoint-changed',
      /checkpoint 3 is not signed/,
    ],
    [
      'changed in the last line',
      (lines) => lines.with(4, forge(lines[4], { heads: [] })),
      'checkpoint-changed',
      /checkpoint 5 is not signed/,
    ],
    [
      'changed in their white space',
      (lines) => lines.with(4, `${lines[4]} `),
      'checkpoint-changed',
      /line 5 .* not as it was written/,
    ],
    [
      'removed in the middle',
      (lines) => lines.toSpliced(2, 1),
      'checkpoint-missing',
      /checkpoint 4 stands in the place of checkpoint 3/,
    ],
    [
      'removed at the beginning',
      (lines) => lines.slice(1),
      'checkpoint-missing',
      /checkpoint 2 stands in the place of checkpoint 1/,
    ],
    ['removed at the end', (lines) => lines.slice(0, -1), 'checkpoint-cut', /the log knows checkpoint 5/],
    ['all removed', () => [], 'checkpoint-cut', /the log knows checkpoint 5/],
    [
      'put in another order',
      (lines) => [lines[0], lines[2], lines[1], lines[3], lines[4]] as string[],
      'checkpoint-missing',
      /checkpoint 3 stands/,
    ],
    [
      'repeated',
      (lines) => [...lines, lines[4] ?? ''],
      'checkpoint-missing',
      /checkpoint 5 stands in the place of checkpoint 6/,
    ],
    ['replaced by something else', (lines) => lines.with(1, 'nothing'), 'checkpoint-changed', /line 2/],
  ])('%s', async (_, change, kind, detail) => {
    const place = copy();
    write(place, change(linesOf(place)));
    expect((await verify(place)).findings).toContainEqual({ kind, detail: expect.stringMatching(detail) });
  });

  it('cut in the middle of a line', async () => {
    const place = copy();
    truncateSync(checkpointFile(place.directory), statSync(checkpointFile(place.directory)).size - 10);
    expect((await verify(place)).findings).toMatchObject([{ kind: 'checkpoint-cut' }, { kind: 'checkpoint-cut' }]);
  });
});
