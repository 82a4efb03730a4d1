import {
  createSimulator,
  type Json,
  type JsonObject,
  type Simulate,
  type SimulatorRequest,
  type SimulatorResponse,
  type SimulatorWorld,
} from '../../src/connector/index.ts';

/** Opens nothing but simulations. */
const SIMULATED_TOKEN = 'pagerduty-simulated-key';
const FROM = 'agent@example.com';
const PAGE_ITEMS = 25;
const MOST_ITEMS = 100;

type Row = Record<string, Json>;
type Table = Map<string, Row>;

interface Account {
  readonly incidents: Table;
  readonly notes: Table;
  readonly overrides: Table;
  readonly windows: Table;
  readonly services: Table;
  readonly users: Table;
}

interface Asked {
  readonly account: Account;
  readonly request: SimulatorRequest;
  readonly world: SimulatorWorld;
}

/** A small PagerDuty: two services, a schedule, and people; its audit log says who was called and what became silent. */
export const simulate: Simulate = async (options) => {
  const account = furnished();
  return createSimulator({
    options,
    settings: (origin) => ({ origin, token: SIMULATED_TOKEN, from: FROM, domains: ['example.com'] }),
    handle: (request, world) => admit({ account, request, world }),
    refusal: (status) => refusal(status, status === 429 ? 'Rate Limit Exceeded' : 'An internal error has occurred.'),
  });
};

const table = (rows: readonly Row[]): Table => new Map(rows.map((row) => [String(row['id']), row]));
const pointer = (of: Json | undefined, kind: string): Row => ({
  id: of ?? null,
  type: `${kind}_reference`,
  summary: `The ${kind}`,
});

function furnished(): Account {
  const people = ['ada', 'bob', 'eve'].map((name, index) => ({
    id: `PUSER${index + 1}`,
    name,
    email: `${name}@example.com`,
    role: 'user',
    job_title: 'for nobody',
  }));
  return {
    incidents: table(['PINC1', 'PINC2', 'PINC3'].map((id, index) => incidentRow(id, { title: `Alarm ${index + 1}` }))),
    notes: table([]),
    overrides: table([
      {
        id: 'POVR1',
        schedule: 'PSCHED1',
        start: '2031-01-01T00:00:00Z',
        end: '2031-01-02T00:00:00Z',
        user: pointer('PUSER2', 'user'),
      },
    ]),
    windows: table([windowRow('PWIN1', { services: [pointer('PSVC2', 'service')] })]),
    services: table(
      ['PSVC1', 'PSVC2'].map((id) => ({ id, name: `Service ${id}`, status: 'active', integrations: 'for nobody' })),
    ),
    users: table(people),
  };
}

function incidentRow(id: string, fields: Row): Row {
  return {
    id,
    type: 'incident',
    incident_number: 1,
    status: 'triggered',
    urgency: 'high',
    incident_key: id,
    service: pointer('PSVC1', 'service'),
    escalation_policy: pointer('PPOLICY1', 'escalation_policy'),
    assignments: [{ assignee: pointer('PUSER1', 'user') }],
    created_at: '2026-01-01T00:00:00Z',
    ...fields,
  };
}

function windowRow(id: string, fields: Row): Row {
  const times = { start_time: '2031-01-01T00:00:00Z', end_time: '2031-01-01T01:00:00Z' };
  return { id, type: 'maintenance_window', description: 'Upgrade', ...times, ...fields };
}

function refusal(status: number, message: string, code = 2000): SimulatorResponse {
  const headers = { 'ratelimit-limit': '960', 'ratelimit-remaining': '0', 'ratelimit-reset': '1' };
  return { status, body: { error: { message, code } }, ...(status === 429 ? { headers } : {}) };
}

const NOT_FOUND = refusal(404, 'Not Found', 2100);

function admit(asked: Asked): SimulatorResponse {
  const { headers, method } = asked.request;
  if (headers['authorization'] !== `Token token=${SIMULATED_TOKEN}`) return refusal(401, 'Authentication failed', 2006);
  if (headers['accept'] !== 'application/vnd.pagerduty+json;version=2') return refusal(400, 'Which version?', 2001);
  if (method !== 'GET' && headers['from'] !== FROM) return refusal(400, 'Requester User Not Found', 1008);
  return route(asked);
}

