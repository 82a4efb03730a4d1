import { z } from 'zod';
import { defineConnector, readOperation } from '../../src/connector/contract.ts';

const evidence = { mark: 'doc', source: 'this file' } as const;

/** The one fact that the directory knows, and what it is about. */
export const FACT = 'directoryRisk';
export const PERSON = 'Directory::Person';
export const SYSTEM = 'directory';
export const OPERATION = `${SYSTEM}.person.read`;

/** A system that knows how risky each person is. */
export function directoryConnector(ask: (person: string) => Promise<string>) {
  const read = readOperation({
    name: OPERATION,
    description: 'Reads a person.',
    input: z.strictObject({ id: z.string() }),
    output: z.object({}),
    resourceTypes: [PERSON],
    resources: ({ id }) => [{ type: PERSON, id }],
    execute: async () => ({ status: 'succeeded', result: {} }),
    evidence: [evidence],
  });
  return defineConnector({
    system: SYSTEM,
    title: 'Directory',
    settings: z.strictObject({}),
    connect: async () => ({
      operations: [read],
      resourceTypes: { [PERSON]: {} },
      labels: [],
      enrichers: [
        {
          name: 'risk',
          title: 'How risky the person is.',
          type: 'String',
          about: [PERSON],
          ttlMs: 600_000,
          fetch: ({ id }) => ask(id),
          evidence: [evidence],
        },
      ],
    }),
  });
}
