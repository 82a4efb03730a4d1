import { z } from 'zod';
import { batchOperation } from '../../src/connector/batch-operation.ts';
import { defineConnector, type PartOutcome, readOperation, writeOperation } from '../../src/connector/contract.ts';
import { isJsonObject } from '../../src/lib/json.ts';
import type { DeskSystem } from './desk-connector.ts';

const evidence = { mark: 'doc', source: 'this file' } as const;
const output = z.object({ ok: z.boolean() });
const repeat = { class: 'at-most-once', evidence } as const;
const shared = { output, repeat, evidence: [evidence] };
const plain = { reversible: 'no', external: false, privileged: false, count: 1 } as const;

/** A desk whose calls can be sent together. */
export function batchConnector(system: DeskSystem) {
  const read = readOperation({
    name: 'desk.document.read',
    description: 'Reads a document.',
    input: z.strictObject({ id: z.string() }),
    output: z.object({ text: z.string() }),
    resourceTypes: ['Desk::Document'],
    resources: ({ id }) => [{ type: 'Desk::Document', id }],
    labels: ({ id }) => (id.startsWith('hr') ? ['hr'] : []),
    execute: async ({ id }) => ({ status: 'succeeded', result: { text: `all about ${id}` } }),
    evidence: [evidence],
  });
  const note = readOperation({
    name: 'desk.flag.read',
    description: 'Reads what stands on a flag.',
    input: z.strictObject({ name: z.string() }),
    output: z.object({ text: z.string() }),
    resourceTypes: ['Desk::Flag'],
    resources: ({ name }) => [{ type: 'Desk::Flag', id: name }],
    execute: async ({ name }) => ({ status: 'succeeded', result: { text: `on ${name}` } }),
    evidence: [evidence],
  });
  const search = readOperation({
    name: 'desk.document.search',
    description: 'Finds documents; whose they are shows in the answer only.',
    input: z.strictObject({ words: z.string() }),
    output: z.object({ text: z.string() }),
    resourceTypes: ['Desk::Document'],
    resources: () => [{ type: 'Desk::Document', id: 'all' }],
    resultLabels: ({ text }) => (text.includes('hr') ? ['hr'] : []),
    execute: async ({ words }) => ({ status: 'succeeded', result: { text: words } }),
    evidence: [evidence],
  });
  const flag = (verb: 'set' | 'clear') =>
    writeOperation({
      ...shared,
      name: `desk.flag.${verb}`,
      description: 'Sets or clears a flag.',
      input: z.strictObject({ name: z.string(), note: z.string().optional() }),
      resourceTypes: ['Desk::Flag'],
      resources: ({ name }) => [{ type: 'Desk::Flag', id: name }],
      effect: () => ({ ...plain, kind: 'update', reversible: 'operation' }),
      effectKinds: ['update'],
      undo: ({ name }) => ({ operation: `desk.flag.${verb === 'set' ? 'clear' : 'set'}`, input: { name } }),
      execute: ({ name }) => system.write(`${verb} ${name}`),
    });
  const transfer = writeOperation({
    ...shared,
    name: 'desk.transfer.create',
    description: 'Sends money.',
    input: z.strictObject({ to: z.string(), cents: z.int().min(1) }),
    resourceTypes: ['Desk::Account'],
    resources: ({ to }) => [{ type: 'Desk::Account', id: to }],
    effect: ({ cents }) => ({ ...plain, kind: 'spend', amount: { minorUnits: cents, currency: 'EUR' } }),
    effectKinds: ['spend'],
    undo: { none: 'Money that was sent is gone.' },
    execute: ({ to }) => system.write(`transfer ${to}`),
  });
  const operations = [read, note, search, flag('set'), flag('clear'), transfer];
  const batch = batchOperation({
    name: 'desk.batch.execute',
    description: 'Sends several calls together.',
    input: z.strictObject({
      calls: z.array(z.strictObject({ operation: z.string(), input: z.record(z.string(), z.json()) })).max(200),
    }),
    output: z.object({ answers: z.array(z.object({ status: z.string(), text: z.string().optional() })) }),
    repeat,
    operations,
    parts: ({ calls }) => calls,
    outcomes: (result) => {
      const answers = isJsonObject(result) && Array.isArray(result['answers']) ? result['answers'] : [];
      return answers.map((answer): PartOutcome => {
        const { status = 'unknown', text } = isJsonObject(answer) ? answer : {};
        if (status !== 'succeeded') return { status: status === 'failed' ? 'failed' : 'unknown' };
        return { status, result: text === undefined ? { ok: true } : { text } };
      });
    },
    execute: async ({ calls }, context) => {
      const answers: { status: string; text?: string }[] = [];
      for (const { operation, input } of calls) {
        const part = operations.find(({ name }) => name === operation);
        if (part === undefined) throw new Error(`no ${operation}`);
        // Each of them parses its own input.
        const { status, ...rest } = await part.execute(part.input.parse(input) as never, context);
        if (status === 'unknown' && system.cutsOff) return { status, code: 'OUTCOME_UNKNOWN', detail: 'cut off' };
        const result = 'result' in rest && typeof rest.result === 'object' ? rest.result : {};
        answers.push({ status, ...result });
      }
      return { status: 'succeeded', result: { answers } };
    },
    evidence: [evidence],
  });
  return defineConnector({
    system: 'desk',
    title: 'Desk',
    settings: z.strictObject({}),
    connect: async () => ({
      operations: [...operations, batch],
      resourceTypes: { 'Desk::Document': {}, 'Desk::Flag': {}, 'Desk::Account': {} },
      labels: ['hr'],
    }),
  });
}
