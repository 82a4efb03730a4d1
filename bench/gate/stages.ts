import { join } from 'node:path';
import type { NewEvent } from '../../src/action/event.ts';
import type { WorkflowLog } from '../../src/action/log-port.ts';
import { renderAnswer } from '../../src/gate/answer.ts';
import { genesisHash } from '../../src/workflow/chain.ts';
import { createMemoryLog } from '../../src/workflow/memory-log.ts';
import { createSqliteLog } from '../../src/workflow/sqlite-log/create-sqlite-log.ts';
import { FoldedView } from '../../src/workflow/view.ts';
import type { Contender, Running, Turn } from '../take-turns.ts';
import type { LocalGateways } from './local-gateways.ts';
import { LOG_NAMES } from './names.ts';
import { openWorkflow } from './reference-gateway.ts';
import { ReferenceSteps } from './reference-steps.ts';

const EARLIER_EVENTS = 500;

/**
 * The steps of one `run`, each the function that the gateway calls, on a workflow of 500 events. A run chains, appends
 * and folds its decision and its outcome. What is between the steps (promises, timers, metrics) is in the whole only.
 */
export async function stages(directory: string, { memory, memoryLog }: LocalGateways, each: number): Promise<Running> {
  const { agent } = await openWorkflow(memory.interlock, EARLIER_EVENTS);
  const { tenant, workflow } = agent.principal;
  const steps = new ReferenceSteps(memory, agent.principal, await memoryLog.read({ tenant, workflow }));
  const logs = {
    memory: createMemoryLog(),
    off: await createSqliteLog({ file: join(directory, 'stages-off.sqlite'), synchronous: 'off' }),
    full: await createSqliteLog({ file: join(directory, 'stages-full.sqlite'), synchronous: 'full' }),
  };
  const preparations = {
    ...(await ofOneAction(steps)),
    ...(await ofTheView(steps, each)),
    ...Object.fromEntries(
      (['memory', 'off', 'full'] as const).map((kind) => [
        `append the decision, ${LOG_NAMES[kind]}`,
        appending(steps, logs[kind], each),
      ]),
    ),
  };
  return {
    contenders: Object.entries(preparations).map(([name, prepare]) => {
      return { name: `stage: ${name}`, atOnce: 1, each, prepare };
    }),
    close: async () => {
      for (const log of Object.values(logs)) await log.close();
    },
  };
}

type Preparations = Readonly<Record<string, Contender['prepare']>>;

/** What leaves nothing behind, so that it can be done again and again on the same version of the workflow. */
async function ofOneAction(steps: ReferenceSteps): Promise<Preparations> {
  const again = (operate: () => unknown) => (): Turn => ({ operate });
  const decision: NewEvent = { type: 'action.decided', payload: steps.decided };
  const outcome: NewEvent = { type: 'action.completed', payload: await steps.execute() };
  const before = steps.newView();
  const after = steps.newView();
  for (const event of steps.chain([decision, outcome], after)) steps.fold(after, event);
  const action = after.actions.get(steps.decided.action);
  if (action === undefined) throw new Error('The workflow does not know the action.');
  const passed = { action, workflow: { id: after.id, version: after.version }, durability: 'synced' } as const;
  return {
    'normalise the call': again(() => steps.normalise()),
    'build the policy request': again(() => steps.buildRequest()),
    'evaluate the policies': again(() => steps.evaluate()),
    'decide on the evaluation': again(() => steps.decide()),
    'chain the decision': again(() => steps.chain([decision], before)),
    'execute and read the result': again(() => steps.execute()),
    'chain the outcome': again(() => steps.chain([outcome], before)),
    'render the answer': again(() => renderAnswer(passed)),
  };
}

/** Folding moves the view on, so each turn has its own. */
async function ofTheView(steps: ReferenceSteps, each: number): Promise<Preparations> {
  const completed = await steps.execute();
  const ids = Array.from({ length: each }, (_, index) => `act_${index}`);
  const decisions = ids.map((action): NewEvent => ({ type: 'action.decided', payload: { ...steps.decided, action } }));
  const outcomes = ids.map((action): NewEvent => ({ type: 'action.completed', payload: { ...completed, action } }));
  const folding = (earlier: readonly NewEvent[], measured: readonly NewEvent[]) => (): Turn => {
    const view = steps.newView();
    for (const event of steps.chain(earlier, view)) steps.fold(view, event);
    const events = steps.chain(measured, view);
    return { operate: (_, index) => steps.fold(view, at(events, index)) };
  };
  return { 'fold the decision': folding([], decisions), 'fold the outcome': folding(decisions, outcomes) };
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
