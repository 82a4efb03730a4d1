import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { WorkflowLog } from '../src/action/log-port.ts';
import { createLogger } from '../src/runtime/logger.ts';
import { type Gateway, startGateway } from '../src/runtime/start-gateway.ts';
import { parseEvent } from '../src/workflow/chain.ts';
import { createMemoryLog } from '../src/workflow/memory-log.ts';
import type { BenchOptions } from './bench-options.ts';
import { mustBeAllowed, REFERENCE_CALL, referenceOptions } from './gate/reference-gateway.ts';
import { type Row, ratioOf, summarise } from './row.ts';
import { type Contender, type Rounds, takeTurns } from './take-turns.ts';
import { agentOf, foldAll, LENGTHS, longWorkflow } from './view/long-workflow.ts';

interface Plan {
  readonly each: number;
  readonly rounds: Rounds;
  readonly memorySamples: number;
}

const FULL: Plan = { each: 20, rounds: { rounds: 30, warmUpRounds: 5, budgetMs: 60_000 }, memorySamples: 5 };
const QUICK: Plan = { each: 2, rounds: { rounds: 1, warmUpRounds: 0, budgetMs: 0 }, memorySamples: 1 };

/** How a decision and the fold of one event depend on how long the workflow already is, and what its view holds in memory. */
export async function* benchView({
  directory = tmpdir(),
  quick = false,
  onProgress,
}: BenchOptions): AsyncGenerator<Row> {
  const folder = mkdtempSync(join(directory, 'interlock-bench-'));
  const { each, rounds, memorySamples } = quick ? QUICK : FULL;
  const log = createMemoryLog();
  const options = { ...referenceOptions(folder, 'off'), logger: createLogger('silent'), log };
  const gateway = await startGateway(options);
  try {
    const contenders = LENGTHS.flatMap((length) => [
      deciding({ gateway, log, length, each }),
      folding({ gateway, length, each }),
    ]);
    const measured = await takeTurns(contenders, {
      ...rounds,
      onRound: (round) => onProgress?.(round < 1 ? 'warming up' : `round ${round}`),
    });
    const of = (name: string) => summarise('µs', measured.get(name)?.latenciesUs ?? []);
    const [shortest = 0] = LENGTHS;
    for (const name of [decideName, foldName]) {
      for (const length of LENGTHS) {
        const own = of(name(length));
        const peer = length === shortest ? {} : { peer: name(shortest), ratio: ratioOf(own, of(name(shortest))) };
        yield { bench: 'view', case: name(length), ...own, ...peer };
      }
    }
    onProgress?.('weighing the views');
    for (const { length, bytes } of await heldBytes(memorySamples)) {
      const kibibytes = bytes.map((each) => each / 1_024);
      yield { bench: 'view', case: `held by the view, ${length} events`, ...summarise('KiB', kibibytes) };
    }
    const growth = ratioOf(of(decideName(LONGEST)), of(decideName(shortest)));
    const name = `decide, ${LONGEST} events ÷ ${shortest}`;
    yield { bench: 'view', case: name, unit: 'times', median: growth, p99: growth, n: 1 };
  } finally {
    await gateway.interlock.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

const LONGEST = Math.max(...LENGTHS);

function decideName(length: number): string {
  return `decide, ${length} events`;
}

function foldName(length: number): string {
  return `parse and fold one event, ${length} events`;
}

interface Part {
  readonly gateway: Gateway;
  readonly length: number;
  readonly each: number;
}

/** Whole decisions on workflows of about the length: a new one whenever what was measured itself would lengthen it. */
function deciding({ gateway, log, length, each }: Part & { readonly log: WorkflowLog }): Contender {
  const perWorkflow = Math.max(4, length / 50);
  const { interlock } = gateway;
  let opened = 0;
  let left = 0;
  const open = async (): Promise<void> => {
    const stream = { tenant: 'bench', workflow: `wf_${length}_${++opened}` };
    await log.append(stream, 0, longWorkflow(gateway, stream.workflow, length), { open: 0, held: 0 });
    left = perWorkflow;
    // Reads the workflow into memory.
    await interlock.workflow(agentOf(stream.workflow), stream.workflow);
  };
  const prepare: Contender['prepare'] = async () => {
    const agents: ReturnType<typeof agentOf>[] = [];
    for (let count = 0; count < each; count++) {
      if (left === 0) await open();
      left -= 1;
      agents.push(agentOf(`wf_${length}_${opened}`));
    }
    const decisions: { readonly id: string; readonly agent: ReturnType<typeof agentOf> }[] = [];
    const operate = async (_: number, index: number): Promise<void> => {
      const agent = agents[index] ?? agentOf('');
      const { id } = mustBeAllowed(await interlock.decide(agent, REFERENCE_CALL));
      decisions.push({ id, agent });
    };
    const end = async (): Promise<void> => {
      for (const { id, agent } of decisions) await interlock.settle(agent, id, { status: 'succeeded' });
    };
    return { operate, end };
  };
  return { name: decideName(length), atOnce: 1, each, prepare };
}

/** The last events of a workflow, folded onto all that came before. */
function folding({ gateway, length, each }: Part): Contender {
  const stream = { tenant: 'bench', workflow: 'wf_fold' };
  const events = longWorkflow(gateway, stream.workflow, length + each);
  const [before, after] = [events.slice(0, -each), events.slice(-each)];
  const prepare: Contender['prepare'] = () => {
    const view = foldAll(stream, before);
    const operate = (_: number, index: number): void => {
      const event = after[index];
      if (event !== undefined) view.apply(parseEvent(event), event.payload?.length);
    };
    return { operate };
  };
  return { name: foldName(length), atOnce: 1, each, prepare };
}

interface Held {
  readonly length: number;
  readonly bytes: readonly number[];
}

/** Weighed in a process of its own, in which nothing else happens. */
async function heldBytes(samples: number): Promise<readonly Held[]> {
  const child = fork(join(import.meta.dirname, 'view', 'held-memory.ts'), [JSON.stringify(LENGTHS), String(samples)], {
    execArgv: ['--expose-gc'],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const exited = new AbortController();
  child.once('exit', (code) => exited.abort(new Error(`The process that weighs views ended with ${code}.`)));
  const [answer] = await once(child, 'message', { signal: exited.signal });
  return answer as readonly Held[]; // what that file sends
}
