// Starts a gateway on the folder of its first argument, decides one action, and prints what it took to get there.
import type { Worker } from 'node:worker_threads';

let webAssemblyModules = 0;
// TypeScript knows WebAssembly in browsers only.
const { WebAssembly } = globalThis as unknown as { WebAssembly: { Module: new (bytes: object) => object } };
WebAssembly.Module = new Proxy(WebAssembly.Module, {
  construct: (target, [bytes]: [object]) => {
    webAssemblyModules += 1;
    return new target(bytes);
  },
});
const threads: string[] = [];
process.on('worker', (worker: Worker) => threads.push(worker.threadName ?? ''));

// Only now, so that nothing comes before what is counted.
const { parseConfig } = await import('../../src/runtime/config.ts');
const { createLogger } = await import('../../src/runtime/logger.ts');
const { startGateway } = await import('../../src/runtime/start-gateway.ts');
const { NoteSystem, notesConnector } = await import('../support/notes-connector.ts');

const [, , baseDirectory = '', share = '0'] = process.argv;
const { interlock, policySet, judge } = await startGateway({
  config: parseConfig(
    { data: 'data', policies: ['policies.cedar'], judge: { share: Number(share) } },
    { file: 'test', baseDirectory },
  ),
  connectors: [{ system: 'notes', connector: notesConnector(new NoteSystem()), settings: {} }],
  logger: createLogger('silent'),
});
const operator = { kind: 'operator', id: 'o', tenant: 'acme', rights: new Set(['open'] as const), groups: [] } as const;
const { id } = await interlock.open(operator, { onBehalfOf: { id: 'ada' } });
const { token } = await interlock.openSession(operator, id, { agent: 'helper' });
const agent = await interlock.authenticate(token);
const { decision } = await interlock.run(agent, { operation: 'notes.note.read', input: { id: 'n1' } });
const before = {
  decision,
  hash: policySet().hash,
  policies: policySet().policies.size,
  webAssemblyModules,
  threads: [...threads],
};
await judge.idle();
console.log(
  JSON.stringify({ ...before, threadsOfTheJudge: threads.slice(before.threads.length), judged: judge.counts }),
);
await interlock.close();
