import { z } from 'zod';
import type { Effect } from '../../src/action/effect.ts';
import { type AnyConnector, defineConnector, writeOperation } from '../../src/connector/contract.ts';
import type { Json } from '../../src/lib/json.ts';
import { OPERATIONS } from './rules.ts';

const EFFECT: Effect = { kind: 'update', reversible: 'operation', external: false, privileged: false, count: 1 };

const note = z.strictObject({ author: z.string(), text: z.string(), visible: z.boolean() });

/** Records by name, because policies see no list of records. */
export const NOTES = Array.from({ length: 100 }, (_, index) => `note${index}`);

const input = z.strictObject({
  id: z.string(),
  group: z.string(),
  category: z.string(),
  environment: z.string(),
  escalated: z.boolean(),
  major: z.boolean(),
  users: z.int(),
  tags: z.array(z.string()),
  recipients: z.array(z.string()),
  notes: z.strictObject(Object.fromEntries(NOTES.map((name) => [name, note.optional()]))),
});

export interface TicketInput extends Omit<z.infer<typeof input>, 'notes'> {
  readonly notes: Readonly<Record<string, z.infer<typeof note>>>;
  /** Nothing else; it says that this is JSON. */
  readonly [name: string]: Json;
}

/** The operations that the bench's policies are asked about. Nothing is executed. */
export const ticketsConnector: AnyConnector = defineConnector({
  system: 'tickets',
  title: 'Tickets',
  settings: z.strictObject({}),
  connect: async () => ({
    operations: OPERATIONS.map((name) =>
      writeOperation({
        name,
        description: 'Updates a ticket.',
        input,
        output: z.object({ id: z.string() }),
        resourceTypes: ['Tickets::Ticket'],
        resources: ({ id }) => [{ type: 'Tickets::Ticket', id }],
        effect: () => EFFECT,
        effectKinds: ['update'],
        repeat: { class: 'naturally-idempotent', evidence: { mark: 'doc', source: 'it sets fields in memory' } },
        undo: { none: 'nothing is kept' },
        execute: async ({ id }) => ({ status: 'succeeded', result: { id } }),
        evidence: [{ mark: 'doc', source: 'this file' }],
      }),
    ),
    resourceTypes: { 'Tickets::Ticket': {} },
    labels: ['label-0', 'label-1'],
  }),
});
