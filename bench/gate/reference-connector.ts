import { z } from 'zod';
import type { Effect } from '../../src/action/effect.ts';
import { type AnyConnector, defineConnector, writeOperation } from '../../src/connector/contract.ts';
import type { JsonObject } from '../../src/lib/json.ts';

const SYSTEM = 'tickets';

/** What the system keeps: one operation updates each. */
const NOUNS = [
  ...['incident', 'problem', 'change', 'request', 'task', 'asset', 'contract', 'article', 'survey', 'release'],
  ...['event', 'alert', 'service', 'vendor', 'location', 'project', 'risk', 'control', 'audit', 'budget'],
] as const;

export const OPERATIONS: readonly string[] = NOUNS.map((noun) => `${SYSTEM}.${noun}.update`);

/** The operation of the reference action. */
export const REFERENCE_OPERATION = `${SYSTEM}.incident.update`;

/** The input that every operation takes; also what the conventional stack parses with. */
export const ticketInput = z.strictObject({
  id: z.string().min(1),
  shortDescription: z.string().max(160),
  description: z.string().max(4_000),
  category: z.enum(['access', 'hardware', 'network', 'software']),
  subcategory: z.string(),
  impact: z.int().min(1).max(3),
  urgency: z.int().min(1).max(3),
  state: z.enum(['new', 'in-progress', 'on-hold', 'resolved', 'closed']),
  majorIncident: z.boolean(),
  reopened: z.int().min(0),
  dueAt: z.iso.datetime(),
  caller: z.strictObject({
    id: z.string(),
    name: z.string(),
    email: z.email(),
    department: z.string(),
    location: z.strictObject({ site: z.string(), floor: z.int(), country: z.string().length(2) }),
  }),
  assignment: z.strictObject({ group: z.string(), assignee: z.string(), escalated: z.boolean() }),
  affected: z.strictObject({
    service: z.string(),
    environment: z.enum(['production', 'staging', 'development']),
    users: z.int().min(0),
    items: z.array(z.string()),
  }),
  tags: z.array(z.string()),
  notes: z.array(z.strictObject({ author: z.string(), text: z.string(), visible: z.boolean() })),
});

/** About 1 KB of nested JSON with 29 fields. */
export const REFERENCE_INPUT = {
  id: 'INC0048213',
  shortDescription: 'Sign-in fails for the Lisbon office since the directory was migrated last night',
  description:
    'Since 06:40 nobody in the Lisbon office can sign in to the intranet or to the ticket system. The sign-in page answers ' +
    'with error 5027. Other offices are not affected. The change CHG0031177 moved the office to the new directory at 02:15.',
  category: 'access',
  subcategory: 'single-sign-on',
  impact: 2,
  urgency: 2,
  state: 'in-progress',
  majorIncident: false,
  reopened: 0,
  dueAt: '2026-03-02T16:00:00Z',
  caller: {
    id: 'usr-20418',
    name: 'Inês Carvalho',
    email: 'ines.carvalho@example.com',
    department: 'Customer Care',
    location: { site: 'Lisbon', floor: 3, country: 'PT' },
  },
  assignment: { group: 'service-desk', assignee: 'usr-00731', escalated: false },
  affected: { service: 'intranet', environment: 'production', users: 140, items: ['idp-eu-2', 'gateway-lis-1'] },
  tags: ['sign-in', 'directory', 'lisbon'],
  notes: [{ author: 'usr-00731', text: 'The vendor was asked for the sign-in log of 02:00 to 07:00.', visible: true }],
} satisfies JsonObject;

const EFFECT: Effect = { kind: 'update', reversible: 'operation', external: false, privileged: false, count: 1 };

/** A system in memory that answers at once, so that what is measured is Interlock. */
export const ticketsConnector: AnyConnector = defineConnector({
  system: SYSTEM,
  title: 'Tickets',
  settings: z.strictObject({}),
  connect: async () => ({
    operations: NOUNS.map(updateOf),
    resourceTypes: { 'Tickets::Ticket': { environment: 'String' } },
    labels: ['untrusted'],
  }),
});

function updateOf(noun: (typeof NOUNS)[number]) {
  return writeOperation({
    name: `${SYSTEM}.${noun}.update`,
    description: `Updates a ticket of the kind ${noun}.`,
    input: ticketInput,
    output: z.object({ id: z.string(), version: z.int() }),
    resourceTypes: ['Tickets::Ticket'],
    resources: ({ id, affected }) => [
      { type: 'Tickets::Ticket', id, attributes: { environment: affected.environment } },
    ],
    effect: () => EFFECT,
    effectKinds: ['update'],
    repeat: { class: 'naturally-idempotent', evidence: { mark: 'doc', source: 'it sets fields in memory' } },
    undo: { none: 'nothing is kept' },
    execute: async ({ id }) => ({ status: 'succeeded', result: { id, version: 2 } }),
    evidence: [{ mark: 'doc', source: 'this file' }],
  });
}
