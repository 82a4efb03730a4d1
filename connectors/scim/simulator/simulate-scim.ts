import type { Simulate, Simulator, SimulatorOptions } from '../../../src/connector/contract.ts';
import {
  createSimulator,
  type SimulatorResponse,
  type SimulatorWorld,
} from '../../../src/connector/simulator/create-simulator.ts';
import type { SimulatorRequest } from '../../../src/connector/simulator/read-simulator-request.ts';
import { isJsonObject, type Json } from '../../../src/lib/json.ts';
import type { ScimContext } from './scimmy-handlers.ts';
import { type ScimmyServer, startScimmy } from './scimmy-server.ts';
import { SEED, type Store, seedStore } from './seed.ts';

/** The token that every simulated service accepts. Not a secret: it opens nothing but simulations. */
export const SIMULATED_TOKEN = 'simulated-scim-token-of-interlock';

export interface ScimSimulatorOptions extends SimulatorOptions {
  /** Whose token it is; default: the one simulated token is Ada's. Throws for a token that is not good. */
  readonly authenticate?: (token: string) => Promise<string | undefined>;
  /** The service has no PATCH, as some have not. */
  readonly putOnly?: boolean;
}

async function knownToken(token: string): Promise<string> {
  if (token !== SIMULATED_TOKEN) throw new Error('The token is not known.');
  return SEED.users.ada;
}

/**
 * The real SCIMMY behind a door of ours: the door keeps the audit log and the faults, and enforces If-Match, which
 * SCIMMY leaves to whoever uses it.
 */
export async function createScimSimulator(options: ScimSimulatorOptions): Promise<Simulator> {
  const store = seedStore();
  const calls = new Map<string, ScimContext>();
  const scimmy = await startScimmy({
    contextOf: (call) => calls.get(call) ?? fail(call),
    authenticate: options.authenticate ?? knownToken,
  });
  let number = 0;
  const simulator = await createSimulator({
    options,
    settings: (origin) => ({ baseUrl: `${origin}/scim/v2`, token: SIMULATED_TOKEN }),
    handle: async (request, world) => {
      if (options.putOnly === true && request.method === 'PATCH') return refuse(501, 'PATCH is not implemented.');
      if (!meetsVersion(store, request)) return refuse(412, 'The resource has changed.');
      const call = String(++number);
      calls.set(call, { store, world });
      return forward(scimmy, request, call).finally(() => calls.delete(call));
    },
    refusal: (status: number, _world: SimulatorWorld) => refuse(status, 'Simulated.'),
  });
  return {
    ...simulator,
    close: async () => {
      await simulator.close();
      await scimmy.close();
    },
  };
}

export const simulateScim: Simulate = (options) => createScimSimulator(options);

function fail(call: string): never {
  throw new TypeError(`no call ${call}`);
}

function refuse(status: number, detail: string): SimulatorResponse {
  const body = { schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'], status: String(status), detail };
  const headers = { 'content-type': 'application/scim+json', ...(status === 429 ? { 'retry-after': '3' } : {}) };
  return { status, headers, body };
}

/** RFC 7644 §3.14: a write with If-Match meets that version or nothing. */
function meetsVersion({ users, groups }: Store, { headers, segments, method }: SimulatorRequest): boolean {
  const wanted = headers['if-match'];
  if (wanted === undefined || method === 'GET') return true;
  const [, , kind, id = ''] = segments;
  const meta = (kind === 'Users' ? users : groups).get(id)?.['meta'];
  return !isJsonObject(meta) || meta['version'] === wanted;
}

async function forward({ origin }: ScimmyServer, request: SimulatorRequest, call: string): Promise<SimulatorResponse> {
  const { method, path, query, headers, body } = request;
  const url = `${origin}${path}${query.size === 0 ? '' : `?${query}`}`;
  const answer = await fetch(url, {
    method,
    headers: {
      'x-simulated-call': call,
      'x-simulated-origin': `http://${headers['host'] ?? ''}`,
      ...(headers['authorization'] === undefined ? {} : { authorization: headers['authorization'] }),
      ...(headers['content-type'] === undefined ? {} : { 'content-type': headers['content-type'] }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  const sent = answer.headers.get('content-type') ?? 'application/scim+json';
  return {
    status: answer.status,
    headers: { 'content-type': sent },
    ...(text === '' ? {} : { body: JSON.parse(text) as Json }), // SCIMMY answers JSON
  };
}
