/** Starts a gateway on a folder, tells what it holds in memory, then what it does while nobody asks; started with --expose-gc. */
import { setTimeout as pause } from 'node:timers/promises';
import { startGateway } from '../../src/runtime/start-gateway.ts';
import { coldOptions } from '../cold/cold-options.ts';

export interface IdleGateway {
  /** Of the JavaScript heap and what hangs on it. */
  readonly heapBytes: number;
  /** Of one core. */
  readonly cpuPercent: readonly number[];
}

const [, , directory = '', seconds = '1'] = process.argv;
const { interlock } = await startGateway(coldOptions(directory));
// What the start itself left to be done is over.
await pause(1_000);
globalThis.gc?.();
globalThis.gc?.();
const { heapUsed, external } = process.memoryUsage();
const cpuPercent: number[] = [];
for (let second = 0; second < Number(seconds); second++) {
  const [before, at] = [process.cpuUsage(), performance.now()];
  await pause(1_000);
  const { user, system } = process.cpuUsage(before);
  cpuPercent.push((user + system) / (performance.now() - at) / 10);
}
const told: IdleGateway = { heapBytes: heapUsed + external, cpuPercent };
process.send?.(told);
await interlock.close();
process.disconnect();
