import { z } from 'zod';
import { defineConnector, readOperation } from '../../../src/connector/contract.ts';

const evidence = { mark: 'doc', source: 'this file' } as const;

/** A system that knows whether a person works here; a configuration names it by its path. */
export default defineConnector({
  system: 'people',
  title: 'People',
  settings: z.strictObject({}),
  connect: async () => ({
    operations: [
      readOperation({
        name: 'people.person.read',
        description: 'Reads a person.',
        input: z.strictObject({ id: z.string() }),
        output: z.object({ name: z.string() }),
        resourceTypes: ['People::Person'],
        resources: ({ id }) => [{ type: 'People::Person', id }],
        execute: async ({ id }) => ({ status: 'succeeded', result: { name: id } }),
        evidence: [evidence],
      }),
    ],
    resourceTypes: { 'People::Person': {} },
    labels: [],
    enrichers: [
      {
        name: 'worksHere',
        title: 'Whether the person works here.',
        type: 'Bool',
        about: ['People::Person'],
        ttlMs: 600_000,
        fetch: async ({ id }) => id === 'ada',
        evidence: [evidence],
      },
    ],
  }),
});
