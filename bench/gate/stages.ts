import { join } from 'node:path';
import type { NewEvent } from '../../src/action/event.ts';
import type { WorkflowLog } from '../../src/action/log-port.ts';
import { renderAnswer } from '../../src/gate/answer.ts';
import { callSchema } from '../../src/gate/call-schema.ts';
import { parsed } from '../../src/gate/parsed.ts';
import { genesisHash } from '../../src/workflow/chain.ts';
import { createMemoryLog } from '../../src/workflow/memory-log.ts';
import { createSqliteLog } from '../../src/workflow/sqlite-log/create-sqlite-log.ts';
import { FoldedView } from '../../src/workflow/view.ts';
import type { Contender, Running, Turn } from '../take-turns.ts';
import type { LocalGateways } from './local-gateways.ts';
import { LOG_NAMES, type LogKind } from './names.ts';
import { openWorkflow, REFERENCE_CALL } from './reference-gateway.ts';
import { ReferenceSteps } from './reference-steps.ts';

export interface StageOptions {
  /** For the files of the logs that are files. */
  readonly directory: string;
  /** Each with its own append. */
  readonly logs: readonly LogKind[];
  /** How many events the workflow has. */
  readonly events: number;
  /** Values of one turn. */
  readonly each: number;
}

/** The stages that a `decide` with its log in memory goes through, in order. */
export const DECIDE_STAGES = [
  ...['check the form of the call', 'normalise the call', 'build the policy request', 'evaluate the policies'],
  ...['decide on the evaluation', 'chain the decision', `append the decision, ${LOG_NAMES.memory}`],
  ...['copy the decision', 'fold the decision', 'render the answer'],
].map(stageName);

/** Operations timed together where a stage leaves nothing behind. */
const BATCH = 10;

/**
 * The steps of one `run`, each the function that the gateway calls. A run chains, appends and folds its decision and its
 * outcome. What is between the steps (promises, timers, metrics) is in the whole only.
 */
export async function stages(
  { memory, memoryLog }: Pick<LocalGateways, 'memory' | 'memoryLog'>,
  { directory, logs, events, each }: StageOptions,
): Promise<Running> {
  const { agent } = await openWorkflow(memory.interlock, events);
  const { tenant, workflow } = agent.principal;
  const steps = new ReferenceSteps(memory, agent.principal, await memoryLog.read({ tenant, workflow }));
  const opened = await Promise.all(
    logs.map(async (kind) => ({ name: LOG_NAMES[kind], log: await openLog(kind, directory) })),
  );
  const contenders = [
    ...(await ofOneAction(steps, each)),
    ...(await ofTheView(steps, each)),
    ...opened.map(({ name, log }) => stage(`append the decision, ${name}`, each, appending(steps, log, each))),
  ];
  return {
    contenders,
    close: async () => {
      for (const { log } of opened) await log.close();
    },
  };
}

async function openLog(kind: LogKind, directory: string): Promise<WorkflowLog> {
  if (kind === 'memory') return createMemoryLog();
  return createSqliteLog({ file: join(directory, `stages-${kind}.sqlite`), synchronous: kind });
}

function stageName(name: string): string {
  return `stage: ${name}`;
}

function stage(name: string, each: number, prepare: Contender['prepare']): Contender {
  return { name: stageName(name), atOnce: 1, each, prepare };
}

/** What leaves nothing behind, so that it can be done again and again on the same version of the workflow. */
async function ofOneAction(steps: ReferenceSteps, each: number): Promise<readonly Contender[]> {
  const again = (name: string, once: () => unknown): Contender => {
    const operate = (): void => {
      for (let count = 0; count < BATCH; count++) once();
    };
    return { ...stage(name, each, () => ({ operate })), batch: BATCH };
  };
  const decision: NewEvent = { type: 'action.decided', payload: steps.decided };
  const { completed, texts } = await steps.execute();
  const outcome: NewEvent = { type: 'action.completed', payload: completed };
  const before = steps.newView();
  const after = steps.newView();
  foldOwn(steps, after, [decision, outcome]);
  const chained = steps.chain([decision], before);
  const action = after.actions.get(steps.decided.action);
  if (action === undefined) throw new Error('The workflow does not know the action.');
  const passed = { action, workflow: { id: after.id, version: after.version }, durability: 'synced' } as const;
  return [
    again('check the form of the call', () => parsed(callSchema, REFERENCE_CALL)),
    again('normalise the call', () => steps.normalise()),
    again('build the policy request', () => steps.buildRequest()),
    stage('evaluate the policies', each, () => ({ operate: () => steps.evaluate() })),
    again('decide on the evaluation', () => steps.decide()),
    again('chain the decision', () => steps.chain([decision], before)),
    again('copy the decision', () => steps.own(chained, [decision])),
    stage('execute and read the result', each, () => ({ operate: () => steps.execute() })),
    again('chain the outcome', () => steps.chain([outcome], before, texts)),
    again('render the answer', () => renderAnswer(passed)),
  ];
}

/** Folding moves the view on, so each turn has its own. */
async function ofTheView(steps: ReferenceSteps, each: number): Promise<readonly Contender[]> {
  const { completed } = await steps.execute();
  const ids = Array.from({ length: each }, (_, index) => `act_${index}`);
  const decisions = ids.map((action): NewEvent => ({ type: 'action.decided', payload: { ...steps.decided, action } }));
  const outcomes = ids.map((action): NewEvent => ({ type: 'action.completed', payload: { ...completed, action } }));
  const folding = (earlier: readonly NewEvent[], measured: readonly NewEvent[]) => (): Turn => {
    const view = steps.newView();
    foldOwn(steps, view, earlier);
    const events = steps.own(steps.chain(measured, view), measured);
    return { operate: (_, index) => view.apply(at(events, index)) };
  };
  return [
    stage('fold the decision', each, folding([], decisions)),
    stage('fold the outcome', each, folding(decisions, outcomes)),
  ];
}

function foldOwn(steps: ReferenceSteps, view: FoldedView, events: readonly NewEvent[]): void {
  for (const event of steps.own(steps.chain(events, view), events)) view.apply(event);
}

/** Each turn appends to a workflow of its own, one decision after the other. */
function appending(steps: ReferenceSteps, log: WorkflowLog, each: number): Contender['prepare'] {
  let turns = 0;
  return () => {
    const stream = { tenant: 'bench', workflow: `wf_${turns++}` };
    const decision: NewEvent = { type: 'action.decided', payload: steps.decided };
    const events = steps.chain(Array(each).fill(decision), new FoldedView(stream, genesisHash(stream)));
    const append = async (index: number): Promise<void> => {
      const result = await log.append(stream, index, [at(events, index)], { open: 1, held: 0 });
      if (result.status === 'conflict') throw new Error('The bench appends to each workflow from one place.');
      await result.durable;
    };
    return { operate: (_, index) => append(index) };
  };
}

function at<T>(list: readonly T[], index: number): T {
  const item = list[index];
  if (item === undefined) throw new Error(`There is no item ${index}.`);
  return item;
}
