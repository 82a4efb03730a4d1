import { z } from 'zod';
import type { Effect } from '../../src/action/effect.ts';
import {
  defineConnector,
  type Execute,
  type Probe,
  readOperation,
  writeOperation,
} from '../../src/connector/contract.ts';

const EVIDENCE = { mark: 'doc', source: 'this file' } as const;

export const ORDINARY: Effect = {
  kind: 'update',
  reversible: 'operation',
  external: false,
  privileged: false,
  count: 1,
};

/** What a badly written connector does next; tests set the parts they are about. Values may lie about their types. */
export class OddSystem {
  execute: Execute<Record<string, unknown>> = async () => ({ status: 'succeeded', result: { text: 'fine' } });
  probe: Probe<Record<string, unknown>> = async () => ({ status: 'undetermined', detail: 'nobody knows' });
  effect: () => Effect = () => ORDINARY;
  labels: () => readonly string[] = () => [];
  /** Hears of every input that is described, and may keep it. */
  keep: (input: Record<string, unknown>) => void = () => undefined;
  resultLabels: (result: Record<string, unknown>) => readonly string[] = () => [];
  resourceType = 'Odd::Thing';
  executions = 0;
  probes = 0;
}

const input = z.strictObject({
  text: z.string().optional(),
  amount: z.union([z.number(), z.string(), z.array(z.number())]).optional(),
  items: z.union([z.array(z.json()), z.record(z.string(), z.json())]).optional(),
  nested: z.record(z.string(), z.json()).optional(),
});
/** Open, so that results can be anything that obligations might miss. */
const output = z.looseObject({});

/** The connector of an {@link OddSystem}: one operation that reads, one that writes. */
export function oddConnector(system: OddSystem) {
  const common = {
    input,
    output,
    resourceTypes: ['Odd::Thing'] as const,
    resources: () => [{ type: system.resourceType as 'Odd::Thing', id: 'thing' }] as const,
    labels: (given: Record<string, unknown>) => {
      system.keep(given);
      return system.labels();
    },
    resultLabels: (result: Record<string, unknown>) => system.resultLabels(result),
    execute: ((given, context) => {
      system.executions += 1;
      return system.execute(given, context);
    }) as Execute<z.output<typeof input>>,
    evidence: [EVIDENCE],
  };
  return defineConnector({
    system: 'odd',
    title: 'Odd',
    settings: z.strictObject({}),
    connect: async () => ({
      operations: [
        readOperation({ name: 'odd.thing.read', description: 'Reads a thing.', ...common }),
        writeOperation({
          name: 'odd.thing.write',
          description: 'Writes a thing.',
          ...common,
          effect: () => system.effect(),
          effectKinds: ['update'],
          repeat: { class: 'at-most-once', evidence: EVIDENCE },
          probe: (given, context) => {
            system.probes += 1;
            return system.probe(given, context);
          },
          undo: { none: 'it is odd' },
        }),
      ],
      resourceTypes: { 'Odd::Thing': {} },
      labels: ['hr', 'untrusted'],
    }),
  });
}
