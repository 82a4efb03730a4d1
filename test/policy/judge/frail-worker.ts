import { parentPort } from 'node:worker_threads';
import type { JudgeAnswer, JudgeRequest } from '../../../src/policy/judge/judge-worker.ts';

// A judge that does what the id of the resource says: hang, die, or run out of memory; else it finds nothing.
const NOTHING: JudgeAnswer = { evaluation: { permits: [], forbids: [], errors: [] } };
const BEHAVIOUR: Readonly<Record<string, () => void>> = {
  hang: () => {
    for (;;);
  },
  exit: () => process.exit(1),
  throw: () => {
    throw new Error('broken');
  },
  exhaust: () => {
    const kept: unknown[] = [];
    for (;;) kept.push(Array(1_000_000).fill(kept.length));
  },
};

parentPort?.on('message', (request: JudgeRequest) => {
  if (!('question' in request)) return;
  BEHAVIOUR[JSON.parse(request.question).resource.id]?.();
  parentPort?.postMessage(NOTHING);
});
