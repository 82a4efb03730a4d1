import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BenchOptions } from './bench-options.ts';
import { CERBOS_PACKAGE, hasCerbos } from './cerbos-server.ts';
import { bareCommits } from './gate/bare-commits.ts';
import { cerbosPeer } from './gate/cerbos-peer.ts';
import { conventionalStack } from './gate/conventional-stack.ts';
import { inProcess } from './gate/in-process.ts';
import { FULL_LEVELS, type Levels, QUICK_LEVELS } from './gate/levels.ts';
import { startLocalGateways } from './gate/local-gateways.ts';
import { overHttp } from './gate/over-http.ts';
import { recordedRows } from './gate/recorded-rows.ts';
import { stages } from './gate/stages.ts';
import { targetRows } from './gate/targets.ts';
import { absentPeer } from './peers.ts';
import { type Row, ratioOf, summarise } from './row.ts';
import { type Contender, type Measured, type Rounds, type Running, takeTurns } from './take-turns.ts';

/** A whole run stays under three minutes; on a slower machine it has fewer rounds. */
const FULL_ROUNDS: Rounds = { rounds: 12, warmUpRounds: 1, budgetMs: 120_000 };
const QUICK_ROUNDS: Rounds = { rounds: 1, warmUpRounds: 0, budgetMs: 0 };
const EVENTS_OF_STAGES = 500;

/**
 * One whole decision of the reference action, in process and over HTTP, durable and not, and its stages, beside the
 * floors: bare echo, bare group commit, and the conventional stack. All take turns in one run.
 */
export async function* benchGate({
  directory = tmpdir(),
  quick = false,
  onProgress,
  onNote,
}: BenchOptions): AsyncGenerator<Row> {
  const folder = mkdtempSync(join(directory, 'interlock-bench-'));
  const running: Running[] = [];
  try {
    onProgress?.('starting the gateways');
    for await (const part of start(folder, quick ? QUICK_LEVELS : FULL_LEVELS)) running.push(part);
    if (!hasCerbos()) onNote?.(absentPeer(CERBOS_PACKAGE));
    const contenders = running.flatMap((part) => part.contenders);
    const measured = await takeTurns(contenders, {
      ...(quick ? QUICK_ROUNDS : FULL_ROUNDS),
      onRound: (round) => onProgress?.(round < 1 ? 'warming up' : `round ${round}`),
    });
    const rows = contenders.flatMap((contender) => [...rowsOf(contender, measured)]);
    yield* rows;
    yield* targetRows(rows);
  } finally {
    for (const part of running) await part.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function* start(folder: string, levels: Levels): AsyncGenerator<Running> {
  const gateways = await startLocalGateways(folder);
  yield inProcess(gateways, levels);
  const rows = await recordedRows(gateways);
  yield await overHttp(folder, levels, rows);
  yield await stages(gateways, {
    directory: folder,
    logs: ['memory', 'off', 'full'],
    events: EVENTS_OF_STAGES,
    each: levels.alone.each,
  });
  yield await bareCommits(folder, levels, rows);
  yield conventionalStack(folder, levels.alone);
  if (hasCerbos()) yield await cerbosPeer(folder, levels);
}

function* rowsOf({ name, atOnce, peer }: Contender, all: ReadonlyMap<string, Measured>): Generator<Row> {
  yield rowOf('µs', { name, peer }, all);
  if (atOnce > 1) yield rowOf('per second', { name, peer }, all);
}

function rowOf(
  unit: 'µs' | 'per second',
  { name, peer }: Pick<Contender, 'name' | 'peer'>,
  all: ReadonlyMap<string, Measured>,
): Row {
  const summaryOf = (contender: string): ReturnType<typeof summarise> => {
    const measured = all.get(contender);
    if (measured === undefined) throw new Error(`There is no contender "${contender}".`);
    return summarise(unit, unit === 'µs' ? measured.latenciesUs : measured.perSecond);
  };
  const own = summaryOf(name);
  const suffix = unit === 'µs' ? '' : ', throughput';
  return {
    bench: 'gate',
    case: name + suffix,
    ...own,
    ...(peer === undefined ? {} : { peer: peer + suffix, ratio: ratioOf(own, summaryOf(peer)) }),
  };
}
