import { httpExecution, path, readOperation, z } from '../../../connector/index.ts';
import { DOCUMENTED, ticket, ticketId, ticketOf } from './ticket.ts';
import { createTicket, deleteTicket, setStatus } from './writes.ts';

const page = z.object({ tickets: z.array(ticket), next: z.string().optional() });

const getTicket = readOperation({
  name: 'tracker.ticket.get',
  description: 'Reads one ticket.',
  input: z.strictObject({ id: ticketId }),
  output: ticket,
  resourceTypes: ['Tracker::Ticket'],
  resources: ({ id }) => [ticketOf(id)],
  // Anybody can write a ticket: whoever reads one has read somebody's words.
  labels: () => ['untrusted'],
  execute: httpExecution({
    request: ({ id }) => ({ method: 'GET', path: path`/tickets/${id}` }),
    repeatable: true,
    result: ({ body }) => ticket.parse(body),
  }),
  evidence: [DOCUMENTED],
});

const listTickets = readOperation({
  name: 'tracker.ticket.list',
  description: 'Lists one page of tickets; `next` is the cursor of the following one.',
  input: z.strictObject({ status: z.enum(['open', 'done']).optional(), cursor: z.string().max(200).optional() }),
  output: page,
  resourceTypes: ['Tracker::Ticket'],
  resources: () => [ticketOf('*')],
  labels: () => ['untrusted'],
  execute: httpExecution({
    request: ({ status, cursor }) => ({ method: 'GET', path: '/tickets', query: { status, cursor } }),
    repeatable: true,
    result: ({ body }) => page.parse(body),
  }),
  evidence: [DOCUMENTED],
});

export const operations = [getTicket, listTickets, createTicket, setStatus, deleteTicket];
