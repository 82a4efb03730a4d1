import type { WorkflowLog } from '../../src/action/log-port.ts';
import type { Gateway } from '../../src/runtime/start-gateway.ts';
import { parseEvent } from '../../src/workflow/chain.ts';
import { mustBeAllowed, REFERENCE_CALL } from '../gate/reference-gateway.ts';
import type { Contender, Turn } from '../take-turns.ts';
import { agentOf, foldAll, longWorkflow } from './long-workflow.ts';

/** Where workflows of one length are put, and how many values one turn has. */
export interface Part {
  readonly gateway: Gateway;
  readonly log: WorkflowLog;
  readonly length: number;
  readonly each: number;
}

export function decideName(length: number): string {
  return `decide, ${length} events`;
}

export function foldName(length: number): string {
  return `parse and fold one event, ${length} events`;
}

export function wakeName(length: number): string {
  return `load and first decide, ${length} events`;
}

/** Whole decisions on workflows of about the length: a new one whenever what was measured itself would lengthen it. */
export function deciding(part: Part): Contender {
  const { gateway, length, each } = part;
  const perWorkflow = Math.max(4, length / 50);
  let workflow = '';
  let left = 0;
  const prepare = async (): Promise<Turn> => {
    const workflows: string[] = [];
    for (let count = 0; count < each; count++) {
      if (left === 0) {
        workflow = await newWorkflow(part, 'long');
        await decide(gateway, workflow);
        left = perWorkflow;
      }
      left -= 1;
      workflows.push(workflow);
    }
    return { operate: (_, index) => decide(gateway, workflows[index] ?? '') };
  };
  return { name: decideName(length), atOnce: 1, each, prepare };
}

/** The decision that a workflow in the log is woken by: it is read, folded, and all that is made when first asked for. */
export function waking(part: Part): Contender {
  const prepare = async (): Promise<Turn> => {
    const workflow = await newWorkflow(part, 'asleep');
    return { operate: () => decide(part.gateway, workflow) };
  };
  return { name: wakeName(part.length), atOnce: 1, each: 1, prepare };
}

/** The last events of a workflow, folded onto all that came before. */
export function folding({ gateway, length, each }: Part): Contender {
  const stream = { tenant: 'bench', workflow: 'wf_fold' };
  const events = longWorkflow(gateway, stream.workflow, length + each);
  const [before, after] = [events.slice(0, -each), events.slice(-each)];
  const prepare = (): Turn => {
    const view = foldAll(stream, before);
    const operate = (_: number, index: number): void => {
      const event = after[index];
      if (event !== undefined) view.apply(parseEvent(event), event.payload?.length);
    };
    return { operate };
  };
  return { name: foldName(length), atOnce: 1, each, prepare };
}

let opened = 0;

async function newWorkflow({ gateway, log, length }: Part, kind: string): Promise<string> {
  const workflow = `wf_${kind}_${length}_${++opened}`;
  await log.append({ tenant: 'bench', workflow }, 0, longWorkflow(gateway, workflow, length), { open: 0, held: 0 });
  return workflow;
}

/** A permit is left to expire: its end is of no interest here, and settling it would lengthen the workflow. */
async function decide({ interlock }: Gateway, workflow: string): Promise<void> {
  mustBeAllowed(await interlock.decide(agentOf(workflow), REFERENCE_CALL));
}
