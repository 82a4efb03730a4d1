import { copyFileSync, cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FindingKind } from '../../../src/ledger/finding.ts';
import { openLedgerReader } from '../../../src/ledger/postgres/open-ledger-reader.ts';
import { checkpointFile } from '../../../src/ledger/read-checkpoints.ts';
import { ask, hasPostgres, type PostgresServer, startPostgres } from '../../support/postgres-server.ts';
import { chain } from '../../workflow/chain-fixture.ts';
import { temporaryFolder } from '../../workflow/sqlite-log/temporary-folder.ts';
import { stream, writeHistory } from '../log-fixture.ts';
import { drainAll, drainOf, verifyLedger } from './ledger-fixture.ts';

const folder = temporaryFolder();
const [file, directory] = [folder.path('log.sqlite'), folder.path('checkpoints')];
let server: PostgresServer;
let made = 0;

/** A copy of the drained ledger, with a copy of its checkpoints. */
async function copy(): Promise<{ readonly url: string; readonly directory: string }> {
  const name = `copy_${++made}`;
  const url = await server.database(name, 'drained');
  cpSync(directory, folder.path(name), { recursive: true });
  return { url, directory: folder.path(name) };
}

/** Four workflows of ten events: acme's wf_a, wf_b and wf_c, and globex's wf_a; this is acme's wf_b. */
const B = `(SELECT id FROM interlock_streams WHERE tenant = 'acme' AND workflow = 'wf_b')`;
const C = `(SELECT id FROM interlock_streams WHERE tenant = 'acme' AND workflow = 'wf_c')`;

/** A workflow of the same length with another history, chained as it should be. */
function rewritten(): string {
  const events = chain(
    stream('wf_b'),
    undefined,
    Array.from({ length: 10 }, (_, i) => `another ${i}`),
  );
  const updates = events.map(
    ({ seq, prev, payloadDigest, hash, payload }) =>
      `UPDATE interlock_events SET prev = '${prev}', payload_digest = '${payloadDigest}', hash = '${hash}',
       payload = ${pg.escapeLiteral(payload ?? '')} WHERE stream = ${B} AND seq = ${seq}`,
  );
  return [...updates, `UPDATE interlock_streams SET hash = '${events.at(-1)?.hash}' WHERE id = ${B}`].join(';');
}

