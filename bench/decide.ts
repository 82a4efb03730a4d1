import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BenchOptions } from './bench-options.ts';
import { CERBOS_PACKAGE, hasCerbos } from './cerbos-server.ts';
import { type Cell, COUNTS, cellsOf, contenderName, QUICK_COUNTS } from './decide/cell.ts';
import type { Engine } from './decide/engine.ts';
import { AGENT_GOVERNANCE_PACKAGE, agentGovernance } from './decide/engines/agent-governance.ts';
import { casbin } from './decide/engines/casbin.ts';
import { CEDAR_WASM, cedarWasm, leanCedarWasm } from './decide/engines/cedar-wasm.ts';
import { CEL_JS_PACKAGE, celJs } from './decide/engines/cel-js.ts';
import { startCerbos } from './decide/engines/cerbos.ts';
import { ifElse } from './decide/engines/if-else.ts';
import { interlock } from './decide/engines/interlock.ts';
import { type Effort, prepareEngine } from './decide/prepare.ts';
import { type Question, questionsIn } from './decide/questions.ts';
import { type RuleSet, ruleSet } from './decide/rules.ts';
import { summaryRows } from './decide/summary.ts';
import { absentPeer, peerFile } from './peers.ts';
import { type Row, ratioOf, summarise } from './row.ts';
import { type Contender, type Rounds, takeTurns } from './take-turns.ts';

interface Plan extends Effort {
  readonly counts: readonly number[];
  readonly rounds: Rounds;
}

const FULL: Plan = {
  counts: COUNTS,
  warmUpMs: 100,
  turnMs: 4,
  rounds: { rounds: 60, warmUpRounds: 0, budgetMs: 110_000 },
};
const QUICK: Plan = {
  counts: QUICK_COUNTS,
  warmUpMs: 0,
  turnMs: 0,
  rounds: { rounds: 1, warmUpRounds: 0, budgetMs: 0 },
};

const OURS: readonly Engine[] = [interlock('source'), interlock('closures'), interlock('source', true)];

/** What is not installed with the product, by package. */
const PEERS = new Map<string, Engine>([
  [AGENT_GOVERNANCE_PACKAGE, agentGovernance],
  ['casbin', casbin],
  [CEL_JS_PACKAGE, celJs],
]);

/** The policies alone: every engine answers the same questions by the same rules, all taking turns in one run. */
export async function* benchDecide({
  directory = tmpdir(),
  quick = false,
  onProgress,
  onNote,
}: BenchOptions): AsyncGenerator<Row> {
  const { counts, rounds, ...effort } = quick ? QUICK : FULL;
  const folder = mkdtempSync(join(directory, 'interlock-bench-'));
  const sets = counts.flatMap((count) => [ruleSet(count, true), ruleSet(count, false)]);
  const engines: Engine[] = [ifElse, ...OURS, cedarWasm, leanCedarWasm];
  try {
    for await (const peer of peers(folder, sets, { onNote, onProgress })) engines.push(peer);
    const cells = cellsOf(counts);
    const contenders: Contender[] = [];
    for await (const contender of entrants({ engines, sets, cells, effort, onProgress })) contenders.push(contender);
    onNote?.(
      `Checked before the clock started: ${engines.length} engines give the same 16 decisions (8 allowed, 8 denied) in ` +
        `each of ${cells.length} cells.`,
    );
    for (const { name, note } of engines) onNote?.(`${name}: ${note}`);
    const measured = await takeTurns(contenders, { ...rounds, onRound: (round) => onProgress?.(`round ${round}`) });
    const latencies = (of: string) => measured.get(of)?.latenciesUs ?? [];
    const rows = engines.flatMap((engine) => cells.map((cell) => rowOf({ engine, cell, latencies })));
    yield* rows;
    yield* summaryRows(rows, { engines: engines.map(({ name }) => name), cells });
  } finally {
    for (const { close } of engines) await close?.();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Those that are installed; of the others it says so. */
async function* peers(
  folder: string,
  sets: readonly RuleSet[],
  { onNote, onProgress }: Pick<BenchOptions, 'onNote' | 'onProgress'>,
): AsyncGenerator<Engine> {
  for (const [name, engine] of PEERS) {
    if (peerFile(name) === undefined) onNote?.(absentPeer(name));
    else yield engine;
  }
  if (!hasCerbos()) return onNote?.(absentPeer(CERBOS_PACKAGE));
  onProgress?.('starting Cerbos');
  yield await startCerbos(folder, sets);
}

interface Field {
  readonly engines: readonly Engine[];
  readonly sets: readonly RuleSet[];
  readonly cells: readonly Cell[];
  readonly effort: Effort;
  readonly onProgress: BenchOptions['onProgress'];
}

/** Each engine in each cell, its answers checked. */
async function* entrants({ engines, sets, cells, effort, onProgress }: Field): AsyncGenerator<Contender> {
  const asked = new Map<string, readonly Question[]>();
  for (const engine of engines) {
    onProgress?.(`checking and warming up ${engine.name}`);
    for (const set of sets) {
      const loaded = await engine.load(set);
      for (const cell of cells.filter(({ count, scoped }) => count === set.count && scoped === set.scoped)) {
        const questions = await askedIn(cell, asked);
        yield await prepareEngine({ engine, loaded, cell, questions }, effort);
      }
    }
  }
}

interface Measured {
  readonly engine: Engine;
  readonly cell: Cell;
  readonly latencies: (contender: string) => readonly number[];
}

function rowOf({ engine, cell, latencies }: Measured): Row {
  const name = contenderName(engine.name, cell);
  const own = summarise('µs', latencies(name));
  if (!OURS.includes(engine)) return { bench: 'decide', case: name, ...own };
  const peer = contenderName(CEDAR_WASM, cell);
  return { bench: 'decide', case: name, ...own, peer, ratio: ratioOf(own, summarise('µs', latencies(peer))) };
}

/** The same questions in all cells of one situation. */
async function askedIn(cell: Cell, asked: Map<string, readonly Question[]>): Promise<readonly Question[]> {
  const key = `${cell.size}, ${cell.events}`;
  const questions = asked.get(key) ?? (await questionsIn(cell));
  asked.set(key, questions);
  return questions;
}
