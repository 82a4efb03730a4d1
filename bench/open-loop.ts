import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Action } from '../src/action/action.ts';
import type { StreamId } from '../src/action/log-port.ts';
import type { AgentCaller } from '../src/gate/interlock.ts';
import { systemClock } from '../src/lib/clock.ts';
import { createLogger } from '../src/runtime/logger.ts';
import { openLog } from '../src/runtime/open-log.ts';
import { type Gateway, startGateway } from '../src/runtime/start-gateway.ts';
import { BareGroupCommit } from './bare-group-commit.ts';
import type { BenchOptions } from './bench-options.ts';
import { COLD_POLICIES, coldOptions, writeColdPolicies } from './cold/cold-options.ts';
import { mustBeAllowed, REFERENCE_CALL } from './gate/reference-gateway.ts';
import { type Offer, offer } from './open-loop/offer.ts';
import { pastEvents, sessionAt } from './past-events.ts';
import { type Row, ratioOf, summarise } from './row.ts';
import { agentOf, chain } from './view/long-workflow.ts';

interface Plan extends Offer {
  readonly rounds: number;
  readonly workflows: readonly number[];
}

const FULL: Plan = { perSecond: 1_000, forMs: 2_000, rounds: 6, workflows: [1, 10, 1_000] };
const QUICK: Plan = { perSecond: 200, forMs: 50, rounds: 1, workflows: [1, 10] };

const AGENTS = 10;
const EVENTS = 500;
/** The others are messages. */
const ACTIONS = 20;

/**
 * Decisions that come by the clock, a thousand a second, over few and many workflows, with a thousand policies, each
 * durable before its answer; beside the bare appends of the same rows by the same clock, taking turns.
 */
export async function* benchOpenLoop({
  directory = tmpdir(),
  quick = false,
  onProgress,
}: BenchOptions): AsyncGenerator<Row> {
  const plan = quick ? QUICK : FULL;
  const folder = mkdtempSync(join(directory, 'interlock-bench-'));
  writeColdPolicies(folder);
  const options = { ...coldOptions(folder), logger: createLogger('silent') };
  const log = await openLog(options.config, systemClock, {});
  const gateway = await startGateway({ ...options, log });
  const bare = await BareGroupCommit.open(join(folder, 'bare.jsonl'));
  try {
    const target = new Target(gateway, (stream, events) => log.append(stream, 0, events, { open: 0, held: 0 }));
    onProgress?.(`${COLD_POLICIES} policies are in force; filling workflows`);
    const row = target.recordedRow();
    const measured = plan.workflows.map((workflows) => ({ workflows, ours: [] as number[], floor: [] as number[] }));
    // The first round warms up and does not count.
    for (let round = quick ? 1 : 0; round <= plan.rounds; round++) {
      for (const { workflows, ours, floor } of measured) {
        onProgress?.(`round ${round}, ${workflows} workflows`);
        const turn = await target.open(workflows);
        const own = await offer(plan, turn.decide);
        const its = await offer(plan, () => bare.append(row));
        await turn.settle();
        if (round === 0) continue;
        ours.push(...own);
        floor.push(...its);
      }
    }
    for (const { workflows, ours, floor } of measured) yield* rowsOf(workflows, plan, { ours, floor });
  } finally {
    await gateway.interlock.close();
    await bare.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Turn {
  decide(index: number): Promise<void>;
  /** A permit that is never settled would expire in the middle of a later turn. */
  settle(): Promise<void>;
}

type AppendAll = (stream: StreamId, events: ReturnType<typeof chain>) => Promise<{ readonly status: string }>;

/** Workflows of 500 events, and decisions of the reference action on them. */
class Target {
  readonly #gateway: Gateway;
  readonly #append: AppendAll;
  readonly #many: string[] = [];
  #opened = 0;

  constructor(gateway: Gateway, append: AppendAll) {
    this.#gateway = gateway;
    this.#append = append;
  }

  /** Few workflows are new for each turn, because a turn makes them long; many grow by a few events and are kept. */
  async open(count: number): Promise<Turn> {
    const workflows = count > 100 ? this.#many : [];
    while (workflows.length < count) workflows.push(await this.#new());
    const { interlock } = this.#gateway;
    // Reads them into memory: nothing sleeps here, which is another bench's matter.
    for (const workflow of workflows) await interlock.workflow(agentOf(workflow), workflow);
    const permits: { readonly id: string; readonly agent: AgentCaller }[] = [];
    return {
      decide: async (index) => {
        const agent = agentOf(workflows[index % count] ?? '', sessionAt(index % AGENTS));
        const { id } = mustBeAllowed(await interlock.decide(agent, REFERENCE_CALL));
        permits.push({ id, agent });
      },
      settle: async () => {
        await Promise.all(permits.map(({ id, agent }) => interlock.settle(agent, id, { status: 'succeeded' })));
      },
    };
  }

  /** What the log stores of one decision, as a line. */
  recordedRow(): string {
    const decided = this.#pastOf('wf_row').find(({ type }) => type === 'action.decided');
    if (decided === undefined) throw new Error('The past has no decision.');
    return `${Object.values(decided).join(' ')}\n`;
  }

  async #new(): Promise<string> {
    const workflow = `wf_${++this.#opened}`;
    const { status } = await this.#append({ tenant: 'bench', workflow }, this.#pastOf(workflow));
    if (status !== 'appended') throw new Error('A new workflow has no earlier events.');
    return workflow;
  }

  #pastOf(workflow: string): ReturnType<typeof chain> {
    const stream = { tenant: 'bench', workflow };
    const { registry } = this.#gateway;
    const actionOf = (index: number, session: string): Action => {
      const { principal } = agentOf(workflow, session);
      return registry.normalise({ call: REFERENCE_CALL, id: `act_${index}`, mode: 'run', principal });
    };
    return chain(stream, [...pastEvents({ stream, agents: AGENTS, events: EVENTS, actions: ACTIONS, actionOf })]);
  }
}

function* rowsOf(
  workflows: number,
  { perSecond }: Plan,
  { ours, floor }: { readonly ours: readonly number[]; readonly floor: readonly number[] },
): Generator<Row> {
  const name = `decide, ${perSecond} a second over ${workflows} workflows`;
  const peer = `bare group commit, ${perSecond} a second, beside ${workflows} workflows`;
  const [own, its] = [summarise('ms', ours), summarise('ms', floor)];
  yield { bench: 'open-loop', case: name, ...own, peer, ratio: ratioOf(own, its) };
  yield { bench: 'open-loop', case: peer, ...its };
  const tail = Number((own.p99 / its.p99).toPrecision(3));
  yield {
    bench: 'open-loop',
    case: `${name}: p99 ÷ that of the bare append`,
    unit: 'times',
    median: tail,
    p99: tail,
    n: 1,
  };
}
