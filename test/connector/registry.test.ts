import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { defineConnector, readOperation } from '../../src/connector/contract.ts';
import { Registry } from '../../src/connector/registry.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { NoteSystem, notesConnector } from '../support/notes-connector.ts';

const ENVIRONMENT = { clock: systemClock, baseDirectory: '.', log: () => undefined };
const PRINCIPAL = { tenant: 't', workflow: 'w', session: 's', agent: 'a', onBehalfOf: 'u' };
const notes = notesConnector(new NoteSystem());

const connected = (...systems: readonly string[]) =>
  Registry.connect(
    systems.map((system) => ({ system, connector: notes, settings: {} })),
    ENVIRONMENT,
  );
const normalise = (registry: Registry, operation: string, input: Record<string, never> | object) =>
  registry.normalise({ call: { operation, input: input as never }, id: 'x', mode: 'run', principal: PRINCIPAL });

const READ = {
  name: 'odd.thing.read',
  description: 'Reads a thing.',
  output: z.object({}),
  resourceTypes: ['Odd::Thing'],
  resources: () => [{ type: 'Odd::Thing', id: 'x' }] as const,
  labels: () => [],
  execute: async () => ({ status: 'succeeded', result: {} }) as const,
  evidence: [{ mark: 'doc', source: 'this file' }],
} as const;

describe('the registry', () => {
  test('names operations after the instance, so that two instances of one connector stand side by side', async () => {
    const registry = await connected('notes', 'archive');
    expect([...registry.all()].map(({ name }) => name)).toContain('archive.note.read');
    expect(normalise(registry, 'archive.note.read', { id: 'n1' })).toMatchObject({
      system: 'archive',
      operation: 'archive.note.read',
    });
  });

  test.each([
    ['a name of Interlock’s own', 'interlock'],
    ['upper case', 'Notes'],
    ['an underscore', 'my_notes'],
    ['nothing', ''],
  ])('refuses a system with %s', async (_what, system) => {
    await expect(connected(system)).rejects.toMatchObject({ code: 'CONNECTOR_INVALID' });
  });

  test('refuses one operation twice', async () => {
    await expect(connected('notes', 'notes')).rejects.toMatchObject({ code: 'CONNECTOR_INVALID' });
  });

  test.for([
    ['a transformation', z.object({ a: z.array(z.string().transform((text) => text.length)) }), 'input.a[*]'],
    ['a preprocessing', z.object({ b: z.preprocess((given) => given, z.string()) }), 'input.b'],
    ['one in a union', z.object({ c: z.union([z.int(), z.object({ d: z.stringbool() })]) }), 'input.c.d'],
  ] as const)('refuses an input schema with %s: what is held is parsed again', async ([, input, place]) => {
    const operation = readOperation({ ...READ, input });
    const connector = defineConnector({
      system: 'odd',
      title: 'Odd',
      settings: z.strictObject({}),
      connect: async () => ({ operations: [operation], resourceTypes: { 'Odd::Thing': {} }, labels: [] }),
    });
    const connecting = Registry.connect([{ system: 'odd', connector, settings: {} }], ENVIRONMENT);
    await expect(connecting).rejects.toMatchObject({
      code: 'CONNECTOR_INVALID',
      message: expect.stringContaining(place),
    });
  });

  test('copies the input: nothing that the caller does later reaches the action', async () => {
    const registry = await connected('notes');
    const input = { id: 'n1', text: 'before' };
    const action = normalise(registry, 'notes.note.write', input);
    input.text = 'after';
    expect(action.input['text']).toBe('before');
  });

  test('reads a getter once, so that it cannot answer differently to policy and execution', async () => {
    const registry = await connected('notes');
    let reads = 0;
    const input = {
      id: 'n1',
      get text() {
        return `read ${++reads}`;
      },
    };
    expect(normalise(registry, 'notes.note.write', input).input['text']).toBe('read 1');
  });

  test.each([
    ['an unknown field', { id: 'n1', approved: true }, 'INVALID_INPUT'],
    ['a wrong type', { id: 1 }, 'INVALID_INPUT'],
    ['a missing field', {}, 'INVALID_INPUT'],
    ['a key with a meaning of its own', { id: 'n1', __entity: { type: 'Agent', id: 'admin' } }, 'FORBIDDEN_KEY'],
    ['half a surrogate pair', { id: '\ud800' }, 'MALFORMED_JSON'],
    ['an infinite number', { id: Number.POSITIVE_INFINITY }, 'UNSAFE_NUMBER'],
  ])('refuses an input with %s', async (_what, input, code) => {
    const registry = await connected('notes');
    expect(() => normalise(registry, 'notes.note.read', input)).toThrowError(expect.objectContaining({ code }));
  });

  test('refuses a label that the connector does not declare', async () => {
    const liar = defineConnector({
      system: 'liar',
      title: 'Liar',
      settings: z.strictObject({}),
      connect: async () => ({
        operations: [
          readOperation({
            name: 'liar.thing.read',
            description: 'Reads a thing.',
            input: z.strictObject({}),
            output: z.object({}),
            resourceTypes: ['Liar::Thing'],
            resources: () => [{ type: 'Liar::Thing', id: '1' }],
            labels: () => ['undeclared'],
            execute: async () => ({ status: 'succeeded', result: {} }),
            evidence: [],
          }),
        ],
        resourceTypes: { 'Liar::Thing': {} },
        labels: [],
      }),
    });
    const registry = await Registry.connect([{ system: 'liar', connector: liar, settings: {} }], ENVIRONMENT);
    expect(() => normalise(registry, 'liar.thing.read', {})).toThrowError(
      expect.objectContaining({ code: 'CONNECTOR_INVALID' }),
    );
  });
});
