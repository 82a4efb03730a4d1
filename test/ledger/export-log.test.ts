import { beforeAll, describe, expect, it } from 'vitest';
import { exportLog } from '../../src/ledger/export-log.ts';
import { verifyExport } from '../../src/ledger/verify-export.ts';
import { openLogReader } from '../../src/workflow/sqlite-log/open-log-reader.ts';
import { linesOf } from '../support/lines-of.ts';
import { temporaryFolder } from '../workflow/sqlite-log/temporary-folder.ts';
import { type Place, stream, tamper, writeHistory } from './log-fixture.ts';

const folder = temporaryFolder();
const place: Place = { file: folder.path('log.sqlite'), directory: folder.path('checkpoints') };

async function exported(id?: ReturnType<typeof stream>): Promise<string[]> {
  const reader = openLogReader({ file: place.file });
  try {
    return await linesOf(exportLog({ reader, stream: id }));
  } finally {
    reader.close();
  }
}

const judge = (lines: readonly string[]) => verifyExport({ lines, checkpointDirectory: place.directory });

beforeAll(async () => {
  await writeHistory(place);
  tamper(place, (database) => database.exec('UPDATE events SET payload = NULL WHERE seq = 2 AND stream = 1'));
});

describe('An export', () => {
  it('verifies without the log it came from, erased payloads included', async () => {
    expect(await judge(await exported())).toEqual({
      streams: 4,
      events: 40,
      erased: 1,
      unrecorded: 1,
      checkpoints: 5,
      findings: [],
      findingCount: 0,
    });
    expect(await verifyExport({ lines: await exported() })).toMatchObject({ checkpoints: 0, findings: [] });
  });

  it('can be of one workflow, and then nothing else is missed', async () => {
    const lines = await exported(stream('wf_b'));
    expect(lines).toHaveLength(14);
    expect(await judge(lines)).toMatchObject({ streams: 1, events: 10, findings: [] });
  });

  it('of an unknown workflow is refused', async () => {
    await expect(exported(stream('wf_z'))).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  // Lines: 0 head, 1 wf_a, 2–11 its events, 12 its end, 13 wf_b, 14–23, 24, 25 wf_c, …
  it.each<[string, (lines: string[]) => readonly string[], object]>([
    [
      'a changed event',
      (lines) => lines.with(16, lines[16]?.replace('first', 'other') ?? ''),
      { kind: 'payload', workflow: 'wf_b', seq: 3 },
    ],
    ['a removed event', (lines) => lines.toSpliced(16, 1), { kind: 'missing', workflow: 'wf_b', seq: 3 }],
    ['a removed last event', (lines) => lines.toSpliced(23, 1), { kind: 'truncated', workflow: 'wf_b', seq: 10 }],
    ['a removed workflow', (lines) => lines.toSpliced(13, 12), { kind: 'removed', workflow: 'wf_b', seq: 1 }],
    [
      'a workflow twice',
      (lines) => [...lines.slice(0, 25), ...lines.slice(13, 25), ...lines.slice(25)],
      { kind: 'export' },
    ],
    [
      'a workflow’s name changed',
      (lines) => lines.with(13, lines[13]?.replace('wf_b', 'wf_d') ?? ''),
      { kind: 'link', workflow: 'wf_d', seq: 1 },
    ],
    ['a missing end', (lines) => lines.slice(0, 30), { kind: 'export', detail: 'the export breaks off' }],
    ['a missing end line', (lines) => lines.toSpliced(24, 1), { kind: 'export' }],
    ['a line that is none', (lines) => lines.toSpliced(24, 0, 'nothing'), { kind: 'export' }],
    ['a missing head line', (lines) => lines.slice(1), { kind: 'export' }],
    ['something behind its total', (lines) => [...lines, lines[2] ?? ''], { kind: 'export' }],
    ['a wrong total', (lines) => lines.with(-1, '{"total":{"workflows":4,"events":41}}'), { kind: 'export' }],
  ])('with %s does not verify', async (_, change, finding) => {
    expect((await judge(change(await exported()))).findings).toContainEqual(expect.objectContaining(finding));
  });

  it('with another scope is missed to be whole', async () => {
    const all = (await exported(stream('wf_b'))).with(0, '{"export":{"v":1,"scope":"all"}}');
    expect((await judge(all)).findings).toContainEqual(expect.objectContaining({ kind: 'removed', workflow: 'wf_a' }));
  });
});
