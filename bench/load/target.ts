import type { Action } from '../../src/action/action.ts';
import type { StoredEvent } from '../../src/action/event.ts';
import type { WorkflowLog } from '../../src/action/log-port.ts';
import type { AgentCaller } from '../../src/gate/interlock.ts';
import type { Gateway } from '../../src/runtime/start-gateway.ts';
import { mustBeAllowed, REFERENCE_CALL } from '../gate/reference-gateway.ts';
import { pastEvents, sessionAt } from '../past-events.ts';
import { agentOf, chain } from '../view/long-workflow.ts';

const AGENTS = 10;
const EVENTS = 500;
/** The others are messages. */
const ACTIONS = 20;

export interface Turn {
  decide(index: number): Promise<void>;
  /** A permit that is never settled would expire in the middle of a later turn. */
  settle(): Promise<void>;
}

/** Workflows of 500 events, and decisions of the reference action on them. */
export class Target {
  readonly #gateway: Gateway;
  readonly #log: WorkflowLog;
  readonly #many: string[] = [];
  #opened = 0;

  constructor(gateway: Gateway, log: WorkflowLog) {
    this.#gateway = gateway;
    this.#log = log;
  }

  /** Few workflows are new for each turn, because a turn makes them long; many grow by a few events and are kept. */
  async open(count: number): Promise<Turn> {
    const workflows = count > 100 ? this.#many : [];
    while (workflows.length < count) workflows.push(await this.#new());
    const { interlock } = this.#gateway;
    const permits: { readonly id: string; readonly agent: AgentCaller }[] = [];
    const decide = async (index: number): Promise<void> => {
      const agent = agentOf(workflows[index % count] ?? '', sessionAt(index % AGENTS));
      const { id } = mustBeAllowed(await interlock.decide(agent, REFERENCE_CALL));
      permits.push({ id, agent });
    };
    // Wakes them: what the first decision in a workflow costs is another bench's matter.
    for (const index of workflows.keys()) await decide(index);
    return {
      decide,
      settle: async () => {
        await Promise.all(permits.map(({ id, agent }) => interlock.settle(agent, id, { status: 'succeeded' })));
      },
    };
  }

  /** What the log stores of one decision. */
  recordedDecision(): StoredEvent {
    const decided = this.#pastOf('wf_row').find(({ type }) => type === 'action.decided');
    if (decided === undefined) throw new Error('The past has no decision.');
    return decided;
  }

  async #new(): Promise<string> {
    const workflow = `wf_${++this.#opened}`;
    const { status } = await this.#log.append({ tenant: 'bench', workflow }, 0, this.#pastOf(workflow), {
      open: 0,
      held: 0,
    });
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