const ROUTES: Readonly<Record<string, (asked: Asked) => SimulatorResponse>> = {
  incidents,
  oncalls,
  schedules,
  maintenance_windows: windows,
  services,
  users,
};

function route(asked: Asked): SimulatorResponse {
  const [noun = ''] = asked.request.segments;
  return Object.hasOwn(ROUTES, noun) ? (ROUTES[noun]?.(asked) ?? NOT_FOUND) : NOT_FOUND;
}

/** One page, as `limit`, `offset` and `more` say. */
function listed(name: string, rows: readonly Row[], { query }: SimulatorRequest): SimulatorResponse {
  const limit = Math.min(Number(query.get('limit') ?? PAGE_ITEMS), MOST_ITEMS);
  const offset = Number(query.get('offset') ?? 0);
  if (offset + limit > 10_000) return refusal(400, 'Invalid Input Provided', 2001);
  const more = offset + limit < rows.length;
  return { status: 200, body: { [name]: rows.slice(offset, offset + limit), limit, offset, more, total: null } };
}

const idOf = (row: Json | undefined): unknown => Object(row)['id'];
const asks = (query: URLSearchParams, name: string, value: unknown) => [null, value].includes(query.get(name));

function incidents(asked: Asked): SimulatorResponse {
  const { account, request } = asked;
  const [, id, part] = request.segments;
  if (id === undefined) return request.method === 'POST' ? createIncident(asked) : searchIncidents(asked);
  const incident = account.incidents.get(id);
  if (incident === undefined) return NOT_FOUND;
  if (part === 'notes') return notes(asked, id);
  if (part === 'merge') return merge(asked, incident);
  return request.method === 'PUT' ? updateIncident(asked, incident) : { status: 200, body: { incident } };
}

function searchIncidents({ account, request }: Asked): SimulatorResponse {
  const { query } = request;
  const found = [...account.incidents.values()].filter(
    (row) =>
      asks(query, 'statuses[]', row['status']) &&
      asks(query, 'incident_key', row['incident_key']) &&
      asks(query, 'service_ids[]', idOf(row['service'])) &&
      (query.get('user_ids[]') === null || assigneesOf(row).includes(query.get('user_ids[]'))),
  );
  return listed('incidents', found, request);
}

function assigneesOf(row: Row): readonly unknown[] {
  const assignments = row['assignments'];
  return Array.isArray(assignments) ? assignments.map((one) => idOf(Object(one)['assignee'])) : [];
}

function assignmentsIn(given: unknown): Json {
  const list: readonly unknown[] = Array.isArray(given) ? given : [];
  return list.map((one) => ({ assignee: pointer(String(idOf(Object(one)['assignee'])), 'user') }));
}

const isOpen = (row: Row) => row['status'] !== 'resolved';

function createIncident({ account, request, world }: Asked): SimulatorResponse {
  const given: Row = Object(Object(request.body).incident);
  const { title, service, incident_key: key, urgency, assignments, escalation_policy: policy } = given as JsonObject;
  if (!account.services.has(String(idOf(service)))) return refusal(404, 'Service Not Found', 5002);
  const isTaken = [...account.incidents.values()].some((row) => isOpen(row) && row['incident_key'] === key);
  if (isTaken) return refusal(400, 'Incident could not be created', 2001);
  const id = `P${world.id().slice(0, 12).toUpperCase()}`;
  const row = incidentRow(id, {
    title: title ?? '',
    incident_key: key ?? id,
    service: pointer(String(idOf(service)), 'service'),
    ...(urgency === undefined ? {} : { urgency }),
    ...(assignments === undefined ? {} : { assignments: assignmentsIn(assignments) }),
    ...(policy === undefined ? {} : { escalation_policy: policy }),
  });
  account.incidents.set(id, row);
  world.audit('incident.create', id, String(key));
  world.audit('person.call', String(assigneesOf(row)[0]));
  return { status: 201, body: { incident: row } };
}

