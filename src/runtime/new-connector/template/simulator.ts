import {
  createSimulator,
  type Json,
  type Simulate,
  type SimulatorRequest,
  type SimulatorResponse,
  type SimulatorWorld,
} from '../../../connector/index.ts';

interface Ticket {
  readonly id: string;
  readonly title: string;
  readonly reference: string;
  status: string;
}

/** Opens nothing but simulations. */
const SIMULATED_TOKEN = 'tracker-simulated-token';
const PAGE_TICKETS = 2;

/** A small Tracker: it keeps tickets, and its audit log says what really happened. */
export const simulate: Simulate = async (options) => {
  const tickets = new Map<string, Ticket>();
  for (const [id, title] of [
    ['T-1', 'Printer'],
    ['T-2', 'Badge'],
    ['T-3', 'Chair'],
  ] as const)
    tickets.set(id, { id, title, reference: '', status: 'open' });
  return createSimulator({
    options,
    settings: (origin) => ({ origin, token: SIMULATED_TOKEN }),
    handle: (request, world) =>
      request.headers['authorization'] === `Bearer ${SIMULATED_TOKEN}`
        ? answer(tickets, request, world)
        : { status: 401 },
    refusal: (status) => ({ status, ...(status === 429 ? { headers: { 'retry-after': '1' } } : {}) }),
  });
};

function answer(tickets: Map<string, Ticket>, request: SimulatorRequest, world: SimulatorWorld): SimulatorResponse {
  const { method, segments, query } = request;
  const [noun, id, part] = segments;
  if (noun !== 'tickets') return { status: 404 };
  if (id === undefined) return method === 'POST' ? create(tickets, request, world) : list(tickets, query);
  const ticket = tickets.get(id);
  if (ticket === undefined) return { status: 404 };
  if (method === 'GET') return { status: 200, body: shown(ticket) };
  if (method === 'PUT' && part === 'status') return setStatus(ticket, request, world);
  if (method !== 'DELETE') return { status: 405 };
  tickets.delete(id);
  world.audit('ticket.delete', id);
  return { status: 204 };
}

function create(tickets: Map<string, Ticket>, { body }: SimulatorRequest, world: SimulatorWorld): SimulatorResponse {
  const { title, reference, notify } = Object(body);
  const ticket: Ticket = { id: `T-${world.id().slice(0, 8)}`, title, reference, status: 'open' };
  tickets.set(ticket.id, ticket);
  world.audit('ticket.create', ticket.id, reference);
  if (notify !== undefined) world.audit('ticket.notify', ticket.id, reference);
  return { status: 201, body: shown(ticket) };
}

function list(tickets: Map<string, Ticket>, query: URLSearchParams): SimulatorResponse {
  const matching = [...tickets.values()].filter(
    ({ status, reference }) =>
      [null, status].includes(query.get('status')) && [null, reference].includes(query.get('reference')),
  );
  const start = Number(query.get('cursor') ?? 0);
  const end = start + PAGE_TICKETS;
  const page = matching.slice(start, end).map(shown);
  return { status: 200, body: end < matching.length ? { tickets: page, next: String(end) } : { tickets: page } };
}

function setStatus(ticket: Ticket, { body }: SimulatorRequest, world: SimulatorWorld): SimulatorResponse {
  const { status } = Object(body);
  // What is so already does not happen again.
  if (ticket.status !== status) world.audit('ticket.set-status', ticket.id);
  ticket.status = status;
  return { status: 200, body: shown(ticket) };
}

/** With a field that the connector does not declare, and that must therefore never come through. */
function shown({ id, title, status }: Ticket): Json {
  return { id, title, status, internal: 'for nobody' };
}
