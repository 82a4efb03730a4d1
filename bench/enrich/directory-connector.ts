import { z } from 'zod';
import { defineConnector, readOperation } from '../../src/connector/contract.ts';

const evidence = { mark: 'doc', source: 'this file' } as const;

/** The one fact that the directory knows. */
export const FACT = 'directoryRisk';
export const SYSTEM = 'directory';
export const OPERATION = `${SYSTEM}.person.read`;

/** A system that knows how risky each user is. */
export function directoryConnector(ask: (user: string) => Promise<string>) {
  const read = readOperation({
    name: OPERATION,
    description: 'Reads a person.',
    input: z.strictObject({ id: z.string() }),
    output: z.object({}),
    resourceTypes: ['Directory::Person'],
    resources: ({ id }) => [{ type: 'Directory::Person', id }],
    execute: async () => ({ status: 'succeeded', result: {} }),
    evidence: [evidence],
  });
  return defineConnector({
    system: SYSTEM,
    title: 'Directory',
    settings: z.strictObject({}),
    connect: async () => ({
      operations: [read],
      resourceTypes: { 'Directory::Person': {} },
      labels: [],
      enrichers: [
        {
          name: 'risk',
          title: 'How risky the user is.',
          type: 'String',
          about: 'user',
          ttlMs: 600_000,
          fetch: ({ id }) => ask(id),
          evidence: [evidence],
        },
      ],
    }),
  });
}
