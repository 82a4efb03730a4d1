import { z } from 'zod';
import type { Effect } from '../../src/action/effect.ts';
import { defineConnector, type ExecutionResult, readOperation, writeOperation } from '../../src/connector/contract.ts';

/** A system small enough to see through: notes in a map, and a record of every effect that really happened. */
export class NoteSystem {
  readonly notes = new Map<string, string>();
  /** What happened, as `write n1`. */
  readonly effects: string[] = [];
  /** The marks that the effects carried. */
  readonly marks = new Set<string>();
  /** What the next writes do instead of succeeding. */
  readonly faults: ('before' | 'after' | 'refuse' | 'throw')[] = [];
  /** Set to hold every write until it resolves. */
  gate: Promise<void> = Promise.resolve();

  async write(mark: string, effect: string, change: () => void): Promise<ExecutionResult> {
    await this.gate;
    const fault = this.faults.shift();
    if (fault === 'throw') throw new Error('a bug in the connector');
    if (fault === 'refuse')
      return { status: 'failed', code: 'EXECUTION_FAILED', detail: 'the system refused', exposed: false };
    if (fault === 'before') return { status: 'unknown', code: 'EXECUTION_TIMEOUT', detail: 'cut off' };
    change();
    this.effects.push(effect);
    this.marks.add(mark);
    if (fault === 'after') return { status: 'unknown', code: 'EXECUTION_TIMEOUT', detail: 'cut off' };
    return { status: 'succeeded', result: { ok: true } };
  }
}

const EVIDENCE = { mark: 'doc', source: 'this file' } as const;
const update = (external: boolean): Effect => ({
  kind: external ? 'communicate' : 'create',
  reversible: external ? 'no' : 'operation',
  external,
  privileged: false,
  count: 1,
});
const note = (id: string) => [{ type: 'Notes::Note' as const, id }] as const;

/** The connector of a {@link NoteSystem}; its operations carry each kind of effect that the gate treats differently. */
export function notesConnector(system: NoteSystem) {
  const readNote = readOperation({
    name: 'notes.note.read',
    description: 'Reads a note.',
    input: z.strictObject({ id: z.string() }),
    output: z.object({ text: z.string(), ssn: z.string().optional(), tags: z.array(z.string()).optional() }),
    resourceTypes: ['Notes::Note'],
    resources: ({ id }) => note(id),
    labels: ({ id }) => (id.startsWith('hr') ? ['hr'] : []),
    resultLabels: ({ text }) => (text.includes('untrusted') ? ['untrusted'] : []),
    execute: async ({ id }) => {
      const text = system.notes.get(id);
      if (text === undefined)
        return { status: 'failed', code: 'EXECUTION_FAILED', detail: 'there is no such note', exposed: false };
      return {
        status: 'succeeded',
        result: { text, ssn: '123-45-6789', tags: ['a', 'b', 'c'], undeclared: 'never shown' },
      };
    },
    evidence: [EVIDENCE],
  });
  const write = writeOperation({
    name: 'notes.note.write',
    description: 'Writes a note.',
    input: z.strictObject({
      id: z.string(),
      text: z.string(),
      copies: z.int().min(1).default(1),
      ssn: z.string().optional(),
    }),
    output: z.object({ ok: z.boolean() }),
    resourceTypes: ['Notes::Note'],
    resources: ({ id }) => note(id),
    effect: ({ copies }) => ({ ...update(false), count: copies }),
    effectKinds: ['create'],
    repeat: { class: 'at-most-once', evidence: EVIDENCE },
    probe: async (_input, { actionId }) =>
      system.marks.has(actionId) ? { status: 'applied', result: { ok: true } } : { status: 'not-applied' },
    undo: { none: 'a note has no history' },
    execute: ({ id, text }, { actionId }) => system.write(actionId, `write ${id}`, () => system.notes.set(id, text)),
    evidence: [EVIDENCE],
  });
  const send = writeOperation({
    name: 'notes.note.send',
    description: 'Sends a note to somebody outside.',
    input: z.strictObject({ id: z.string(), to: z.string() }),
    output: z.object({ ok: z.boolean() }),
    resourceTypes: ['Notes::Note'],
    resources: ({ id }) => note(id),
    effect: () => update(true),
    effectKinds: ['communicate'],
    repeat: { class: 'at-most-once', evidence: EVIDENCE },
    undo: { none: 'what was sent was seen' },
    execute: ({ id }, { actionId }) => system.write(actionId, `send ${id}`, () => undefined),
    evidence: [EVIDENCE],
  });
  return defineConnector({
    system: 'notes',
    title: 'Notes',
    settings: z.strictObject({}),
    connect: async () => ({
      operations: [readNote, write, send],
      resourceTypes: { 'Notes::Note': {} },
      labels: ['hr', 'untrusted'],
    }),
  });
}
