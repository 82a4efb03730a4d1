import { httpExecution, type ProbeResult, path, writeOperation, z } from '../../../connector/index.ts';
import { DOCUMENTED, ticket, ticketId, ticketOf } from './ticket.ts';

const found = z.object({ tickets: z.array(ticket) });

export const createTicket = writeOperation({
  name: 'tracker.ticket.create',
  description: 'Opens a ticket. With `notify` an e-mail goes out, which nothing takes back.',
  input: z.strictObject({ title: z.string().min(1).max(200), notify: z.email().optional() }),
  output: ticket,
  resourceTypes: ['Tracker::Ticket'],
  resources: () => [ticketOf('new')],
  touched: ({ id }) => [ticketOf(id)],
  // The effect follows from the arguments, and what is unknown counts as the worst.
  effect: ({ notify }) =>
    notify === undefined
      ? { kind: 'create', reversible: 'operation', external: false, privileged: false, count: 1 }
      : { kind: 'communicate', reversible: 'no', external: true, privileged: false, count: 1 },
  effectKinds: ['create', 'communicate'],
  // Sent once. A lost answer is settled by looking for the mark that the call carried.
  repeat: { class: 'at-most-once', evidence: DOCUMENTED },
  execute: httpExecution({
    request: (body, { actionId }) => ({
      method: 'POST',
      path: '/tickets',
      body: { title: body.title, reference: actionId, ...(body.notify === undefined ? {} : { notify: body.notify }) },
    }),
    repeatable: false,
    result: ({ body }) => ticket.parse(body),
  }),
  probe: async (_input, { actionId, http, signal }): Promise<ProbeResult> => {
    const call = { method: 'GET', path: '/tickets', query: { reference: actionId } } as const;
    const answer = await http.send(call, { repeatable: true, reads: true, signal });
    if (!answer.ok) return { status: 'undetermined', detail: answer.detail };
    const parsed = found.safeParse(answer.reply.body);
    if (!parsed.success) return { status: 'undetermined', detail: 'the answer is no list of tickets' };
    const [result] = parsed.data.tickets;
    return result === undefined ? { status: 'not-applied' } : { status: 'applied', result };
  },
  undo: ({ notify }, result) => {
    const created = ticket.safeParse(result);
    if (notify !== undefined || !created.success) return undefined;
    return { operation: 'tracker.ticket.delete', input: { id: created.data.id } };
  },
  evidence: [DOCUMENTED],
});

export const setStatus = writeOperation({
  name: 'tracker.ticket.set-status',
  description: 'Moves a ticket from one status to another.',
  input: z.strictObject({ id: ticketId, from: z.enum(['open', 'done']), to: z.enum(['open', 'done']) }),
  output: ticket,
  resourceTypes: ['Tracker::Ticket'],
  resources: ({ id }) => [ticketOf(id)],
  effect: () => ({ kind: 'update', reversible: 'operation', external: false, privileged: false, count: 1 }),
  effectKinds: ['update'],
  // A second PUT of the same status changes nothing, so that it may be sent again.
  repeat: { class: 'naturally-idempotent', evidence: DOCUMENTED },
  execute: httpExecution({
    request: ({ id, to }) => ({ method: 'PUT', path: path`/tickets/${id}/status`, body: { status: to } }),
    repeatable: true,
    result: ({ body }) => ticket.parse(body),
  }),
  undo: ({ id, from, to }) => ({ operation: 'tracker.ticket.set-status', input: { id, from: to, to: from } }),
  evidence: [DOCUMENTED],
});

export const deleteTicket = writeOperation({
  name: 'tracker.ticket.delete',
  description: 'Deletes a ticket for good.',
  input: z.strictObject({ id: ticketId }),
  output: z.object({}),
  resourceTypes: ['Tracker::Ticket'],
  resources: ({ id }) => [ticketOf(id)],
  effect: () => ({ kind: 'delete', reversible: 'no', external: false, privileged: true, count: 1 }),
  effectKinds: ['delete'],
  repeat: { class: 'at-most-once', evidence: DOCUMENTED },
  execute: httpExecution({
    request: ({ id }) => ({ method: 'DELETE', path: path`/tickets/${id}` }),
    repeatable: false,
    result: () => ({}),
  }),
  probe: async ({ id }, { http, signal }): Promise<ProbeResult> => {
    const call = { method: 'GET', path: path`/tickets/${id}` } as const;
    const answer = await http.send(call, { repeatable: true, reads: true, signal });
    if (answer.ok) return { status: 'not-applied' };
    return answer.reply?.status === 404
      ? { status: 'applied', result: {} }
      : { status: 'undetermined', detail: answer.detail };
  },
  undo: { none: 'The system keeps no copy of a deleted ticket.' },
  evidence: [DOCUMENTED],
});
