import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FeedEntry } from '../../../src/action/ledger-source.ts';
import { openLedgerReader } from '../../../src/ledger/postgres/open-ledger-reader.ts';
import { readCheckpoints } from '../../../src/ledger/read-checkpoints.ts';
import { InterlockError } from '../../../src/lib/errors.ts';
import { chainEvents } from '../../../src/workflow/chain.ts';
import { createSqliteLog } from '../../../src/workflow/sqlite-log/create-sqlite-log.ts';
import { linesOf } from '../../support/lines-of.ts';
import { ask, hasPostgres, type PostgresServer, startPostgres } from '../../support/postgres-server.ts';
import { Appender, chain, headOf, NOTHING_OPEN, T0 } from '../../workflow/chain-fixture.ts';
import { temporaryFolder } from '../../workflow/sqlite-log/temporary-folder.ts';
import { stream, tamper, writeHistory } from '../log-fixture.ts';
import { drainAll, drainOf, exportedFile, exportedLedger, verifyLedger, withLedger } from './ledger-fixture.ts';
import { losingProxy } from './losing-proxy.ts';

const folder = temporaryFolder();
let server: PostgresServer;
let made = 0;

interface Setting {
  readonly file: string;
  readonly url: string;
  readonly directory: string;
}

/** A log with some history, an empty database, and a folder for the ledger's own checkpoints. */
async function setting(): Promise<Setting> {
  const name = `ledger_${++made}`;
  const file = folder.path(`${name}/log.sqlite`);
  await writeHistory({ file, directory: folder.path(`${name}/log-checkpoints`) });
  return { file, url: await server.database(name), directory: folder.path(`${name}/checkpoints`) };
}

async function append(file: string, id: ReturnType<typeof stream>, texts: readonly string[]): Promise<void> {
  const log = await createSqliteLog({ file, synchronous: 'off' });
  await new Appender(log, id).append(texts);
  await log.close();
}

