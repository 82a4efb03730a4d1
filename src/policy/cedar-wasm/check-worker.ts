import { parentPort, workerData } from 'node:worker_threads';
import { checkStatements } from './check-statements.ts';

// The thread of one check: whatever a text does to the parser, it does it here.
parentPort?.postMessage(checkStatements(workerData.schema, workerData.texts));
