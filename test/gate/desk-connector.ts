import { z } from 'zod';
import { defineConnector, type ExecutionResult, readOperation, writeOperation } from '../../src/connector/contract.ts';

/** What an operation of the desk comes to. */
export type DeskFault = 'before' | 'after' | 'refuse' | 'accept' | undefined;

/** Documents, sign-ins, money and changes: just enough for policies with a memory. */
export class DeskSystem {
  /** What really happened, as `transfer 500`. */
  readonly effects: string[] = [];
  /** What the next write does instead of succeeding; told the input. */
  fault: (effect: string) => DeskFault = () => undefined;
  /** An answer that gets lost ends the whole call, where calls are sent together. */
  cutsOff = false;
  /** Set to hold every write until it resolves. */
  gate: Promise<void> = Promise.resolve();

  async write(effect: string): Promise<ExecutionResult> {
    await this.gate;
    const fault = this.fault(effect);
    if (fault === 'refuse')
      return { status: 'failed', code: 'EXECUTION_FAILED', detail: 'the desk refused', exposed: false };
    if (fault === 'before') return { status: 'unknown', code: 'EXECUTION_TIMEOUT', detail: 'cut off' };
    this.effects.push(effect);
    if (fault === 'after') return { status: 'unknown', code: 'EXECUTION_TIMEOUT', detail: 'cut off' };
    if (fault === 'accept') return { status: 'accepted', handle: { effect } };
    return { status: 'succeeded', result: { ok: true } };
  }
}

const evidence = { mark: 'doc', source: 'this file' } as const;
const output = z.object({ ok: z.boolean() });
const repeat = { class: 'at-most-once', evidence } as const;
const undo = { none: 'this is a test' } as const;
const shared = { output, repeat, undo, evidence: [evidence] };
const document = (id: string) => [{ type: 'Desk::Document' as const, id }] as const;
const plain = { reversible: 'no', external: false, privileged: false, count: 1 } as const;

export function deskConnector(system: DeskSystem) {
  const read = readOperation({
    name: 'desk.document.read',
    description: 'Reads a document.',
    input: z.strictObject({ id: z.string() }),
    output,
    resourceTypes: ['Desk::Document'],
    resources: ({ id }) => document(id),
    labels: ({ id }) => (id.startsWith('hr') ? ['hr'] : []),
    execute: async ({ id }) =>
      id.startsWith('gone')
        ? { status: 'failed', code: 'EXECUTION_FAILED', detail: 'it is gone', exposed: false }
        : { status: 'succeeded', result: { ok: true } },
    evidence: [evidence],
  });
  const write = writeOperation({
    ...shared,
    name: 'desk.document.write',
    description: 'Writes a document.',
    input: z.strictObject({ document: z.string(), note: z.string().optional(), copies: z.int().optional() }),
    resourceTypes: ['Desk::Document'],
    resources: (input) => document(input.document),
    effect: ({ copies = 1 }) => ({ ...plain, kind: 'update', count: copies }),
    effectKinds: ['update'],
    execute: (input) => system.write(`write ${input.document}`),
  });
  const sign = (verb: 'login' | 'logout') =>
    writeOperation({
      ...shared,
      name: `desk.session.${verb}`,
      description: 'Signs in or out.',
      input: z.strictObject({}),
      resourceTypes: ['Desk::Document'],
      resources: () => document('session'),
      effect: () => ({ ...plain, kind: 'execute' }),
      effectKinds: ['execute'],
      execute: () => system.write(verb),
    });
  const transfer = writeOperation({
    ...shared,
    name: 'desk.transfer.create',
    description: 'Sends money.',
    input: z.strictObject({
      to: z.string(),
      cents: z.int().min(1),
      currency: z.string().length(3).default('EUR'),
      cc: z.array(z.string()).optional(),
    }),
    resourceTypes: ['Desk::Account'],
    resources: ({ to }) => [{ type: 'Desk::Account', id: to }],
    effect: ({ cents, currency }) => ({ ...plain, kind: 'spend', amount: { minorUnits: cents, currency } }),
    effectKinds: ['spend'],
    execute: ({ cents }) => system.write(`transfer ${cents}`),
  });
  const change = (verb: 'request' | 'approve' | 'execute') =>
    writeOperation({
      ...shared,
      name: `desk.change.${verb}`,
      description: 'One step of a change.',
      input: z.strictObject({ change: z.string() }),
      resourceTypes: ['Desk::Change'],
      resources: (input) => [{ type: 'Desk::Change', id: input.change }],
      effect: () => ({ ...plain, kind: 'execute' }),
      effectKinds: ['execute'],
      execute: (input) => system.write(`${verb} ${input.change}`),
    });
  const operations = [
    read,
    write,
    sign('login'),
    sign('logout'),
    transfer,
    change('request'),
    change('approve'),
    change('execute'),
  ];
  return defineConnector({
    system: 'desk',
    title: 'Desk',
    settings: z.strictObject({}),
    connect: async () => ({
      operations,
      resourceTypes: { 'Desk::Document': {}, 'Desk::Account': {}, 'Desk::Change': {} },
      labels: ['hr'],
    }),
  });
}
