import type { Simulate } from '../../../src/connector/contract.ts';
import {
  createSimulator,
  type SimulatorResponse,
  type SimulatorWorld,
} from '../../../src/connector/simulator/create-simulator.ts';
import type { SimulatorRequest } from '../../../src/connector/simulator/read-simulator-request.ts';
import { systemClock } from '../../../src/lib/clock.ts';
import { randomIds } from '../../../src/lib/ids.ts';
import { answerChangeApproval, createEmergencyChange, orderItem } from './process-api.ts';
import { RateLimit, tooMany } from './rate-limit.ts';
import { seedTables } from './seed-tables.ts';
import { SIMULATED_ACCOUNT, SignIn } from './sign-in.ts';
import { answerTable } from './table-api.ts';
import { Tables, type Writer } from './tables.ts';
import { vendorError } from './vendor-error.ts';

/** A small ServiceNow instance: the table API, parts of the change and catalog APIs, sign-in and rate limits. */
export const simulateServiceNow: Simulate = async (options) => {
  const tables = new Tables();
  seedTables(tables, options.clock ?? systemClock);
  const signIn = new SignIn(randomIds());
  const rateLimit = new RateLimit();
  const { username, password } = SIMULATED_ACCOUNT;
  return createSimulator({
    options,
    settings: (origin) => ({ origin, username, password }),
    handle(request, world) {
      if (request.path === '/oauth_token.do') return signIn.token(request, world.clock);
      const by = signIn.userOf(request, world.clock);
      if (by === undefined) return unauthenticated();
      const { headers, refusal } = rateLimit.count(tables, world.clock.now());
      if (refusal !== undefined) return refusal;
      const response = route(tables, request, { world, by });
      return { ...response, headers: { ...headers, ...response.headers } };
    },
    refusal: injectedRefusal,
  });
};

function route(tables: Tables, request: SimulatorRequest, writer: Writer): SimulatorResponse {
  const origin = `http://${request.headers['host'] ?? 'localhost'}`;
  const [api, app, ...rest] = request.segments;
  const [noun = '', id = '', action] = rest;
  const call = `${request.method} ${api}/${app}/${noun}`;
  if (api === 'api' && app === 'now' && noun === 'table' && rest.length <= 3) {
    return answerTable(tables, { request, origin, table: id, sysId: action }, writer);
  }
  if (call === 'POST api/sn_chg_rest/change' && id === 'emergency')
    return createEmergencyChange(tables, request, writer);
  if (call === 'PATCH api/sn_chg_rest/change' && action === 'approvals')
    return answerChangeApproval(tables, { request, sysId: id }, writer);
  if (call === 'POST api/sn_sc/servicecatalog' && id === 'items' && rest[3] === 'order_now')
    return orderItem(tables, { request, sysId: action ?? '' }, writer);
  return vendorError(400, 'Requested URI does not represent any resource', request.path);
}

function unauthenticated(): SimulatorResponse {
  return vendorError(401, 'User Not Authenticated', 'Required to provide Auth information', {
    'WWW-Authenticate': 'BASIC realm="Service-now"',
  });
}

function injectedRefusal(status: number, world: SimulatorWorld): SimulatorResponse {
  const now = world.clock.now();
  if (status === 401) return unauthenticated();
  if (status === 429) return tooMany({}, { now, limit: 1 });
  return vendorError(status, 'Operation Failed', 'Injected by the simulator');
}
