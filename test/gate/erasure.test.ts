import { readdirSync, readFileSync } from 'node:fs';
import { join as pathOf } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, test } from 'vitest';
import { exportLog } from '../../src/ledger/export-log.ts';
import { verifyExport } from '../../src/ledger/verify-export.ts';
import { verifyLog } from '../../src/ledger/verify-log.ts';
import { BOUNDS } from '../../src/lib/bounds.ts';
import { openLogReader } from '../../src/workflow/sqlite-log/open-log-reader.ts';
import { linesOf } from '../support/lines-of.ts';
import { newDirectory, operator, testGateway } from '../support/test-gateway.ts';
import { ADMIN, HELD, join, WRITE, world } from './session-world.ts';

const REASON = { reason: 'the user asked for it' };
/** Stands in nothing but what is to be erased. */
const SECRET = 'Zanzibar-4711';

/** Everything in the log's folder, as bytes. */
function bytesIn(directory: string): string {
  const folder = pathOf(directory, 'data');
  const files = readdirSync(folder).filter((name) => name.startsWith('log.sqlite'));
  return files.map((name) => readFileSync(pathOf(folder, name), 'latin1')).join('\n');
}

async function findingsIn(directory: string) {
  const reader = openLogReader({ file: pathOf(directory, 'data', 'log.sqlite') });
  try {
    const verdict = await verifyLog({ reader, checkpointDirectory: pathOf(directory, 'data', 'checkpoints') });
    const lines = await linesOf(exportLog({ reader }));
    return { ...verdict, lines, ofExport: (await verifyExport({ lines })).findings };
  } finally {
    reader.close();
  }
}

