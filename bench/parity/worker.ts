import { parentPort, workerData } from 'node:worker_threads';
import { compareBatches, type ParityJob } from './job.ts';

for await (const result of compareBatches(workerData as ParityJob)) parentPort?.postMessage(result);
