import type { Simulate } from '../../../src/connector/contract.ts';
import {
  createSimulator,
  type SimulatorResponse,
  type SimulatorWorld,
} from '../../../src/connector/simulator/create-simulator.ts';
import type { SimulatorRequest } from '../../../src/connector/simulator/read-simulator-request.ts';
import { createSimulatedTokenEndpoint } from '../../../src/connector/simulator/token-endpoint.ts';
import { isJsonObject, type JsonObject } from '../../../src/lib/json.ts';

const CLIENT = { clientId: 'interlock', clientSecret: 'simulated-talkdesk-secret' };

export const SEED = {
  contact: 'contact-ada-1',
  agent: 'agent-grace-1',
  campaign: 'campaign-1',
  paused: 'campaign-2',
  list: 'list-0001',
  line: '+12025550100',
  customer: '+12025550123',
} as const;

interface Account {
  readonly users: Map<string, JsonObject>;
  readonly statuses: Map<string, string>;
  readonly campaigns: Map<string, JsonObject>;
}

interface Asked {
  readonly account: Account;
  readonly request: SimulatorRequest;
  readonly world: SimulatorWorld;
  readonly body: JsonObject;
}

const NOT_FOUND = refuse(404, 'NOT_FOUND');

function refuse(status: number, code: string): SimulatorResponse {
  return { status, body: { code, message: `refused: ${code}`, description: '', fields: [] } };
}

/** A simulated account. Its paths and answers are those of the published description where it has them; the rest is from memory. */
export const simulateTalkdesk: Simulate = (options) => {
  const tokens = createSimulatedTokenEndpoint({ path: '/oauth/token', clients: [CLIENT], lifetimeSeconds: 600 });
  const account: Account = {
    users: new Map([[SEED.agent, { id: SEED.agent, userName: 'grace@example.com', active: true }]]),
    statuses: new Map([[SEED.agent, 'available']]),
    campaigns: new Map([
      [SEED.campaign, { id: SEED.campaign, name: 'Renewals', status: 'running' }],
      [SEED.paused, { id: SEED.paused, name: 'Surveys', status: 'paused' }],
    ]),
  };
  return createSimulator({
    options,
    settings: (origin) => ({ origin, tokenUrl: `${origin}/oauth/token`, ...CLIENT }),
    handle: (request, world) => {
      const token = tokens.answer(request, world);
      if (token !== undefined) return token;
      if (tokens.clientOf(request, world) === undefined) return refuse(401, 'UNAUTHORIZED');
      const body = isJsonObject(request.body) ? request.body : {};
      return answer({ account, request, world, body });
    },
    refusal: (status) => refuse(status, 'INJECTED'),
  });
};

function answer(asked: Asked): SimulatorResponse {
  const { request } = asked;
  const [first, second, third, fourth] = request.segments;
  switch (`${request.method} ${first}`) {
    case 'GET contacts':
      return second === SEED.contact ? { status: 200, body: { contact: CONTACT } } : NOT_FOUND;
    case 'GET account':
      return { status: 200, body: { custom_status: [{ id: 'lunch', display_name: 'Lunch' }] } };
    case 'GET users':
      return { status: 200, body: { _embedded: { users: usersWith(asked) } } };
    case 'POST calls':
      return done(asked, 'call.request-callback', String(asked.body['contact_phone_number']), {});
    case 'POST ccaas':
      return { status: 200, body: [...asked.account.statuses].map(([id, status]) => ({ id, status })) };
    case 'PUT ccaas':
      return setStatus(asked, third ?? '');
    case 'POST record-lists':
      return second === SEED.list ? done(asked, 'record-list.add-record', second, { id: asked.world.id() }) : NOT_FOUND;
    case 'POST agents':
      return done(asked, 'agent.create-many', '*', { success: [], failure: [] });
    default:
      return first === 'campaigns' ? campaigns(asked, second) : scim(asked, fourth);
  }
}

const CONTACT = {
  id: SEED.contact,
  name: 'Ada',
  company: 'Analytical',
  phones: [{ label: 'work', number: SEED.customer }],
};

function done({ world }: Asked, effect: string, target: string, body: JsonObject): SimulatorResponse {
  world.audit(effect, target);
  return { status: 200, body };
}

function usersWith({ account, request }: Asked): JsonObject[] {
  const email = request.query.get('email');
  return [...account.users.values()]
    .filter(({ userName }) => userName === email)
    .map(({ id = '', userName = '', active = true }) => ({ id, email: userName, name: userName, active }));
}

function setStatus({ account, world, body }: Asked, id: string): SimulatorResponse {
  const there = account.statuses.get(id);
  if (there === undefined) return NOT_FOUND;
  if (there !== body['current_status']) return refuse(400, 'STATUS_CHANGED');
  account.statuses.set(id, String(body['new_status']));
  world.audit('user.set-status', id);
  return { status: 204 };
}

function campaigns({ account, request, world, body }: Asked, id: string | undefined): SimulatorResponse {
  if (request.method === 'POST' && id === undefined) {
    const made = { id: `campaign-${account.campaigns.size + 1}`, name: body['name'] ?? '', status: 'paused' };
    account.campaigns.set(made.id, made);
    world.audit('campaign.create', made.id);
    return { status: 200, body: made };
  }
  const there = account.campaigns.get(id ?? '');
  if (there === undefined || id === undefined) return NOT_FOUND;
  if (request.method === 'GET') return { status: 200, body: there };
  const [change] = Array.isArray(request.body) ? request.body : [];
  const status = isJsonObject(change) ? String(change['value']) : '';
  if (there['status'] !== status) world.audit('campaign.set-status', id);
  const changed = { ...there, status };
  account.campaigns.set(id, changed);
  return { status: 200, body: changed };
}

function scim({ account, request, world, body }: Asked, id: string | undefined): SimulatorResponse {
  if (request.segments[0] !== 'scim') return NOT_FOUND;
  if (id === undefined) {
    if ([...account.users.values()].some(({ userName }) => userName === body['userName']))
      return { status: 409, body: { detail: 'it exists', scimType: 'uniqueness', status: '409' } };
    const made = { id: world.id(), userName: body['userName'] ?? '', active: body['active'] ?? false };
    account.users.set(made.id, made);
    world.audit('user.create', String(made.userName));
    return { status: 200, body: made };
  }
  const there = account.users.get(id);
  if (there === undefined) return { status: 404, body: { detail: 'there is none', status: '404' } };
  if (request.method === 'GET') return { status: 200, body: there };
  const [operation] = Array.isArray(body['Operations']) ? body['Operations'] : [];
  const active = isJsonObject(operation) && operation['value'] === true;
  if (there['active'] !== active) world.audit('user.set-active', id);
  const changed = { ...there, active };
  account.users.set(id, changed);
  return { status: 200, body: changed };
}
