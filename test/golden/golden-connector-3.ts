import { z } from 'zod';
import { batchOperation } from '../../src/connector/batch-operation.ts';
import {
  defineConnector,
  type Enricher,
  type PartOutcome,
  readOperation,
  writeOperation,
} from '../../src/connector/contract.ts';
import { isJsonObject } from '../../src/lib/json.ts';

const evidence = { mark: 'doc', source: 'this file' } as const;
const DAY_MS = 86_400_000;

const read = readOperation({
  name: 'golden.page.read',
  description: 'Reads a page.',
  input: z.strictObject({ id: z.string() }),
  output: z.object({ text: z.string() }),
  resourceTypes: ['Golden::Page'],
  resources: ({ id }) => [{ type: 'Golden::Page', id }],
  labels: ({ id }) => (id.startsWith('hr') ? ['hr'] : []),
  execute: async ({ id }) => ({ status: 'succeeded', result: { text: `about ${id}` } }),
  evidence: [evidence],
});

const write = writeOperation({
  name: 'golden.page.write',
  description: 'Writes a page.',
  input: z.strictObject({ id: z.string(), text: z.string() }),
  output: z.object({}),
  resourceTypes: ['Golden::Page'],
  resources: ({ id }) => [{ type: 'Golden::Page', id }],
  effect: () => ({ kind: 'update', reversible: 'no', external: false, privileged: false, count: 1 }),
  effectKinds: ['update'],
  repeat: { class: 'at-most-once', evidence },
  undo: { none: 'A golden log is never undone.' },
  execute: async ({ id }) =>
    id.startsWith('bad')
      ? { status: 'failed', code: 'EXECUTION_FAILED', detail: 'It does not take that.', exposed: false }
      : { status: 'succeeded', result: {} },
  evidence: [evidence],
});

const operations = [read, write] as const;

const batch = batchOperation({
  name: 'golden.batch.execute',
  description: 'Reads and writes pages in one call.',
  input: z.strictObject({
    calls: z.array(z.strictObject({ operation: z.string(), input: z.record(z.string(), z.string()) })),
  }),
  output: z.object({ answers: z.array(z.object({ status: z.string(), text: z.string().optional() })) }),
  repeat: { class: 'at-most-once', evidence },
  operations,
  parts: ({ calls }) => calls,
  outcomes: (result) => {
    const answers = isJsonObject(result) && Array.isArray(result['answers']) ? result['answers'] : [];
    return answers.map((answer): PartOutcome => {
      const { status, text } = isJsonObject(answer) ? answer : {};
      if (status !== 'succeeded') return { status: 'failed' };
      return { status, result: text === undefined ? {} : { text } };
    });
  },
  execute: async ({ calls }) => ({
    status: 'succeeded',
    result: {
      answers: calls.map(({ operation, input: { id = '' } }) => {
        if (id.startsWith('bad')) return { status: 'failed' };
        return operation === 'golden.page.read'
          ? { status: 'succeeded', text: `about ${id}` }
          : { status: 'succeeded' };
      }),
    },
  }),
  evidence: [evidence],
});

const enrichers: readonly Enricher[] = [
  {
    name: 'userRisk',
    title: 'How risky the user is.',
    type: 'String',
    about: 'user',
    ttlMs: DAY_MS,
    fetch: async ({ id }) => (id === 'eve' ? 'high' : 'low'),
    evidence: [evidence],
  },
  {
    name: 'secrets',
    title: 'How many secrets stand in a page.',
    type: 'Long',
    about: ['Golden::Page'],
    ttlMs: DAY_MS,
    fetch: async ({ id }) => (id === 'keys' ? 2 : 0),
    evidence: [evidence],
  },
];

/** What the third golden log was written with. It must go on to mean the same. */
export const goldenConnector3 = defineConnector({
  system: 'golden',
  title: 'Golden',
  settings: z.strictObject({}),
  connect: async () => ({
    operations: [...operations, batch],
    resourceTypes: { 'Golden::Page': {} },
    labels: ['hr'],
    enrichers,
  }),
});
