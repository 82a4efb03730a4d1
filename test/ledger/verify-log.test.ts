import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { beforeAll, describe, expect, it } from 'vitest';
import { exportLog } from '../../src/ledger/export-log.ts';
import { openLogReader } from '../../src/workflow/sqlite-log/open-log-reader.ts';
import { linesOf } from '../support/lines-of.ts';
import { chain, headOf } from '../workflow/chain-fixture.ts';
import { temporaryFolder } from '../workflow/sqlite-log/temporary-folder.ts';
import { type Place, stream, tamper, verify, writeHistory } from './log-fixture.ts';

const folder = temporaryFolder();
const original: Place = { file: folder.path('original/log.sqlite'), directory: folder.path('original-checkpoints') };
let copies = 0;

/** The same history once more, to be spoilt. */
function copy(): Place {
  const n = copies++;
  const place = { file: folder.path(`copy-${n}/log.sqlite`), directory: folder.path(`copy-${n}/checkpoints`) };
  cpSync(original.file, place.file);
  cpSync(original.directory, place.directory, { recursive: true });
  return place;
}

const IDS = `(SELECT id FROM streams WHERE tenant = 'acme' AND workflow = 'wf_b')`;

/** Puts other events, with correct hashes, in the place of those of a workflow. */
function rewrite(database: DatabaseSync, workflow: string, texts: readonly string[]): void {
  const events = chain(stream(workflow), undefined, texts);
  const { id } = database.prepare(`SELECT id FROM streams WHERE tenant = 'acme' AND workflow = ?`).get(workflow) as {
    id: number;
  };
  database.prepare('DELETE FROM events WHERE stream = ?').run(id);
  const insert = database.prepare('INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)');
  for (const { seq, v, type, at, prev, payloadDigest, hash, payload = null } of events) {
    insert.run(id, seq, v, type, at, prev, payloadDigest, hash, payload);
  }
  const head = headOf(events);
  database
    .prepare('UPDATE streams SET version = ?, hash = ?, at = ? WHERE id = ?')
    .run(head?.version ?? 0, head?.hash ?? '', head?.at ?? 0, id);
}

function rewriteInAGeneration(database: DatabaseSync): void {
  rewrite(
    database,
    'wf_b',
    Array.from({ length: 10 }, (_, i) => `invented ${i}`),
  );
}

beforeAll(() => writeHistory(original));

describe('A log that nobody touched', () => {
  it('verifies, and says how much it read', async () => {
    expect(await verify(copy())).toEqual({
      streams: 4,
      events: 40,
      erased: 0,
      unrecorded: 0,
      checkpoints: 5,
      findings: [],
      findingCount: 0,
    });
  });

  it('verifies with payloads erased, and counts them, and the workflows in which nobody recorded that', async () => {
    const place = copy();
    tamper(place, (database) => database.exec(`UPDATE events SET payload = NULL WHERE stream = ${IDS} AND seq < 4`));
    expect(await verify(place)).toMatchObject({ erased: 3, unrecorded: 1, findings: [] });
  });
});

