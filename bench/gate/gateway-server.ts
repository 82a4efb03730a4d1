/** A whole gateway with its HTTP surface in a process of its own, as `serve` runs it; the bench asks it for workflows. */
import { startServer } from '../../src/runtime/start-server.ts';
import { openWorkflow, referenceOptions } from './reference-gateway.ts';

/** Asks for so many new workflows with so many events each; the answer is a token of an agent in each. */
export interface WorkflowsRequest {
  readonly count: number;
  readonly events: number;
}

const [, , directory = '', synchronous] = process.argv;
const { url, gateway, close } = await startServer(referenceOptions(directory, synchronous === 'off' ? 'off' : 'full'));

async function open({ count, events }: WorkflowsRequest): Promise<void> {
  const tokens: string[] = [];
  for (let opened = 0; opened < count; opened++) tokens.push((await openWorkflow(gateway.interlock, events)).token);
  process.send?.({ tokens });
}

process.on('message', (request) => void open(request as WorkflowsRequest));
process.once('disconnect', () => void close().then(() => process.exit()));
process.send?.({ url });
