/** What one view holds in memory, told to the parent process; started with --expose-gc. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger } from '../../src/runtime/logger.ts';
import { startGateway } from '../../src/runtime/start-gateway.ts';
import { createMemoryLog } from '../../src/workflow/memory-log.ts';
import { REFERENCE_CALL, referenceOptions } from '../gate/reference-gateway.ts';
import { agentOf, foldAll, longWorkflow } from './long-workflow.ts';
import { VIEW } from './view-policies.ts';

const [, , lengths = '[]', samples = '1'] = process.argv;
const folder = mkdtempSync(join(tmpdir(), 'interlock-bench-'));
const gateway = await startGateway({
  ...referenceOptions(folder, 'off', VIEW),
  logger: createLogger('silent'),
  log: createMemoryLog(),
});
const stream = { tenant: 'bench', workflow: 'wf_held' };
const { principal } = agentOf(stream.workflow);
const action = gateway.registry.normalise({ call: REFERENCE_CALL, id: 'act_asked', mode: 'decide', principal });

/** Bytes by length: what is there after folding and was not before, the events themselves left out. */
const held = (JSON.parse(lengths) as readonly number[]).map((length) => {
  const events = longWorkflow(gateway, stream.workflow, length);
  const bytes = Array.from({ length: Number(samples) }, () => {
    const before = usedBytes();
    const view = foldAll(stream, events);
    // What is made when a decision first asks for it is held from then on.
    view.provenance.trace(action);
    const after = usedBytes();
    // Still needed here, so that nothing of it was collected before.
    if (view.version !== events.length) throw new Error('The view did not fold every event.');
    return after - before;
  });
  return { length, bytes };
});
process.send?.(held);
await gateway.interlock.close();
rmSync(folder, { recursive: true, force: true });
process.disconnect();

function usedBytes(): number {
  if (globalThis.gc === undefined) throw new Error('Start with --expose-gc.');
  globalThis.gc();
  globalThis.gc();
  return process.memoryUsage().heapUsed;
}
