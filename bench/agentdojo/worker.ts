import { parentPort, workerData } from 'node:worker_threads';
import { type Job, judgeSuites } from './judge-suite.ts';

parentPort?.postMessage(await judgeSuites(workerData as Job));
