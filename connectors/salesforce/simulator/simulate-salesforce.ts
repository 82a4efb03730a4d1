import type { Simulate, SimulatorOptions } from '../../../src/connector/contract.ts';
import {
  createSimulator,
  type SimulatorResponse,
  type SimulatorWorld,
} from '../../../src/connector/simulator/create-simulator.ts';
import type { SimulatorRequest } from '../../../src/connector/simulator/read-simulator-request.ts';
import type { SimulatedOrg } from './org.ts';
import { notFound, refuse } from './replies.ts';
import { answerRest } from './rest.ts';
import { seededOrg } from './seed.ts';
import { answerSoap } from './soap.ts';

export const SIMULATED_VERSION = '67.0';
/** A connected app of the simulated org. Its secret opens nothing else. */
export const SIMULATED_APP = { clientId: 'simulated-consumer-key', clientSecret: 'simulated-consumer-secret' } as const;

/** [doc] Requests of one day. */
const DAILY_REQUESTS = 15_000;
const JWT_BEARER = 'urn:ietf:params:oauth:grant-type:jwt-bearer';

export interface SalesforceSimulation extends SimulatorOptions {
  readonly dailyRequests?: number;
  /** Answers whether a signed assertion is good; without it the org takes none. */
  readonly acceptsAssertion?: (assertion: string) => Promise<boolean>;
}

/** A Salesforce org on loopback: tables, a recycle bin, users and their rights, approvals, jobs, and both dialects. */
export const simulateSalesforce: Simulate = (options) => simulateOrg(options);

/** The same with what only tests change. */
export function simulateOrg(options: SalesforceSimulation): ReturnType<Simulate> {
  const org = seededOrg();
  const tokens = new Set<string>();
  return createSimulator({
    options,
    settings: (origin) => ({
      origin,
      version: SIMULATED_VERSION,
      ...SIMULATED_APP,
      dataObjects: ['Invoice__c'],
      markerFields: { Account: 'Interlock_Action__c' },
    }),
    refusal: (status) => {
      if (status === 403) return quotaIsSpent(options.dailyRequests ?? DAILY_REQUESTS);
      return refuse(status, status === 503 ? 'SERVER_UNAVAILABLE' : 'UNKNOWN_EXCEPTION', `Simulated refusal ${status}`);
    },
    handle: async (request, world) => {
      if (request.path === '/services/oauth2/token') return grant({ options, tokens, request, world });
      return withUsage(org, options, serve({ org, tokens, request, world, options }));
    },
  });
}

interface Serving {
  readonly org: SimulatedOrg;
  readonly tokens: Set<string>;
  readonly request: SimulatorRequest;
  readonly world: SimulatorWorld;
  readonly options: SalesforceSimulation;
}

function serve({ org, tokens, request, world, options }: Serving): SimulatorResponse {
  const [services, kind, ...rest] = request.segments;
  if (services !== 'services') return notFound();
  if (kind === 'Soap' && rest[0] === 'u' && rest[1] === SIMULATED_VERSION)
    return answerSoap({ org, world }, String(request.body), (token) => tokens.has(token));
  if (!tokens.has(request.headers['authorization']?.replace(/^Bearer /, '') ?? ''))
    return refuse(401, 'INVALID_SESSION_ID', 'Session expired or invalid');
  org.requests += 1;
  if (org.requests > (options.dailyRequests ?? DAILY_REQUESTS))
    return quotaIsSpent(options.dailyRequests ?? DAILY_REQUESTS);
  const [version, ...segments] = rest;
  if (kind !== 'data') return notFound();
  if (version !== `v${SIMULATED_VERSION}`) return refuse(410, 'UNSUPPORTED_API_VERSION', `${version} is retired`);
  const { method, query, body } = request;
  return answerRest({ org, world }, { method, segments, query, body, version: SIMULATED_VERSION });
}

function quotaIsSpent(most: number): SimulatorResponse {
  return {
    ...refuse(403, 'REQUEST_LIMIT_EXCEEDED', 'TotalRequests Limit exceeded.'),
    headers: { 'sforce-limit-info': `api-usage=${most}/${most}` },
  };
}

function withUsage(
  { requests }: SimulatedOrg,
  options: SalesforceSimulation,
  reply: SimulatorResponse,
): SimulatorResponse {
  const usage = `api-usage=${requests}/${options.dailyRequests ?? DAILY_REQUESTS}`;
  return { ...reply, headers: { 'sforce-limit-info': usage, ...reply.headers } };
}

async function grant({ options, tokens, request, world }: Omit<Serving, 'org'>): Promise<SimulatorResponse> {
  const { form } = request;
  const granted =
    form.get('grant_type') === JWT_BEARER
      ? await options.acceptsAssertion?.(form.get('assertion') ?? '')
      : form.get('grant_type') === 'client_credentials' &&
        form.get('client_id') === SIMULATED_APP.clientId &&
        form.get('client_secret') === SIMULATED_APP.clientSecret;
  if (granted !== true)
    return { status: 400, body: { error: 'invalid_grant', error_description: 'authentication failure' } };
  const token = `00Dsimulated!${world.id()}`;
  tokens.add(token);
  return {
    status: 200,
    body: {
      access_token: token,
      token_type: 'Bearer',
      instance_url: 'https://elsewhere.example',
      id: 'https://login.example/id/00D/005',
    },
  };
}