describe('Verification finds and names', () => {
  const b = (kind: string, seq: number) => ({ tenant: 'acme', workflow: 'wf_b', kind, seq });
  const swap = (first: number, second: number) => `
    UPDATE events SET seq = -1 WHERE stream = ${IDS} AND seq = ${first};
    UPDATE events SET seq = ${first} WHERE stream = ${IDS} AND seq = ${second};
    UPDATE events SET seq = ${second} WHERE stream = ${IDS} AND seq = -1`;

  it.each<[string, string | ((database: DatabaseSync) => void), object]>([
    [
      'a changed payload',
      `UPDATE events SET payload = replace(payload, 'first', 'other') WHERE stream = ${IDS} AND seq = 5`,
      b('payload', 5),
    ],
    [
      'a changed type',
      `UPDATE events SET type = 'workflow.thawed' WHERE stream = ${IDS} AND seq = 5`,
      b('envelope', 5),
    ],
    ['a removed event', `DELETE FROM events WHERE stream = ${IDS} AND seq = 4`, b('missing', 4)],
    ['a removed first event', `DELETE FROM events WHERE stream = ${IDS} AND seq = 1`, b('missing', 1)],
    ['two swapped events', swap(4, 5), b('envelope', 4)],
    ['a cut end', `DELETE FROM events WHERE stream = ${IDS} AND seq > 7`, b('truncated', 8)],
    [
      'a cut end with a summary to match',
      `DELETE FROM events WHERE stream = ${IDS} AND seq > 7;
       UPDATE streams SET (version, hash) = (SELECT seq, hash FROM events WHERE stream = id ORDER BY seq DESC LIMIT 1) WHERE id = ${IDS}`,
      b('truncated', 8),
    ],
    ['a summary that is behind', `UPDATE streams SET version = 9 WHERE id = ${IDS}`, b('summary', 10)],
    [
      'a summary with another hash',
      `UPDATE streams SET hash = replace(hash, 'a', 'b') WHERE id = ${IDS}`,
      b('summary', 10),
    ],
    ['a whole chain rewritten with correct hashes', rewriteInAGeneration, b('rewritten', 2)],
    [
      'a removed workflow',
      `DELETE FROM events WHERE stream = ${IDS}; DELETE FROM streams WHERE id = ${IDS}`,
      b('removed', 1),
    ],
    ['a workflow that is no longer listed', `DELETE FROM streams WHERE id = ${IDS}`, { kind: 'file' }],
    [
      'two swapped workflows',
      `UPDATE streams SET workflow = 'x' WHERE tenant = 'acme' AND workflow = 'wf_a';
       UPDATE streams SET workflow = 'wf_a' WHERE id = ${IDS};
       UPDATE streams SET workflow = 'wf_b' WHERE workflow = 'x'`,
      b('link', 1),
    ],
    [
      'a workflow moved to another tenant',
      `UPDATE streams SET tenant = 'evil' WHERE id = ${IDS}`,
      { tenant: 'evil', workflow: 'wf_b', kind: 'link', seq: 1 },
    ],
    ['an event of a newer format', `UPDATE events SET v = 2 WHERE stream = ${IDS} AND seq = 6`, b('version', 6)],
    [
      'a number that is none',
      `UPDATE events SET at = 9223372036854775807 WHERE stream = ${IDS} AND seq = 6`,
      b('file', 6),
    ],
  ])('%s', async (_, change, finding) => {
    const place = copy();
    tamper(place, (database) => (typeof change === 'string' ? database.exec(change) : change(database)));
    expect((await verify(place)).findings).toContainEqual(expect.objectContaining(finding));
  });

  it('where a rewrite begins, as closely as the checkpoints tell', async () => {
    const place = copy();
    tamper(place, (database) => {
      const kept = Array.from({ length: 5 }, (_, i) => `1 ${Math.floor(i / 2)} ${i % 2 === 0 ? 'first' : 'second'}`);
      rewrite(database, 'wf_b', [...kept, ...Array.from({ length: 5 }, (_, i) => `invented ${i}`)]);
    });
    const { findings } = await verify(place);
    expect(findings).toEqual([{ ...b('rewritten', 6), detail: expect.stringContaining('after event 4') }]);
  });

  it('every break of a workflow, not only the first', async () => {
    const place = copy();
    tamper(place, (database) =>
      database.exec(
        `DELETE FROM events WHERE stream = ${IDS} AND seq = 3; UPDATE events SET type = 'x' WHERE stream = ${IDS} AND seq IN (4, 8)`,
      ),
    );
    const { findings } = await verify(place);
    expect(findings.map(({ kind, seq }) => [kind, seq])).toEqual([
      ['missing', 3],
      ['envelope', 4],
      ['envelope', 8],
    ]);
  });

  it('nothing of a whole rewrite where there are no checkpoints: that is what they are for', async () => {
    const place = { ...copy(), directory: folder.path('no-checkpoints') };
    tamper(place, (database) => {
      rewriteInAGeneration(database);
      database.exec('DELETE FROM last_checkpoint');
    });
    expect(await verify(place)).toMatchObject({ checkpoints: 0, findings: [] });
  });
});

