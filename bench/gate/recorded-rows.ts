import type { StoredEvent } from '../../src/action/event.ts';
import type { LocalGateways } from './local-gateways.ts';
import { mustBeAllowed, openWorkflow, REFERENCE_CALL } from './reference-gateway.ts';

/** What the log stores of the reference action, as lines of text: floors write the same bytes. */
export interface RecordedRows {
  readonly decision: string;
  readonly outcome: string;
}

export async function recordedRows({ memory, memoryLog }: LocalGateways): Promise<RecordedRows> {
  const { agent } = await openWorkflow(memory.interlock, 10);
  mustBeAllowed(await memory.interlock.run(agent, REFERENCE_CALL));
  const { tenant, workflow } = agent.principal;
  const [decision, outcome] = (await memoryLog.read({ tenant, workflow })).slice(-2);
  if (decision?.type !== 'action.decided' || outcome?.type !== 'action.completed')
    throw new Error('The reference action did not leave a decision and an outcome.');
  return { decision: lineOf(decision), outcome: lineOf(outcome) };
}

function lineOf(event: StoredEvent): string {
  return `${Object.values(event).join(' ')}\n`;
}
