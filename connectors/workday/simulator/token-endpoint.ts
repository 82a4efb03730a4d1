import type { SimulatorResponse, SimulatorWorld } from '../../../src/connector/simulator/create-simulator.ts';
import type { SimulatorRequest } from '../../../src/connector/simulator/read-simulator-request.ts';

export const SIMULATED_TENANT = 'gms_lab';

/** Two API clients of the simulated tenant: what one makes, the other may check. Their secrets open nothing else. */
export const SIMULATED_CLIENTS = {
  maker: { grant: 'client-credentials', clientId: 'isu-maker', clientSecret: 'simulated-maker-secret' },
  checker: {
    grant: 'refresh-token',
    clientId: 'isu-checker',
    clientSecret: 'simulated-checker-secret',
    refreshToken: 'simulated-checker-refresh-token',
  },
} as const;

/** The integration user of the simulated web services; the checker answers what it begins. */
export const SIMULATED_SOAP_USER = {
  soapUsername: 'isu-staffing',
  soapPassword: 'simulated-staffing-password',
} as const;

const LIFETIME_SECONDS = 3_600;

interface TokenEndpoint {
  answer(request: SimulatorRequest, world: SimulatorWorld): SimulatorResponse;
  /** Whose token the request carries; undefined where it carries none that is good. */
  accountOf(request: SimulatorRequest, world: SimulatorWorld): string | undefined;
}

/** `POST /ccx/oauth2/{tenant}/token`: client credentials and refresh tokens, the client by Basic. */
export function createTokenEndpoint(): TokenEndpoint {
  const issued = new Map<string, { readonly account: string; readonly endsAt: number }>();
  return {
    answer(request, world) {
      if (request.path !== `/ccx/oauth2/${SIMULATED_TENANT}/token` || request.method !== 'POST')
        return { status: 404, body: { error: 'not_found' } };
      const client = clientOf(request);
      if (client === undefined) return { status: 401, body: { error: 'invalid_client' } };
      if (!grants(client, request)) return { status: 400, body: { error: 'invalid_grant' } };
      const token = world.id();
      issued.set(token, { account: client.clientId, endsAt: world.clock.now() + LIFETIME_SECONDS * 1_000 });
      return { status: 200, body: { access_token: token, token_type: 'Bearer', expires_in: LIFETIME_SECONDS } };
    },
    accountOf(request, world) {
      const entry = issued.get(request.headers['authorization']?.replace(/^Bearer /, '') ?? '');
      return entry !== undefined && world.clock.now() < entry.endsAt ? entry.account : undefined;
    },
  };
}

type Client = (typeof SIMULATED_CLIENTS)[keyof typeof SIMULATED_CLIENTS];

function clientOf({ headers }: SimulatorRequest): Client | undefined {
  const basic = Buffer.from(headers['authorization']?.replace(/^Basic /, '') ?? '', 'base64').toString('utf8');
  return Object.values(SIMULATED_CLIENTS).find(({ clientId, clientSecret }) => basic === `${clientId}:${clientSecret}`);
}

function grants(client: Client, { form }: SimulatorRequest): boolean {
  if (form.get('grant_type') === 'client_credentials') return client.grant === 'client-credentials';
  return (
    form.get('grant_type') === 'refresh_token' &&
    'refreshToken' in client &&
    form.get('refresh_token') === client.refreshToken
  );
}
