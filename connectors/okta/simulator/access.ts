import { decodeJwt, importJWK, type JWK, jwtVerify } from 'jose';
import type { SimulatorResponse, SimulatorWorld } from '../../../src/connector/simulator/create-simulator.ts';
import type { SimulatorRequest } from '../../../src/connector/simulator/read-simulator-request.ts';
import { ok, refuse } from './replies.ts';

/** The API token that every simulated org accepts. Not a secret: it opens nothing but simulations. */
export const SIMULATED_TOKEN = '00simulated-api-token-of-interlock';

/** A service app as an administrator registers it: the simulator holds only its public key. */
export interface ServiceApp {
  readonly clientId: string;
  readonly publicKey: JWK;
  readonly scopes: readonly string[];
}

export interface Access {
  /** The refusal of a call without a good credential; undefined where it is good. */
  refusal(request: SimulatorRequest, world: SimulatorWorld): SimulatorResponse | undefined;
  token(request: SimulatorRequest, world: SimulatorWorld): Promise<SimulatorResponse>;
}

const LIFETIME_SECONDS = 3_600;

/** Both of Okta's ways: `SSWS <token>`, and bearer tokens for a service app that proves itself by a signed assertion. */
export function createAccess(app: ServiceApp | undefined): Access {
  const expiryByToken = new Map<string, number>();
  return {
    refusal({ headers }, world) {
      const [scheme = '', credential = ''] = (headers['authorization'] ?? '').split(' ');
      if (scheme === 'SSWS' && credential === SIMULATED_TOKEN) return undefined;
      if (scheme === 'Bearer' && (expiryByToken.get(credential) ?? 0) > world.clock.now()) return undefined;
      return refuse('E0000011');
    },
    async token(request, world) {
      const refused = app === undefined ? 'no service app is registered' : await whyNot(app, request, world);
      if (refused !== undefined) return { status: 401, body: { error: 'invalid_client', error_description: refused } };
      const scope = request.form.get('scope') ?? '';
      if (!scope.split(' ').every((name) => app?.scopes.includes(name)))
        return { status: 400, body: { error: 'invalid_scope' } };
      const accessToken = world.id();
      expiryByToken.set(accessToken, world.clock.now() + LIFETIME_SECONDS * 1_000);
      return ok({ token_type: 'Bearer', expires_in: LIFETIME_SECONDS, access_token: accessToken, scope });
    },
  };
}

/** [sdk] oauth.js: grant type, assertion type, and a JWT whose audience is the endpoint itself. */
async function whyNot(
  app: ServiceApp,
  { form, headers, path }: SimulatorRequest,
  world: SimulatorWorld,
): Promise<string | undefined> {
  if (form.get('grant_type') !== 'client_credentials') return 'grant_type';
  if (form.get('client_assertion_type') !== 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer')
    return 'client_assertion_type';
  const assertion = form.get('client_assertion') ?? '';
  try {
    const { iss, sub } = decodeJwt(assertion);
    if (iss !== app.clientId || sub !== app.clientId) return 'iss and sub';
    await jwtVerify(assertion, await importJWK(app.publicKey, app.publicKey.alg ?? 'RS256'), {
      audience: `http://${headers['host']}${path}`,
      currentDate: new Date(world.clock.now()),
    });
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : 'client_assertion';
  }
}
