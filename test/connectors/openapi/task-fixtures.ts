import { SEED } from '../../../connectors/openapi/simulator/simulate-tasks.ts';
import type { ConformanceFixtures } from '../../../src/connector/conformance/fixtures.ts';

const path = (taskId: string) => ({ path: { taskId } });

/** The operations are those of the small API in `simulator/`: what holds for them holds for any description. */
export const taskFixtures: ConformanceFixtures = {
  samples: [
    { operation: 'openapi.task.list', input: { query: { status: 'open' } }, effects: [] },
    { operation: 'openapi.task.get', input: path(SEED.open), effects: [] },
    {
      operation: 'openapi.task.create',
      input: { body: { title: 'Read the post' } },
      effects: ['task.create'],
      effect: { kind: 'create', reversible: 'operation', external: false },
    },
    {
      operation: 'openapi.task.rename',
      input: { ...path(SEED.open), body: { title: 'Write to the bank' } },
      effects: ['task.rename'],
      effect: { kind: 'update', reversible: 'no' },
    },
    {
      operation: 'openapi.task.delete',
      input: path(SEED.other),
      effects: ['task.delete'],
      effect: { kind: 'delete', reversible: 'no' },
    },
    {
      operation: 'openapi.task.close',
      input: path(SEED.open),
      effects: ['task.close'],
      effect: { kind: 'update', reversible: 'operation' },
    },
    {
      operation: 'openapi.task.reopen',
      input: path(SEED.closed),
      effects: ['task.reopen'],
      effect: { kind: 'update', reversible: 'operation' },
    },
  ],
  rateLimits: [
    { status: 429, headers: { 'retry-after': '7' }, dialect: 'retry-after', waitsMs: 7_000 },
    { status: 429, headers: {}, dialect: 'none', waitsMs: undefined },
  ],
  state: { reads: [{ operation: 'openapi.task.list', input: {} }], ignore: [] },
  judgedBy: { '*': 'none' },
  bypass: { pagination: 'A description says nothing of pages: each page is a call of its own.' },
};
