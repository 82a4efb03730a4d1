import { z } from 'zod';
import type { FactSubject, FactValue } from '../../src/action/fact.ts';
import { defineConnector, type Enricher, readOperation } from '../../src/connector/contract.ts';

const evidence = { mark: 'doc', source: 'this file' } as const;
const MINUTE_MS = 60_000;

/** What a directory and a file store can be asked; each look-up is told to the test. */
export class Sources {
  readonly asked: string[] = [];
  answer: (fact: string, subject: FactSubject) => Promise<FactValue | undefined> = async () => 'low';

  enricher(name: string, about: Enricher['about'], type: Enricher['type'] = 'String'): Enricher {
    const fetch = (subject: FactSubject) => {
      this.asked.push(`${name} ${subject.id}`);
      return this.answer(name, subject);
    };
    return { name, title: 'A fact.', type, about, ttlMs: 10 * MINUTE_MS, fetch, evidence: [evidence] };
  }
}

export function filesConnector(sources: Sources) {
  const open = readOperation({
    name: 'files.file.open',
    description: 'Opens a file.',
    input: z.strictObject({ id: z.string() }),
    output: z.object({}),
    resourceTypes: ['Files::File'],
    resources: ({ id }) => [{ type: 'Files::File', id }],
    execute: async () => ({ status: 'succeeded', result: {} }),
    evidence: [evidence],
  });
  return defineConnector({
    system: 'files',
    title: 'Files',
    settings: z.strictObject({}),
    connect: async () => ({
      operations: [open],
      resourceTypes: { 'Files::File': {} },
      labels: [],
      enrichers: [sources.enricher('userRisk', 'user'), sources.enricher('secrets', ['Files::File'], 'Long')],
    }),
  });
}
