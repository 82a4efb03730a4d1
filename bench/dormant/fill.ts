import type { Action } from '../../src/action/action.ts';
import type { WorkflowLog } from '../../src/action/log-port.ts';
import type { Gateway } from '../../src/runtime/start-gateway.ts';
import { REFERENCE_CALL } from '../gate/reference-gateway.ts';
import { pastEvents } from '../past-events.ts';
import { agentOf, chain } from '../view/long-workflow.ts';

/** Opened, two agents, one action with its outcome, one message. */
export const EVENTS_EACH = 6;
const AT_ONCE = 500;

/** Appends so many short workflows, as if each had been used once. */
export async function fill({ registry }: Pick<Gateway, 'registry'>, log: WorkflowLog, count: number): Promise<void> {
  for (let from = 0; from < count; from += AT_ONCE) {
    const batch = Array.from({ length: Math.min(AT_ONCE, count - from) }, async (_, index) => {
      const stream = { tenant: 'bench', workflow: `wf_asleep_${from + index}` };
      const actionOf = (at: number, session: string): Action => {
        const { principal } = agentOf(stream.workflow, session);
        return registry.normalise({ call: REFERENCE_CALL, id: `act_${at}`, mode: 'run', principal });
      };
      const events = chain(stream, [...pastEvents({ stream, agents: 2, events: EVENTS_EACH, actions: 1, actionOf })]);
      const result = await log.append(stream, 0, events, { open: 0, held: 0 });
      if (result.status !== 'appended') throw new Error('A new workflow has no earlier events.');
      await result.durable;
    });
    await Promise.all(batch);
  }
}