function updateIncident({ request, world }: Asked, incident: Row): SimulatorResponse {
  const { status, assignments, escalation_policy: policy } = Object(Object(request.body).incident);
  if (!isOpen(incident)) return refusal(400, 'Incident Already Resolved', 1001);
  const id = String(incident['id']);
  if (status === 'acknowledged' && incident['status'] === status) {
    return refusal(400, 'Incident Already Acknowledged', 1002);
  }
  if (status !== undefined) {
    incident['status'] = status;
    world.audit(`incident.${status}`, id);
  }
  if (assignments !== undefined) incident['assignments'] = assignmentsIn(assignments);
  if (policy !== undefined) incident['escalation_policy'] = policy;
  if (assignments !== undefined || policy !== undefined) world.audit('incident.reassign', id);
  return { status: 200, body: { incident } };
}

function merge({ account, request, world }: Asked, target: Row): SimulatorResponse {
  const given: unknown = Object(request.body).source_incidents;
  const sources = (Array.isArray(given) ? given : []).map((one) => account.incidents.get(String(idOf(one))));
  if (!isOpen(target)) return refusal(400, 'Incident Already Resolved', 1001);
  if (sources.some((source) => source === undefined)) return NOT_FOUND;
  if (sources.some((source) => source?.['resolve_reason'] !== undefined))
    return refusal(400, 'Incident Already Merged', 1019);
  for (const source of sources) {
    if (source === undefined) continue;
    source['status'] = 'resolved';
    source['resolve_reason'] = { type: 'merge_resolve_reason', incident: pointer(target['id'], 'incident') };
    world.audit('incident.merge', String(source['id']), String(target['id']));
  }
  return { status: 200, body: { incident: target } };
}

function notes({ account, request, world }: Asked, incident: string): SimulatorResponse {
  if (request.method !== 'POST') {
    const found = [...account.notes.values()].filter((row) => row['incident'] === incident);
    return { status: 200, body: { notes: found } };
  }
  const id = `P${world.id().slice(0, 12).toUpperCase()}`;
  const content = Object(Object(request.body).note).content;
  const note = { id, incident, content, user: pointer('PUSER1', 'user'), created_at: '2026-01-01T00:00:00Z' };
  account.notes.set(id, note);
  world.audit('note.create', id, incident);
  return { status: 201, body: { note } };
}

/** Ada is on duty for the schedule, and bob for the policy behind it. */
function oncalls({ request }: Asked): SimulatorResponse {
  const { query } = request;
  const found = ['PUSER1', 'PUSER2'].map(
    (user, index): Row => ({
      user: pointer(user, 'user'),
      schedule: index === 0 ? pointer('PSCHED1', 'schedule') : null,
      escalation_policy: pointer('PPOLICY1', 'escalation_policy'),
      escalation_level: index + 1,
      start: null,
      end: null,
    }),
  );
  const matching = found.filter(
    ({ user, schedule, escalation_policy: policy }) =>
      asks(query, 'user_ids[]', idOf(user)) &&
      asks(query, 'schedule_ids[]', idOf(schedule)) &&
      asks(query, 'escalation_policy_ids[]', idOf(policy)),
  );
  return listed('oncalls', matching, request);
}

const at = (time: unknown) => Date.parse(String(time));

function schedules(asked: Asked): SimulatorResponse {
  const { account, request, world } = asked;
  const [, schedule, part, id] = request.segments;
  if (schedule !== 'PSCHED1' || part !== 'overrides') return refusal(404, 'Schedule Not Found', 3004);
  if (request.method === 'POST') return createOverrides(asked, schedule);
  if (request.method === 'GET') {
    const [since, until] = [request.query.get('since'), request.query.get('until')];
    if (since === null || until === null) return refusal(400, "Invalid time values in 'since' and/or 'until'", 2004);
    const found = [...account.overrides.values()].filter(
      (row) => at(row['start']) < at(until) && at(row['end']) > at(since),
    );
    return { status: 200, body: { overrides: found } };
  }
  const override = account.overrides.get(id ?? '');
  if (override === undefined) return refusal(404, 'Override Not Found', 4004);
  const now = world.clock.now();
  if (at(override['end']) <= now) return refusal(400, 'Invalid Override', 4004);
  world.audit('override.delete', String(id));
  if (at(override['start']) < now) {
    override['end'] = new Date(now).toISOString();
    return { status: 200, body: { override } };
  }
  account.overrides.delete(String(id));
  return { status: 204 };
}