describe.skipIf(!hasPostgres)('A ledger in PostgreSQL that somebody with its password has changed', () => {
  beforeAll(async () => {
    server = await startPostgres();
    await writeHistory({ file, directory: folder.path('log-checkpoints') });
    await drainAll({ file, url: await server.database('drained'), directory });
  });
  afterAll(() => server.stop());

  it('verifies before', async () => {
    const place = await copy();
    expect(await verifyLedger(place.url, place.directory)).toMatchObject({ streams: 4, events: 40, findings: [] });
  });

  it('verifies for somebody who may only read it', async () => {
    const place = await copy();
    const auditor = place.url.replace('interlock@', 'auditor@');
    await ask(server.ownerUrl, 'CREATE ROLE auditor LOGIN');
    await expect(verifyLedger(auditor, place.directory)).rejects.toMatchObject({ code: 'LOG_UNAVAILABLE' });
    await ask(place.url, 'GRANT SELECT ON ALL TABLES IN SCHEMA public TO auditor');
    expect(await verifyLedger(auditor, place.directory)).toMatchObject({ events: 40, findings: [] });
    await expect(drainAll({ file, url: auditor })).rejects.toMatchObject({ code: 'LOG_UNAVAILABLE' });
  });

  it.each<[string, string | (() => string), FindingKind, object]>([
    ['a payload', `UPDATE interlock_events SET payload = '{}' WHERE stream = ${B} AND seq = 3`, 'payload', { seq: 3 }],
    ['a type', `UPDATE interlock_events SET type = 'x' WHERE stream = ${B} AND seq = 3`, 'envelope', { seq: 3 }],
    ['a time', `UPDATE interlock_events SET at = 5 WHERE stream = ${B} AND seq = 3`, 'envelope', { seq: 3 }],
    ['a hash', `UPDATE interlock_events SET hash = prev WHERE stream = ${B} AND seq = 3`, 'envelope', { seq: 3 }],
    ['an event away', `DELETE FROM interlock_events WHERE stream = ${B} AND seq = 3`, 'missing', { seq: 3 }],
    ['the last event away', `DELETE FROM interlock_events WHERE stream = ${B} AND seq = 10`, 'truncated', { seq: 10 }],
    [
      'the end away, and the head back',
      `DELETE FROM interlock_events WHERE stream = ${B} AND seq > 5; UPDATE interlock_streams SET version = 5,
       hash = (SELECT hash FROM interlock_events WHERE stream = ${B} AND seq = 5) WHERE id = ${B}`,
      'truncated',
      { seq: 6 },
    ],
    [
      'two events about',
      `UPDATE interlock_events SET seq = 100 WHERE stream = ${B} AND seq = 3;
       UPDATE interlock_events SET seq = 3 WHERE stream = ${B} AND seq = 4;
       UPDATE interlock_events SET seq = 4 WHERE stream = ${B} AND seq = 100`,
      'envelope',
      { seq: 3 },
    ],
    [
      'two workflows about',
      `UPDATE interlock_events SET stream = -1 WHERE stream = ${B};
       UPDATE interlock_events SET stream = ${B} WHERE stream = ${C};
       UPDATE interlock_events SET stream = ${C} WHERE stream = -1`,
      'link',
      { seq: 1 },
    ],
    [
      'a workflow away',
      `DELETE FROM interlock_events WHERE stream = ${B}; DELETE FROM interlock_streams WHERE id = ${B}`,
      'removed',
      { workflow: 'wf_b' },
    ],
    ['the name of a workflow away', `DELETE FROM interlock_streams WHERE id = ${B}`, 'removed', { workflow: 'wf_b' }],
    ['its events away', `DELETE FROM interlock_events WHERE stream = ${B}`, 'truncated', { seq: 1 }],
    [
      'a workflow to another tenant',
      `UPDATE interlock_streams SET tenant = 'globex' WHERE id = ${B}`,
      'link',
      { tenant: 'globex', seq: 1 },
    ],
    ['a whole history', rewritten, 'rewritten', { seq: 10 }],
    ['a head', `UPDATE interlock_streams SET version = 11 WHERE id = ${B}`, 'truncated', { seq: 11 }],
    ['everything away', 'TRUNCATE interlock_events, interlock_streams', 'removed', { workflow: 'wf_c' }],
  ])('is found out: %s', async (_, change, kind, place) => {
    const { url, directory: checkpoints } = await copy();
    await ask(url, typeof change === 'string' ? change : change());
    const { findings } = await verifyLedger(url, checkpoints);
    expect(findings).toContainEqual(expect.objectContaining({ kind, ...place }));
  });

  it('is found out by those who start to drain into it, too, where its end is gone', async () => {
    const place = await copy();
    await ask(place.url, `DELETE FROM interlock_events WHERE stream = ${B} AND seq = 10`);
    await expect(drainAll({ file, ...place })).rejects.toMatchObject({ code: 'LOG_BROKEN' });
  });

  it('grows no further where its head was changed, and alarms', async () => {
    const { url } = await copy();
    await ask(
      url,
      `UPDATE interlock_streams SET version = 5 WHERE id = ${B}; UPDATE interlock_tenants SET cursor = ''`,
    );
    const { alarms } = await drainAll({ file, url });
    expect(alarms).toMatchObject([{ code: 'LOG_BROKEN', data: { workflow: 'wf_b' } }]);
  });

  it.each([
    ['one in the middle', `DELETE FROM interlock_events WHERE stream = ${B} AND seq = 3`],
    ['the last one', `DELETE FROM interlock_events WHERE stream = ${B} AND seq = 10`],
    ['the head', `UPDATE interlock_streams SET hash = 'sha256:0' WHERE id = ${B}`],
  ])('has no whole head where its events are not all there: %s', async (_, change) => {
    const { url } = await copy();
    const reader = await openLedgerReader({ url });
    expect(await reader.wholeHead(stream('wf_b'))).toMatchObject({ version: 10 });
    await ask(url, change);
    expect(await reader.wholeHead(stream('wf_b'))).toBeUndefined();
    expect(await reader.wholeHead(stream('wf_z'))).toBeUndefined();
    await reader.close();
  });

  it('is found out where its checkpoints were cut, or are signed by another key', async () => {
    const place = await copy();
    const before = readFileSync(checkpointFile(place.directory), 'utf8');
    const { drain, close } = await drainOf({ file, ...place });
    while (await drain.pass());
    await close();
    writeFileSync(checkpointFile(place.directory), '');
    expect((await verifyLedger(place.url, place.directory)).findings).toMatchObject([{ kind: 'checkpoint-cut' }]);
    writeFileSync(checkpointFile(place.directory), before);
    const other = await copy();
    await drainAll({ file, url: other.url, directory: folder.path('other-key') });
    copyFileSync(folder.path('other-key/checkpoint-key.pub.pem'), join(place.directory, 'checkpoint-key.pub.pem'));
    expect((await verifyLedger(place.url, place.directory)).findings).toContainEqual(
      expect.objectContaining({ kind: 'checkpoint-changed' }),
    );
  });
});
