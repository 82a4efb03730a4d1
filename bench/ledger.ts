import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Pool } from 'pg';
import type { StoredEvent } from '../src/action/event.ts';
import { createLedgerDrain } from '../src/ledger/postgres/ledger-drain.ts';
import { openLedgerReader } from '../src/ledger/postgres/open-ledger-reader.ts';
import { openPool } from '../src/ledger/postgres/open-pool.ts';
import { verifyLog } from '../src/ledger/verify-log.ts';
import { BOUNDS } from '../src/lib/bounds.ts';
import { systemClock } from '../src/lib/clock.ts';
import { chainEvents } from '../src/workflow/chain.ts';
import { createSqliteLog } from '../src/workflow/sqlite-log/create-sqlite-log.ts';
import { openLogFeed } from '../src/workflow/sqlite-log/open-log-feed.ts';
import { hasPostgres, type PostgresServer, startPostgres } from '../test/support/postgres-server.ts';
import type { BenchOptions } from './bench-options.ts';
import { type Row, ratioOf, summarise } from './row.ts';

/** Turns that each contender takes, one after the other, and how often a workflow's events come at once. */
const FULL = { turns: 3, events: 100_000 };
const QUICK = { turns: 1, events: 2_000 };
const WORKFLOWS = [10, 1_000, 10_000];
const QUICK_WORKFLOWS = [10];
/** With envelope and salt, a row is about 900 bytes. */
const TEXT = 'x'.repeat(450);
const T0 = 1_767_225_600_000;
const TENANT = 'bench';

interface Case {
  readonly workflows: number;
  readonly turns: number;
  readonly events: number;
}

/** Events drained from the embedded file into PostgreSQL and verified there, beside a bare insert of the same rows. */
export async function* benchLedger({
  directory = tmpdir(),
  quick = false,
  onNote,
}: BenchOptions = {}): AsyncGenerator<Row> {
  if (!hasPostgres) {
    onNote?.('There is no PostgreSQL here; POSTGRES_PATH names the folder of one.');
    return;
  }
  const folder = mkdtempSync(join(directory, 'interlock-bench-'));
  // As it comes: what is committed is on the disk.
  const server = await startPostgres({ settings: ['fsync=on'], directory });
  try {
    for (const workflows of quick ? QUICK_WORKFLOWS : WORKFLOWS)
      yield* measure({ server, folder }, { workflows, ...(quick ? QUICK : FULL) });
  } finally {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function* measure(
  { server, folder }: { readonly server: PostgresServer; readonly folder: string },
  { workflows, turns, events }: Case,
): AsyncGenerator<Row> {
  const file = join(folder, `${workflows}`, 'log.sqlite');
  const written = await write(file, { workflows, events });
  const [drained, bare, verified]: [number[], number[], number[]] = [[], [], []];
  for (let turn = 0; turn <= turns; turn++) {
    const url = await server.database(`ledger_${workflows}_${turn}`);
    const ours = await perSecond(events, () => drain(file, url, events));
    const floor = await perSecond(events, () => insert(url, written));
    const audit = await perSecond(events, () => verify(url, events));
    // The first turn warms all up and does not count.
    if (turn === 0) continue;
    drained.push(ours);
    bare.push(floor);
    verified.push(audit);
  }
  const name = `${events.toLocaleString('en')} events of ${workflows.toLocaleString('en')} workflows`;
  const [ours, floor] = [summarise('per second', drained), summarise('per second', bare)];
  const peer = `${name}, bare insert`;
  yield { bench: 'ledger', case: `${name}, drained`, ...ours, peer, ratio: ratioOf(ours, floor) };
  yield { bench: 'ledger', case: peer, ...floor };
  yield { bench: 'ledger', case: `${name}, verified`, ...summarise('per second', verified) };
}

/** The log as many workflows leave it that go on side by side. Answers its events in that order. */
async function write(file: string, { workflows, events }: Pick<Case, 'workflows' | 'events'>): Promise<StoredEvent[]> {
  mkdirSync(join(file, '..'), { recursive: true });
  const log = await createSqliteLog({ file, synchronous: 'off' });
  const event = { type: 'message.sent', payload: { from: 'ses_a', to: 'ses_b', kind: 'message', text: TEXT } } as const;
  const chains = Array.from({ length: workflows }, (_, index) => {
    const stream = { tenant: TENANT, workflow: `wf_${index}` };
    const many = Array.from({ length: events / workflows }, () => event);
    return {
      stream,
      chain: chainEvents({ stream, head: undefined, events: many, now: T0, salt: () => 'c2FsdHNhbHRz' }),
    };
  });
  const written: StoredEvent[] = [];
  for (let at = 0; at < events / workflows; at += 2) {
    const appended = chains.map(async ({ stream, chain }) => {
      const next = chain.slice(at, at + 2);
      written.push(...next);
      const result = await log.append(stream, at, next, { open: 0, held: 0 });
      if (result.status === 'appended') await result.durable;
    });
    await Promise.all(appended);
  }
  await log.close();
  return written;
}

async function perSecond(events: number, run: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await run();
  return (events * 1_000) / (performance.now() - start);
}

async function drain(file: string, url: string, expected: number): Promise<void> {
  const feed = openLogFeed({ file });
  const refuse = (alarm: Error): never => {
    throw alarm;
  };
  const parts = { source: feed, log: feed.log, clock: systemClock, everyMs: 1, onRefused: refuse };
  const ledger = await createLedgerDrain({ postgres: { url }, ...parts });
  while (await ledger.pass());
  if (ledger.status().events !== expected) throw new Error('Not all events were drained.');
  await ledger.close();
  feed.close();
}

/** The same rows and the same keys in transactions of the same size, and nothing looked at. */
async function insert(url: string, events: readonly StoredEvent[]): Promise<void> {
  const pool = await openPool({ url, connections: 1 });
  await pool.query(`CREATE TABLE bare (n bigint, seq bigint, v integer, type text, at bigint, prev text,
    payload_digest text, hash text, payload text, PRIMARY KEY (n, seq))`);
  for (let done = 0; done < events.length; done += BOUNDS.ledgerEntries)
    await insertBatch(pool, events.slice(done, done + BOUNDS.ledgerEntries), done);
  await pool.end();
}

const COLUMNS = ['seq', 'v', 'type', 'at', 'prev', 'payloadDigest', 'hash', 'payload'] as const;

async function insertBatch(pool: Pool, batch: readonly StoredEvent[], first: number): Promise<void> {
  await pool.query(
    `INSERT INTO bare SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::integer[], $4::text[], $5::bigint[],
     $6::text[], $7::text[], $8::text[], $9::text[])`,
    [batch.map((_, index) => first + index), ...COLUMNS.map((column) => batch.map((event) => event[column]))],
  );
}

async function verify(url: string, expected: number): Promise<void> {
  const reader = await openLedgerReader({ url });
  const { events, findingCount } = await verifyLog({ reader });
  await reader.close();
  if (events !== expected || findingCount > 0) throw new Error('The ledger does not verify.');
}
