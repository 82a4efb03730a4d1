import { z } from 'zod';
import type { Effect } from '../../src/action/effect.ts';
import { defineConnector, type ExecutionResult, readOperation, writeOperation } from '../../src/connector/contract.ts';

/**
 * The connector of the golden log. It never changes: recorded decisions are decided again with what it declares. A later
 * format gets a connector of its own beside it.
 */
export interface GoldenSystem {
  /** What the next writes do instead of succeeding, the first added first. */
  readonly faults: ('lost before' | 'lost after' | 'refused' | 'accepted')[];
  readonly marks: Set<string>;
}

const EVIDENCE = { mark: 'doc', source: 'this file' } as const;
const doc = (id: string) => [{ type: 'Golden::Doc' as const, id }] as const;
const effect = (kind: Effect['kind'], external: boolean, count: number): Effect => ({
  kind,
  reversible: external ? 'no' : 'operation',
  external,
  privileged: false,
  count,
});

function act({ faults, marks }: GoldenSystem, mark: string): ExecutionResult {
  const fault = faults.shift();
  if (fault === 'refused')
    return { status: 'failed', code: 'EXECUTION_FAILED', detail: 'the system refused', exposed: false };
  if (fault !== 'lost before') marks.add(mark);
  if (fault === 'accepted') return { status: 'accepted', handle: { job: 'j1' } };
  if (fault !== undefined) return { status: 'unknown', code: 'EXECUTION_TIMEOUT', detail: 'cut off' };
  return { status: 'succeeded', result: { done: true } };
}

export function goldenConnector(system: GoldenSystem) {
  const read = readOperation({
    name: 'golden.doc.read',
    description: 'Reads a document.',
    input: z.strictObject({ id: z.string() }),
    output: z.object({ text: z.string(), phone: z.string(), tags: z.array(z.string()) }),
    resourceTypes: ['Golden::Doc'],
    resources: ({ id }) => doc(id),
    labels: ({ id }) => (id.startsWith('hr') ? ['hr'] : []),
    resultLabels: ({ text }) => (text.startsWith('mail') ? ['untrusted'] : []),
    execute: async ({ id }) =>
      id.startsWith('gone')
        ? {
            status: 'failed',
            code: 'EXECUTION_FAILED',
            detail: 'there is no such document',
            exposed: id === 'gone-shown',
          }
        : { status: 'succeeded', result: { text: `${id} text`, phone: '+49 30 1234', tags: ['a', 'b', 'c'] } },
    evidence: [EVIDENCE],
  });
  const write = writeOperation({
    name: 'golden.doc.write',
    description: 'Writes a document.',
    input: z.strictObject({
      id: z.string(),
      text: z.string(),
      copies: z.int().min(1).default(1),
      note: z.string().optional(),
    }),
    output: z.object({ done: z.boolean() }),
    facets: { schema: z.object({ text_length: z.int() }), of: ({ text }) => ({ text_length: text.length }) },
    resourceTypes: ['Golden::Doc'],
    resources: ({ id }) => doc(id),
    effect: ({ copies }) => effect('create', false, copies),
    effectKinds: ['create'],
    repeat: { class: 'at-most-once', evidence: EVIDENCE },
    probe: async (_input, { actionId }) =>
      system.marks.has(actionId) ? { status: 'applied', result: { done: true } } : { status: 'not-applied' },
    undo: { none: 'a document has no history' },
    execute: async (_input, { actionId }) => act(system, actionId),
    evidence: [EVIDENCE],
  });
  const send = writeOperation({
    name: 'golden.doc.send',
    description: 'Sends a document to somebody outside.',
    input: z.strictObject({ id: z.string(), to: z.string() }),
    output: z.object({ done: z.boolean() }),
    resourceTypes: ['Golden::Doc'],
    resources: ({ id }) => doc(id),
    effect: () => effect('communicate', true, 1),
    effectKinds: ['communicate'],
    repeat: { class: 'at-most-once', evidence: EVIDENCE },
    undo: { none: 'what was sent was seen' },
    execute: async (_input, { actionId }) => act(system, actionId),
    evidence: [EVIDENCE],
  });
  return defineConnector({
    system: 'golden',
    title: 'Golden',
    settings: z.strictObject({}),
    connect: async () => ({
      operations: [read, write, send],
      resourceTypes: { 'Golden::Doc': {} },
      labels: ['hr', 'untrusted'],
    }),
  });
}
