import { parentPort, workerData } from 'node:worker_threads';
import { checkFiles } from '../check-files.ts';
import { encodePolicies } from '../sets/stored-policies.ts';
import type { CheckAnswer } from './check-in-worker.ts';

// The thread of one check: whatever a text does to the parser, it does it here.
const { policies, problems } = checkFiles(workerData.schema, workerData.files);
const answer: CheckAnswer = { problems, text: encodePolicies(policies) };
parentPort?.postMessage(answer);