describe('an erased workflow', () => {
  test('is closed with a code of its own to everybody, and shows who erased it and why', async () => {
    const gateway = await world();
    const { interlock, system } = gateway;
    const { workflow, run, caller, session } = await gateway.agent({ mandate: SECRET });
    const { id } = await run(WRITE);
    const effects = system.effects.length;
    const { version, from, to } = await interlock.erase(ADMIN, workflow, REASON);
    expect([from, to, version]).toEqual([1, version - 1, version]);
    const erased = { code: 'WORKFLOW_ERASED' };
    await expect(run(WRITE)).rejects.toMatchObject(erased);
    await expect(interlock.decide(caller, WRITE)).rejects.toMatchObject(erased);
    await expect(interlock.action(caller, id)).rejects.toMatchObject(erased);
    await expect(interlock.explain(ADMIN, id, workflow)).rejects.toMatchObject(erased);
    await expect(join(gateway, workflow)).rejects.toMatchObject(erased);
    await expect(interlock.message(caller, workflow, { to: session, kind: 'message' })).rejects.toMatchObject(erased);
    await expect(interlock.freeze(ADMIN, workflow, false, 'fine')).rejects.toMatchObject(erased);
    await expect(gateway.agent({ continues: workflow })).rejects.toMatchObject(erased);
    expect(system.effects).toHaveLength(effects);
    const shown = await interlock.workflow(ADMIN, workflow);
    expect(shown).toMatchObject({
      frozen: true,
      erased: { from, to, by: ADMIN.id, ...REASON },
      actions: [],
      sessions: [],
    });
    expect(JSON.stringify(shown)).not.toContain(SECRET);
    expect(await interlock.erase(ADMIN, workflow, REASON)).toEqual({ version, from, to });
  });

  test('is gone from the bytes of the log, its write-ahead log and its snapshot, and the chain still verifies', async () => {
    const gateway = await testGateway();
    const { workflow, run, caller, session } = await gateway.agent({ mandate: `Ask ${SECRET} about it.` });
    const other = await gateway.agent({ mandate: 'something else' });
    for (let at = 0; at < BOUNDS.snapshotEvents; at++)
      await gateway.interlock.message(caller, workflow, { to: session, kind: 'message', text: `${SECRET} ${at}` });
    await run({ ...WRITE, id: 'act_secret' });
    await gateway.interlock.close();
    expect(bytesIn(gateway.directory)).toContain(SECRET);
    const snapshots = snapshotsIn(gateway.directory);
    expect(snapshots.map((each) => each.workflow)).toEqual([workflow]);
    // It is compressed: what it says cannot be found, but itself.
    const middle = snapshots[0]?.bytes.toString('latin1').slice(200, 260) ?? '';
    expect(bytesIn(gateway.directory)).toContain(middle);

    const again = await testGateway({ directory: gateway.directory });
    await again.interlock.erase(ADMIN, workflow, REASON);
    await expect.poll(() => bytesIn(gateway.directory)).not.toContain(SECRET);
    expect(bytesIn(gateway.directory)).not.toContain('act_secret');
    expect(bytesIn(gateway.directory)).not.toContain(middle);
    expect(snapshotsIn(gateway.directory)).toEqual([]);
    expect(bytesIn(gateway.directory)).toContain('something else');
    await again.interlock.close();
    const { findings, erased, unrecorded, lines, ofExport } = await findingsIn(gateway.directory);
    expect([findings, unrecorded, ofExport]).toEqual([[], 0, []]);
    expect(erased).toBeGreaterThan(BOUNDS.snapshotEvents);
    expect(lines.filter((line) => line.includes('"payload":null'))).toHaveLength(erased);
    expect(lines.join()).toContain(REASON.reason);

    const last = await testGateway({ directory: gateway.directory });
    expect(await last.interlock.workflow(ADMIN, workflow)).toMatchObject({ erased: REASON });
    await expect(join(last, workflow)).rejects.toMatchObject({ code: 'WORKFLOW_ERASED' });
    expect(await last.interlock.workflow(ADMIN, other.workflow)).toMatchObject({ mandate: 'something else' });
  });

  test('is refused while an action is held, and nothing is taken away then', async () => {
    const gateway = await world();
    const { workflow, run, caller } = await gateway.agent();
    await run(HELD);
    await expect(gateway.interlock.erase(ADMIN, workflow, REASON)).rejects.toMatchObject({ code: 'WORKFLOW_OPEN' });
    expect(await gateway.interlock.action(caller, HELD.id)).toMatchObject({ state: 'held' });
    expect(await run(WRITE)).toMatchObject({ decision: 'allow' });
  });

  test('takes the right to administer, a reason, and the tenant that it belongs to', async () => {
    const { interlock, agent } = await world();
    const { workflow, caller } = await agent();
    for (const who of [operator('someone', ['open', 'act', 'approve']), caller])
      await expect(interlock.erase(who, workflow, REASON)).rejects.toMatchObject({ code: 'FORBIDDEN' });
    await expect(interlock.erase(ADMIN, workflow, { reason: ' ' })).rejects.toMatchObject({ code: 'INVALID_CALL' });
    const stranger = { ...ADMIN, tenant: 'globex' };
    await expect(interlock.erase(stranger, workflow, REASON)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(await interlock.workflow(ADMIN, workflow)).not.toHaveProperty('erased');
  });

  test('keeps what is younger than asked for, and is closed all the same', async () => {
    const gateway = await testGateway();
    const { workflow, run } = await gateway.agent({ mandate: SECRET });
    const { lastEventAt } = await gateway.interlock.workflow(ADMIN, workflow);
    await expect.poll(() => Date.now()).toBeGreaterThan(lastEventAt);
    await run({ ...WRITE, id: 'act_young' });
    const { to } = await gateway.interlock.erase(ADMIN, workflow, { ...REASON, before: lastEventAt + 1 });
    expect(to).toBe(2);
    await expect.poll(() => bytesIn(gateway.directory)).not.toContain(SECRET);
    expect(bytesIn(gateway.directory)).toContain('act_young');
    await expect(run(WRITE)).rejects.toMatchObject({ code: 'WORKFLOW_ERASED' });
    await gateway.interlock.erase(ADMIN, workflow, REASON);
    await expect.poll(() => bytesIn(gateway.directory)).not.toContain('act_young');
    await expect(
      gateway.interlock.erase(ADMIN, (await gateway.agent()).workflow, { ...REASON, before: 1 }),
    ).rejects.toMatchObject({ code: 'INVALID_CALL' });
  });

  test('takes nothing from others: a payload that no erasure covers is still missed', async () => {
    const directory = newDirectory();
    const gateway = await testGateway({ directory });
    const { workflow } = await gateway.agent();
    await gateway.interlock.close();
    tamper(directory, workflow, 'UPDATE events SET payload = NULL WHERE stream = ? AND seq = 2');
    expect(await findingsIn(directory)).toMatchObject({ findings: [], erased: 1, unrecorded: 1 });
    const again = await testGateway({ directory });
    await expect(again.interlock.workflow(ADMIN, workflow)).rejects.toMatchObject({ code: 'LOG_BROKEN' });
  });

  test('cannot hide its own erasure: without the record of it, the workflow does not open', async () => {
    const directory = newDirectory();
    const gateway = await testGateway({ directory });
    const { workflow } = await gateway.agent();
    await gateway.interlock.erase(ADMIN, workflow, REASON);
    await gateway.interlock.close();
    tamper(directory, workflow, "UPDATE events SET payload = NULL WHERE stream = ? AND type = 'payloads.erased'");
    const again = await testGateway({ directory });
    await expect(again.interlock.workflow(ADMIN, workflow)).rejects.toMatchObject({ code: 'LOG_BROKEN' });
  });

  test.each([
    ['an event is gone', 'DELETE FROM events WHERE stream = ? AND seq = 2'],
    ['a hash is another', 'UPDATE events SET hash = prev WHERE stream = ? AND seq = 2'],
    ['a digest is another', 'UPDATE events SET payload_digest = hash WHERE stream = ? AND seq = 2'],
    [
      'the record says something else',
      "UPDATE events SET payload = replace(payload, 'user', 'boss') WHERE stream = ? AND seq = 3",
    ],
  ])('still verifies only as long as it is what it was: %s', async (_, sql) => {
    const directory = newDirectory();
    const gateway = await testGateway({ directory });
    const { workflow } = await gateway.agent();
    await gateway.interlock.erase(ADMIN, workflow, REASON);
    await gateway.interlock.close();
    expect((await findingsIn(directory)).findings).toEqual([]);
    tamper(directory, workflow, sql);
    expect((await findingsIn(directory)).findings).not.toEqual([]);
  });
});

function snapshotsIn(directory: string): readonly { readonly workflow: unknown; readonly bytes: Buffer }[] {
  const database = new DatabaseSync(pathOf(directory, 'data', 'log.sqlite.snapshots'), { readOnly: true });
  const rows = database.prepare('SELECT workflow, bytes FROM snapshots').all();
  database.close();
  return rows.map(({ workflow, bytes }) => ({ workflow, bytes: Buffer.from(bytes as Uint8Array) })); // a BLOB
}

function tamper(directory: string, workflow: string, sql: string): void {
  const database = new DatabaseSync(pathOf(directory, 'data', 'log.sqlite'));
  const row = database.prepare('SELECT id FROM streams WHERE workflow = ?').get(workflow);
  expect(database.prepare(sql).run(Number(row?.['id'])).changes).toBe(1);
  database.close();
}