/** A small generator with a seed (mulberry32), so that a failure can be repeated. */
function seeded(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

describe('A flipped byte', () => {
  const COLUMNS = ['seq', 'v', 'type', 'at', 'prev', 'payload_digest', 'hash', 'payload'] as const;

  /** Flips one bit of one value of one event, and answers where. */
  function flipValue(
    database: DatabaseSync,
    random: (below: number) => number,
  ): { workflow: string; seq: number; column: string } {
    const rows = database
      .prepare('SELECT events.rowid AS row, workflow, seq FROM events JOIN streams ON stream = id')
      .all() as { row: number; workflow: string; seq: number }[];
    const { row, workflow, seq } = rows[random(rows.length)] as (typeof rows)[number];
    const column = COLUMNS[random(COLUMNS.length)] ?? 'hash';
    const { value } = database.prepare(`SELECT ${column} AS value FROM events WHERE rowid = ?`).get(row) as {
      value: string | number;
    };
    let changed: string | number;
    if (typeof value === 'number') {
      changed = value + 2 ** (4 + random(40));
    } else {
      const bytes = Buffer.from(value);
      const at = random(bytes.length);
      bytes[at] = (bytes[at] ?? 0) ^ (1 << random(7));
      changed = bytes.toString();
    }
    database.prepare(`UPDATE events SET ${column} = ? WHERE rowid = ?`).run(changed, row);
    return { workflow, seq, column };
  }

  it('in any value of any event is found, and its place named (200 seeded flips)', async () => {
    const place = copy();
    const random = seeded(20_260_101);
    for (let i = 0; i < 200; i++) {
      cpSync(original.file, place.file);
      let where: ReturnType<typeof flipValue> | undefined;
      tamper(place, (database) => {
        where = flipValue(database, random);
      });
      const { findings } = await verify(place);
      expect(findings, `flip ${i}`).toContainEqual(
        expect.objectContaining({ workflow: where?.workflow, seq: where?.seq }),
      );
    }
  });

  /** All that the log says. */
  const content = async ({ file }: Place): Promise<string> => {
    const reader = openLogReader({ file });
    try {
      return (await linesOf(exportLog({ reader }))).join('\n');
    } finally {
      reader.close();
    }
  };

  const judge = async (place: Place): Promise<'found' | 'refused' | 'harmless'> => {
    try {
      return (await verify(place)).findingCount > 0 ? 'found' : 'harmless';
    } catch (error) {
      expect(error).toMatchObject({ code: expect.stringMatching(/^LOG_/) });
      return 'refused';
    }
  };

  it('anywhere in the file is found, unless the log still says exactly the same (200 seeded flips)', async () => {
    const place = copy();
    const bytes = readFileSync(original.file);
    const said = await content(original);
    const random = seeded(20_260_102);
    const seen = { found: 0, refused: 0, harmless: 0 };
    for (let i = 0; i < 200; i++) {
      const spoilt = Buffer.from(bytes);
      const at = random(spoilt.length);
      spoilt[at] = (spoilt[at] ?? 0) ^ (1 << random(8));
      writeFileSync(place.file, spoilt);
      const judged = await judge(place);
      seen[judged]++;
      if (judged === 'harmless') expect(await content(place), `flip ${i} at byte ${at}`).toBe(said);
    }
    // Most of so small a file is empty pages; a flip there changes nothing.
    expect(Math.min(seen.found, seen.refused, seen.harmless)).toBeGreaterThan(0);
    expect(seen.found).toBeGreaterThan(30);
  });
});

describe('A public key kept elsewhere', () => {
  it('verifies what its other half signed, and nothing else', async () => {
    const place = copy();
    const key = readFileSync(`${place.directory}/checkpoint-key.pub.pem`, 'utf8');
    expect((await verify(place, key)).findings).toEqual([]);
    const stranger: Place = {
      file: folder.path('stranger/log.sqlite'),
      directory: folder.path('stranger-checkpoints'),
    };
    await writeHistory(stranger);
    expect((await verify(stranger)).findings).toEqual([]);
    expect((await verify(stranger, key)).findings).toContainEqual(
      expect.objectContaining({ kind: 'checkpoint-changed' }),
    );
  });
});