function createOverrides({ account, request, world }: Asked, schedule: string): SimulatorResponse {
  const given: unknown = Object(request.body).overrides;
  const answers = (Array.isArray(given) ? given : []).map((wanted): Json => {
    const { start, end, user } = Object(wanted);
    if (at(end) <= world.clock.now()) return { status: 400, errors: ['Invalid Override'] };
    const id = `P${world.id().slice(0, 12).toUpperCase()}`;
    const override = { id, schedule, start, end, user: pointer(String(idOf(user)), 'user') };
    account.overrides.set(id, override);
    world.audit('override.create', id, schedule);
    return { status: 201, override };
  });
  return { status: 201, body: answers };
}

function windows(asked: Asked): SimulatorResponse {
  const { account, request, world } = asked;
  const [, id] = request.segments;
  if (id === undefined) return request.method === 'POST' ? createWindow(asked) : searchWindows(asked);
  const window = account.windows.get(id);
  if (window === undefined) return refusal(404, 'Maintenance Window Not Found', 5001);
  if (request.method === 'GET') return { status: 200, body: { maintenance_window: window } };
  const now = world.clock.now();
  if (at(window['end_time']) <= now) return refusal(405, 'Cannot cancel a maintenance window from the past', 5003);
  world.audit('maintenance-window.delete', id);
  if (at(window['start_time']) <= now) window['end_time'] = new Date(now).toISOString();
  else account.windows.delete(id);
  return { status: 204 };
}

function searchWindows({ account, request }: Asked): SimulatorResponse {
  const [query, service] = [request.query.get('query') ?? '', request.query.get('service_ids[]')];
  const found = [...account.windows.values()].filter(({ description, services: silent }) => {
    const ids = Array.isArray(silent) ? silent.map(idOf) : [];
    return String(description).includes(query) && (service === null || ids.includes(service));
  });
  return listed('maintenance_windows', found, request);
}

function createWindow({ account, request, world }: Asked): SimulatorResponse {
  const {
    start_time: start,
    end_time: end,
    description,
    services: silent,
  } = Object(Object(request.body).maintenance_window);
  if (at(end) <= world.clock.now()) return refusal(400, 'Invalid Input Provided', 2001);
  const id = `P${world.id().slice(0, 12).toUpperCase()}`;
  const row = windowRow(id, { start_time: start, end_time: end, description, services: silent });
  account.windows.set(id, row);
  world.audit('maintenance-window.create', id);
  return { status: 201, body: { maintenance_window: row } };
}

function services({ account, request, world }: Asked): SimulatorResponse {
  const [, id] = request.segments;
  if (id === undefined) return listed('services', [...account.services.values()], request);
  const service = account.services.get(id);
  if (service === undefined) return refusal(404, 'Service Not Found', 5002);
  if (request.method === 'GET') return { status: 200, body: { service } };
  account.services.delete(id);
  world.audit('service.delete', id);
  return { status: 204 };
}

function users(asked: Asked): SimulatorResponse {
  const { account, request, world } = asked;
  const [, id] = request.segments;
  if (id === undefined) return request.method === 'POST' ? createUser(asked) : searchUsers(asked);
  const user = account.users.get(id);
  if (user === undefined) return refusal(404, 'User not found', 2013);
  if (request.method === 'GET') return { status: 200, body: { user } };
  const isBusy = [...account.incidents.values()].some((row) => isOpen(row) && assigneesOf(row).includes(id));
  if (isBusy) return refusal(400, 'The user cannot be deleted as they have incidents', 2001);
  account.users.delete(id);
  world.audit('user.delete', id);
  return { status: 204 };
}

function searchUsers({ account, request }: Asked): SimulatorResponse {
  const query = request.query.get('query') ?? '';
  const found = [...account.users.values()].filter(({ name, email }) => `${name} ${email}`.includes(query));
  return listed('users', found, request);
}

function createUser({ account, request, world }: Asked): SimulatorResponse {
  const { name, email, role } = Object(Object(request.body).user);
  const isTaken = [...account.users.values()].some((user) => user['email'] === email);
  if (isTaken) return refusal(400, 'Email has already been taken', 2001);
  const id = `P${world.id().slice(0, 12).toUpperCase()}`;
  const user = { id, name, email, role, invitation_sent: true };
  account.users.set(id, user);
  world.audit('user.create', id);
  world.audit('user.invite', email);
  return { status: 201, body: { user } };
}