describe.skipIf(!hasPostgres)('The ledger in PostgreSQL', () => {
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server.stop());

  it('is exported byte for byte as the log that it was drained from, tenants with the same workflows apart', async () => {
    const place = await setting();
    tamper(place, (database) => database.exec('UPDATE events SET payload = NULL WHERE seq = 2 AND stream = 1'));
    expect(await drainAll(place)).toMatchObject({ events: 40, refusals: 0, lagMs: 0, alarms: [] });
    expect(await exportedLedger(place.url)).toEqual(await exportedFile(place.file));
    expect(await verifyLedger(place.url, place.directory)).toMatchObject({
      ...{ streams: 4, events: 40, erased: 1, checkpoints: 1 },
      findings: [],
    });
  });

  it('gets each event once, also where it is drained in turns and from the beginning again', async () => {
    const place = await setting();
    await drainAll(place);
    await append(place.file, stream('wf_b'), ['later', 'and later']);
    await append(place.file, stream('wf_new', 'initech'), ['first']);
    expect(await drainAll(place)).toMatchObject({ events: 3, refusals: 0 });
    await ask(place.url, `UPDATE interlock_tenants SET cursor = ''`);
    expect(await drainAll(place)).toMatchObject({ events: 0, refusals: 0 });
    expect(await exportedLedger(place.url)).toEqual(await exportedFile(place.file));
  });

  it('is drained by several at once, who create it together, without a gap or a second copy', async () => {
    const place = await setting();
    const drains = await Promise.all([1, 2, 3].map((n) => drainOf({ ...place, directory: `${place.directory}-${n}` })));
    for (const { drain } of drains) drain.start();
    for (let round = 0; round < 10; round++) await append(place.file, stream(`wf_${round}`), [`round ${round}`]);
    for (const { drain, close } of drains) {
      while (await drain.pass());
      await close();
    }
    expect(drains.map(({ drain }) => drain.status().events).reduce((a, b) => a + b)).toBe(50);
    expect(drains.flatMap(({ alarms }) => alarms)).toEqual([]);
    expect(await exportedLedger(place.url)).toEqual(await exportedFile(place.file));
    for (const n of [1, 2, 3]) {
      expect((await verifyLedger(place.url, `${place.directory}-${n}`)).findings).toEqual([]);
    }
  });

  it('loses what an erasure takes from the log, and nothing else', async () => {
    const place = await setting();
    await drainAll(place);
    const log = await createSqliteLog({ file: place.file, synchronous: 'off' });
    const head = headOf(await log.read(stream('wf_b')));
    const payload = { from: 2, to: 9, by: 'ada', reason: 'asked to' };
    const events = chainEvents({
      ...{ stream: stream('wf_b'), head, now: T0, salt: () => 'salt' },
      events: [{ type: 'payloads.erased', payload }],
    });
    await log.append(stream('wf_b'), 10, events, NOTHING_OPEN);
    await log.close();
    expect(await drainAll(place)).toMatchObject({ events: 1, refusals: 0 });
    expect(await verifyLedger(place.url, place.directory)).toMatchObject({ events: 41, erased: 8, findings: [] });
    expect(await exportedLedger(place.url)).toEqual(await exportedFile(place.file));
  });

  it('does not take events that its log may not have durable yet', async () => {
    const { url } = await setting();
    const events = chain(stream('wf'), undefined, ['one', 'two', 'three']);
    const [entries, acknowledged] = [[{ cursor: '1', workflow: 'wf', from: 1, to: 2 }], [] as string[]];
    const source = {
      tenants: async () => ['acme'],
      read: async (_: string, after = '0') => ({ entries: entries.filter(({ cursor }) => cursor > after) }),
      acknowledge: async (_: string, cursor: string) => void acknowledged.push(cursor),
    };
    const log = { read: async (_: object, after = 0) => events.slice(after) };
    expect(await drainAll({ file: (await setting()).file, url }, { source, log })).toMatchObject({ events: 2 });
    // The process before may have ended between its commit and this.
    expect(await drainAll({ file: (await setting()).file, url }, { source, log })).toMatchObject({ events: 0 });
    expect(acknowledged.length).toBeGreaterThan(1);
    expect(new Set(acknowledged)).toEqual(new Set(['1']));
  });

  const HEAD = headOf(chain(stream('wf_a'), undefined, ['one']));
  it.each<[string, { entry: Omit<FeedEntry, 'cursor'>; events: readonly ReturnType<typeof chain>[number][] }, number]>([
    ['another first event', { entry: grown(1, 1), events: chain(stream('wf_a'), undefined, ['other']) }, 1],
    ['a gap', { entry: grown(2, 3), events: chain(stream('wf_a'), HEAD, ['two', 'three']).slice(1) }, 2],
    ['an event whose payload was changed', { entry: grown(2, 2), events: spoilt('payload', '{}') }, 2],
    ['an event whose type was changed', { entry: grown(2, 2), events: spoilt('type', 'workflow.thawed') }, 2],
    [
      'an event of the past',
      { entry: grown(2, 2), events: chain(stream('wf_a'), { ...HEAD, at: 0 } as never, ['two'], 1) },
      2,
    ],
    [
      'events of another workflow',
      { entry: grown(2, 2), events: chain(stream('wf_b'), undefined, ['x', 'y']).slice(1) },
      2,
    ],
    ['less than its feed tells of', { entry: grown(2, 4), events: chain(stream('wf_a'), HEAD, ['two', 'three']) }, 4],
    ['no events at all', { entry: grown(2, 2), events: [] }, 2],
  ])('refuses %s, says so once, and goes on with the others', async (_, { entry, events }, seq) => {
    const { file, url } = await setting();
    const feed = [{ workflow: 'wf_a', from: 1, to: 1 }, entry, { workflow: 'wf_z', from: 1, to: 1 }, entry];
    const entries = feed.map((each, index) => ({ ...each, cursor: `${index + 1}` }));
    let batches = 0;
    const source = {
      tenants: async () => ['acme'],
      // One entry at a time, so that the first event is there when the others come.
      read: async (_tenant: string, after = '0') => ({ entries: entries.slice(Number(after), Number(after) + 1) }),
    };
    const whole = new Map([['wf_z', chain(stream('wf_z'), undefined, ['z'])]]);
    const log = {
      read: async ({ workflow }: { workflow: string }, after = 0) => {
        const first = chain(stream('wf_a'), undefined, ['one']);
        const all = whole.get(workflow) ?? (batches++ === 0 ? first : [...(entry.from === 1 ? [] : first), ...events]);
        return all.filter((event) => event.seq > after);
      },
    };
    const { alarms } = await drainAll({ file, url }, { source, log });
    expect(alarms).toMatchObject([{ code: 'LOG_BROKEN', data: { tenant: 'acme', workflow: 'wf_a', seq } }]);
    const { findings } = await verifyLedger(url);
    if (seq > 1) expect(findings).toMatchObject([{ kind: 'file', detail: expect.stringContaining('wf_a of acme') }]);
    expect(await withLedger(url, (reader) => linesOf(reader.events(stream('wf_z'))))).toHaveLength(1);
  });

  it('goes on with the others where its log has lost a workflow, and waits where its log does not answer', async () => {
    const { file, url } = await setting();
    const entries = ['wf_a', 'wf_z'].map((workflow) => ({ workflow, from: 1, to: 1, cursor: workflow }));
    const source = {
      tenants: async () => ['acme'],
      read: async (_: string, after = '') => ({ entries: entries.filter(({ cursor }) => cursor > after) }),
    };
    const logThat = (code: 'LOG_LOST' | 'LOG_UNAVAILABLE') => ({
      read: async (id: ReturnType<typeof stream>) => {
        if (id.workflow === 'wf_a') throw new InterlockError(code, 'it is gone');
        return chain(id, undefined, ['z']);
      },
    });
    const unavailable = drainAll({ file, url }, { source, log: logThat('LOG_UNAVAILABLE') });
    await expect(unavailable).rejects.toMatchObject({ code: 'LOG_UNAVAILABLE' });
    const { events, alarms } = await drainAll({ file, url }, { source, log: logThat('LOG_LOST') });
    expect(events).toBe(1);
    expect(alarms).toMatchObject([{ code: 'LOG_BROKEN', data: { workflow: 'wf_a', seq: 1 } }]);
  });

  it('has the other tenants where one cannot be drained, and says that it is behind', async () => {
    const { file, url } = await setting();
    const source = {
      tenants: async () => ['acme', 'globex'],
      read: async (tenant: string, after?: string) => {
        if (tenant === 'acme') throw new InterlockError('LOG_UNAVAILABLE', 'not this one');
        return { entries: after === undefined ? [{ workflow: 'wf', from: 1, to: 1, cursor: '1' }] : [] };
      },
    };
    const log = { read: async (id: ReturnType<typeof stream>) => chain(id, undefined, ['z']) };
    const { drain, close } = await drainOf({ file, url }, { source, log });
    await expect(drain.pass()).rejects.toMatchObject({ message: 'not this one' });
    expect(drain.status()).toMatchObject({ events: 1 });
    await close();
  });

  it('is signed also where the answer to a commit was lost, and has its events once', async () => {
    const place = await setting();
    // The first is that of the tables.
    const proxy = await losingProxy(place.url, 2);
    const { drain, close } = await drainOf({ ...place, url: proxy.url });
    await expect(drain.pass()).rejects.toMatchObject({ code: 'LOG_UNAVAILABLE' });
    while (await drain.pass());
    await close();
    proxy.close();
    expect(await exportedLedger(place.url)).toEqual(await exportedFile(place.file));
    const signed = (await linesOf(readCheckpoints(place.directory))).flatMap((read) =>
      'checkpoint' in read ? read.checkpoint.heads.map(({ tenant, workflow }) => `${tenant} ${workflow}`) : [],
    );
    expect(signed.sort()).toEqual(['acme wf_a', 'acme wf_b', 'acme wf_c', 'globex wf_a']);
  });

  it('is not written by a version that does not know its format, nor read', async () => {
    const place = await setting();
    await drainAll(place);
    await ask(place.url, 'UPDATE interlock_format SET version = 99');
    await expect(drainAll(place)).rejects.toMatchObject({ code: 'LOG_VERSION' });
    await expect(verifyLedger(place.url)).rejects.toMatchObject({ code: 'LOG_VERSION' });
  });

  it.each([
    ['no database', (url: string) => `${url}_none`, 'LOG_UNAVAILABLE'],
    ['an empty database', (url: string) => url, 'NOT_FOUND'],
    ['another protocol', (url: string) => url.replace('postgres:', 'https:'), 'CONFIG_INVALID'],
    ['no address', () => 'secret', 'CONFIG_INVALID'],
  ])('is not read where there is %s, and the address is not told', async (_, change, code) => {
    const opened = openLedgerReader({ url: change(await server.database(`none_${++made}`)) });
    await expect(opened).rejects.toMatchObject({ code, message: expect.not.stringContaining('secret') });
  });

  it('lists the workflows of one tenant, newest first', async () => {
    const place = await setting();
    await append(place.file, stream('wf_late'), ['late']);
    await drainAll(place);
    const reader = await openLedgerReader({ url: place.url });
    expect((await reader.newest('globex', 10)).map(({ workflow }) => workflow)).toEqual(['wf_a']);
    expect(await reader.newest('acme', 2)).toHaveLength(2);
    await reader.close();
  });
});

function grown(from: number, to: number): Omit<FeedEntry, 'cursor'> {
  return { workflow: 'wf_a', from, to };
}

function spoilt(member: 'payload' | 'type', value: string) {
  const head = headOf(chain(stream('wf_a'), undefined, ['one']));
  return chain(stream('wf_a'), head, ['two']).map((event) => ({ ...event, [member]: value }));
}
