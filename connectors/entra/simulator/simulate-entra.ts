import type { Simulate } from '../../../src/connector/contract.ts';
import {
  createSimulator,
  type SimulatorResponse,
  type SimulatorWorld,
} from '../../../src/connector/simulator/create-simulator.ts';
import type { SimulatorRequest } from '../../../src/connector/simulator/read-simulator-request.ts';
import { isJsonObject, type Json, type JsonObject } from '../../../src/lib/json.ts';
import { directoryRoutes } from './directory.ts';
import { badRequest, ok, refuse, textOf } from './replies.ts';
import { rightsRoutes } from './rights.ts';
import { SIMULATED_SEAL_KEY } from './seal-key.ts';
import { seedTenant } from './seed.ts';
import type { Route, Tenant } from './tenant.ts';
import { userRoutes } from './users.ts';

/** Not secrets: they open nothing but simulations. */
const CLIENT = { clientId: 'simulated-client', clientSecret: 'simulated-client-secret-of-interlock' } as const;
const TENANT = 'contoso.example';
const TOKEN_SECONDS = 3_600;

export const ENTRA_ROUTES: readonly Route[] = [...userRoutes, ...directoryRoutes, ...rightsRoutes];

interface Asked {
  readonly method: string;
  /** With `/v1.0`. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: JsonObject;
  readonly origin: string;
}

/** A simulated tenant. No answer of it is a fact about Microsoft Graph but where a mark says so. */
export const simulateEntra: Simulate = (options) => {
  const tenant = seedTenant();
  const expiryByToken = new Map<string, number>();

  const token = ({ form }: SimulatorRequest, world: SimulatorWorld): SimulatorResponse => {
    const isClient = form.get('client_id') === CLIENT.clientId && form.get('client_secret') === CLIENT.clientSecret;
    if (!isClient) return { status: 401, body: { error: 'invalid_client' } };
    if (form.get('scope')?.endsWith('/.default') !== true) return { status: 400, body: { error: 'invalid_scope' } };
    const accessToken = `simulated.${world.id()}`;
    expiryByToken.set(accessToken, world.clock.now() + TOKEN_SECONDS * 1_000);
    return ok({ token_type: 'Bearer', expires_in: TOKEN_SECONDS, access_token: accessToken });
  };

  return createSimulator({
    options,
    settings: (origin) => ({
      origin,
      authority: origin,
      tenant: TENANT,
      ...CLIENT,
      ownDomains: ['contoso.example'],
      sealTo: JSON.stringify(SIMULATED_SEAL_KEY),
    }),
    handle: (request, world) => {
      if (request.path === `/${TENANT}/oauth2/v2.0/token`) return token(request, world);
      const [, accessToken = ''] = (request.headers['authorization'] ?? '').split(' ');
      if ((expiryByToken.get(accessToken) ?? 0) <= world.clock.now())
        return refuse(401, 'InvalidAuthenticationToken', 'Access token is empty or has expired.');
      const asked: Asked = {
        method: request.method,
        path: request.path,
        query: request.query,
        body: isJsonObject(request.body) ? request.body : {},
        origin: `http://${request.headers['host'] ?? ''}`,
      };
      return asked.path === '/v1.0/$batch' ? batch(tenant, asked, world) : route(tenant, asked, world);
    },
    refusal: (status) =>
      status === 429
        ? { ...refuse(429, 'TooManyRequests', 'Too many requests.'), headers: { 'retry-after': '7' } }
        : refuse(status, status === 401 ? 'InvalidAuthenticationToken' : 'generalException', 'Simulated.'),
  });
};

function route(tenant: Tenant, { method, path, query, body, origin }: Asked, world: SimulatorWorld): SimulatorResponse {
  const segments = path.split('/').slice(2).map(decodeURIComponent);
  for (const each of ENTRA_ROUTES) {
    const parts = each.path.slice(1).split('/');
    const fits = parts.length === segments.length && parts.every((part, i) => part === '{}' || part === segments[i]);
    if (each.method !== method || !fits) continue;
    const ids = segments.filter((_, i) => parts[i] === '{}');
    return each.handle({ tenant, world, ids, query, body, origin, path });
  }
  return badRequest(`Resource not found for the segment '${segments[0]}'.`);
}

/** Each request for itself, in order; what depends on one that failed fails with 424 [doc: json-batching]. */
function batch(tenant: Tenant, { body, origin }: Asked, world: SimulatorWorld): SimulatorResponse {
  const requests = Array.isArray(body['requests']) ? body['requests'].filter(isJsonObject) : [];
  if (requests.length === 0 || requests.length > 20) return badRequest('Invalid batch payload format.');
  const statuses = new Map<string, number>();
  const responses = requests.map((request): Json => {
    const id = textOf(request['id']);
    const [before] = Array.isArray(request['dependsOn']) ? request['dependsOn'].map(textOf) : [];
    const failed = before !== undefined && (statuses.get(before) ?? 424) >= 400;
    const answer = failed
      ? refuse(424, 'FailedDependency', `It depends on ${before}.`)
      : routeInner(tenant, { request, origin }, world);
    statuses.set(id, answer.status);
    return {
      id,
      status: answer.status,
      headers: { 'Content-Type': 'application/json' },
      ...(answer.body === undefined ? {} : { body: answer.body }),
    };
  });
  // Graph may answer in any order [doc].
  return ok({ responses: responses.toReversed() });
}

function routeInner(
  tenant: Tenant,
  { request, origin }: { readonly request: JsonObject; readonly origin: string },
  world: SimulatorWorld,
): SimulatorResponse {
  const [path = '', query = ''] = textOf(request['url']).split('?');
  const body = isJsonObject(request['body']) ? request['body'] : {};
  const asked = {
    method: textOf(request['method']),
    path: `/v1.0${path}`,
    query: new URLSearchParams(query),
    body,
    origin,
  };
  return route(tenant, asked, world);
}
