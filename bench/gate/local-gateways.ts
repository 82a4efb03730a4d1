import { join } from 'node:path';
import type { WorkflowLog } from '../../src/action/log-port.ts';
import { createLogger } from '../../src/runtime/logger.ts';
import { type Gateway, startGateway } from '../../src/runtime/start-gateway.ts';
import { createMemoryLog } from '../../src/workflow/memory-log.ts';
import { referenceOptions } from './reference-gateway.ts';

/** Gateways in this process, one with each kind of log. */
export interface LocalGateways {
  readonly memory: Gateway;
  /** The log of `memory`. */
  readonly memoryLog: WorkflowLog;
  readonly off: Gateway;
  readonly full: Gateway;
}

export async function startLocalGateways(directory: string): Promise<LocalGateways> {
  const logger = createLogger('silent');
  const memoryLog = createMemoryLog();
  const optionsFor = (name: 'off' | 'full') => ({ ...referenceOptions(join(directory, name), name), logger });
  const [memory, off, full] = await Promise.all([
    startGateway({ ...referenceOptions(join(directory, 'memory'), 'off'), logger, log: memoryLog }),
    startGateway(optionsFor('off')),
    startGateway(optionsFor('full')),
  ]);
  return { memory, memoryLog, off, full };
}
