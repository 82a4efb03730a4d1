import type { Simulate } from '../../../src/connector/contract.ts';
import {
  createSimulator,
  type SimulatorResponse,
  type SimulatorWorld,
} from '../../../src/connector/simulator/create-simulator.ts';
import type { SimulatorRequest } from '../../../src/connector/simulator/read-simulator-request.ts';
import { businessProcessRoutes } from './business-process-service.ts';
import { financeRoutes } from './finance-services.ts';
import { payRoutes } from './pay-services.ts';
import { peopleRoutes } from './people-services.ts';
import { startProcess } from './process.ts';
import { seededTenant } from './seed.ts';
import { notFound, type Routes } from './service.ts';
import { staffingRoutes } from './staffing-service.ts';
import { answerStaffing } from './staffing-web-service.ts';
import { seededId, type Tenant } from './tenant.ts';
import { createTokenEndpoint, SIMULATED_CLIENTS, SIMULATED_SOAP_USER, SIMULATED_TENANT } from './token-endpoint.ts';

const ROUTES: Routes = { ...staffingRoutes, ...businessProcessRoutes, ...payRoutes, ...financeRoutes, ...peopleRoutes };

/** Line types of payroll inputs that are money in the simulated tenant. */
export const AMOUNT_TYPE = seededId('payroll-type/amount');

/**
 * A Workday tenant on loopback: services under `/ccx/api/{service}/{version}/{tenant}`, two API clients (one makes, the
 * other checks), business processes that wait for the other one, and effective-dated organizations on the given clock.
 */
export const simulate: Simulate = (options) => {
  const tenant = seededTenant();
  const tokens = createTokenEndpoint();
  return createSimulator({
    options,
    settings: (origin) => ({
      origin,
      tenant: SIMULATED_TENANT,
      payrollAmountTypes: [AMOUNT_TYPE],
      ...SIMULATED_CLIENTS.maker,
      ...SIMULATED_SOAP_USER,
    }),
    refusal: (status) => ({
      status,
      headers: status === 429 ? { 'retry-after': '1' } : {},
      body: { error: `Simulated refusal with status ${status}.` },
    }),
    handle: (request, world) => {
      openFirstDay(tenant, world);
      if (request.segments[1] === 'oauth2') return tokens.answer(request, world);
      if (request.segments[1] === 'service') return serveSoap(tenant, request, world);
      const account = tokens.accountOf(request, world);
      if (account === undefined) return { status: 401, body: { error: 'Invalid resource or operation.' } };
      const response = serve({ tenant, account, request, world });
      if (request.method !== 'GET' && response.status < 300) logWrite(tenant, { account, request, world });
      return response;
    },
  });
};

function serveSoap(tenant: Tenant, request: SimulatorRequest, world: SimulatorWorld): SimulatorResponse {
  const [, , tenantName, service, , ...rest] = request.segments;
  if (request.method !== 'POST' || tenantName !== SIMULATED_TENANT || service !== 'Staffing' || rest.length > 0)
    return notFound();
  const response = answerStaffing(tenant, request, world);
  if (response.status < 300) logWrite(tenant, { account: SIMULATED_SOAP_USER.soapUsername, request, world });
  return response;
}

interface Serving {
  readonly tenant: Tenant;
  readonly account: string;
  readonly request: SimulatorRequest;
  readonly world: SimulatorWorld;
}

function serve({ tenant, account, request, world }: Serving): SimulatorResponse {
  const [ccx, api, service, version, tenantName, ...rest] = request.segments;
  if (ccx !== 'ccx' || api !== 'api' || tenantName !== SIMULATED_TENANT) return notFound();
  const asked = [service, version, ...rest];
  for (const [route, handle] of Object.entries(ROUTES)) {
    const [method = '', pattern = ''] = route.split(' ');
    const parts = pattern.split('/');
    const matches =
      method === request.method &&
      parts.length === asked.length &&
      parts.every((part, i) => part === ':id' || part === asked[i]);
    if (matches)
      return handle({
        tenant,
        world,
        account,
        id: asked[parts.indexOf(':id')] ?? '',
        query: request.query,
        body: request.body,
      });
  }
  return notFound();
}

/** On the first call some processes wait that people began, so that there is something to check. */
function openFirstDay(tenant: Tenant, world: SimulatorWorld): void {
  if (tenant.processes.size > 0) return;
  for (const name of ['mei-tanaka', 'luis-ortega', 'priya-nair']) {
    startProcess(tenant, world, {
      type: 'Request Compensation Change',
      workerId: seededId(`worker/${name}`),
      initiator: 'lmcneil',
    });
  }
}

/** What GET /auditLogs answers. */
function logWrite(tenant: Tenant, { account, request, world }: Omit<Serving, 'tenant'>): void {
  tenant.log.push({
    at: world.clock.now(),
    account,
    task: `${request.method} ${request.segments.slice(2, 4).join(' ')}`,
    target: request.segments.at(-1) ?? '',
    userAgent: request.headers['user-agent'] ?? '',
  });
}
