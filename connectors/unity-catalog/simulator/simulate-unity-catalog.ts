import type { Simulate } from '../../../src/connector/contract.ts';
import {
  createSimulator,
  type SimulatorResponse,
  type SimulatorWorld,
} from '../../../src/connector/simulator/create-simulator.ts';
import type { SimulatorRequest } from '../../../src/connector/simulator/read-simulator-request.ts';
import { createSimulatedTokenEndpoint } from '../../../src/connector/simulator/token-endpoint.ts';
import { isJsonObject } from '../../../src/lib/json.ts';
import { answerAcl, answerGrants } from './grants.ts';
import { answerJobs } from './jobs.ts';
import { refuse } from './replies.ts';
import { answerSecurable, answerTags } from './securables.ts';
import { SEED, SIMULATED_CLIENT, seedWorkspace, type Workspace } from './seed.ts';

/** A simulated workspace: paths and fields are those of the descriptions and the SDK, what it refuses with is the SDK's table. */
export const simulateUnityCatalog: Simulate = (options) => {
  const workspace = seedWorkspace();
  const tokens = createSimulatedTokenEndpoint({ path: '/oidc/v1/token', clients: [SIMULATED_CLIENT] });
  return createSimulator({
    options,
    settings: (origin) => ({ origin, ...SIMULATED_CLIENT }),
    refusal: (status) =>
      status === 429
        ? { ...refuse(429, 'REQUEST_LIMIT_EXCEEDED', 'Too many requests.'), headers: { 'retry-after': '1' } }
        : refuse(status, 'INTERNAL_ERROR', 'An injected fault.'),
    handle: (request, world) => {
      const token = tokens.answer(request, world);
      if (token !== undefined) return token;
      if (tokens.clientOf(request, world) === undefined)
        return refuse(401, 'UNAUTHENTICATED', 'The token is not valid.');
      return (
        answer(workspace, request, world) ?? refuse(404, 'ENDPOINT_NOT_FOUND', `No API found for '${request.path}'.`)
      );
    },
  });
};

function answer(workspace: Workspace, request: SimulatorRequest, world: SimulatorWorld): SimulatorResponse | undefined {
  const [, version = '', area = '', ...rest] = request.segments;
  switch (`${version}/${area}`) {
    case '2.1/unity-catalog':
      return answerCatalog(workspace, request, world);
    case '2.0/permissions':
      return answerAcl(workspace, rest.join('/'), request, world);
    case '2.2/jobs':
      return answerJobs(workspace, request, world);
    case '2.0/serving-endpoints':
      return rest[0] === SEED.endpoint ? answerGateway(workspace, request, world) : undefined;
    case '2.0/external-function':
      if (!isJsonObject(request.body)) return undefined;
      world.audit(
        'connection.call',
        `${request.body['connection_name']} ${request.body['method']} ${request.body['path']}`,
      );
      return { status: 200, headers: { 'content-type': 'text/plain' }, body: 'done' };
    default:
      return undefined;
  }
}

function answerCatalog(
  workspace: Workspace,
  request: SimulatorRequest,
  world: SimulatorWorld,
): SimulatorResponse | undefined {
  const [, , , collection = '', first = '', second = ''] = request.segments;
  switch (collection) {
    case 'permissions':
      return answerGrants(workspace, `permissions/${first}/${second}`, request, world);
    case 'shares':
      return second === 'permissions' ? answerGrants(workspace, `shares/${first}`, request, world) : undefined;
    case 'entity-tag-assignments':
      return request.segments[6] === 'tags'
        ? answerTags(workspace, { collection: first, name: second }, request)
        : undefined;
    case 'temporary-table-credentials':
    case 'temporary-path-credentials':
      return vend(request, world);
    case 'recipients':
      world.audit('recipient.rotate', first);
      return {
        status: 200,
        body: { name: first, tokens: [{ id: world.id(), activation_url: `https://share.example/${world.id()}` }] },
      };
    default:
      return answerSecurable(workspace, request, world);
  }
}

function vend({ body }: SimulatorRequest, world: SimulatorWorld): SimulatorResponse {
  const wanted = isJsonObject(body) ? body : {};
  world.audit('credential.vend', `${wanted['table_id'] ?? wanted['url']} ${wanted['operation']}`);
  const aws_temp_credentials = {
    access_key_id: 'ASIASIMULATED',
    secret_access_key: world.id(),
    session_token: world.id(),
  };
  return { status: 200, body: { aws_temp_credentials, expiration_time: world.clock.now() + 3_600_000 } };
}

function answerGateway(workspace: Workspace, request: SimulatorRequest, world: SimulatorWorld): SimulatorResponse {
  if (request.method === 'PUT' && isJsonObject(request.body)) {
    if (JSON.stringify(workspace.gateway) !== JSON.stringify(request.body))
      world.audit('ai-gateway.configure', SEED.endpoint);
    workspace.gateway = request.body;
    return { status: 200, body: request.body };
  }
  return { status: 200, body: { name: SEED.endpoint, ai_gateway: workspace.gateway } };
}
