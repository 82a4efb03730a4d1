import type { SimulatorResponse } from '../../../src/connector/simulator/create-simulator.ts';
import type { SimulatorRequest } from '../../../src/connector/simulator/read-simulator-request.ts';
import type { Clock } from '../../../src/lib/clock.ts';
import type { IdSource } from '../../../src/lib/ids.ts';

/** The integration's account on a simulated instance; no secret of anything real. */
export const SIMULATED_ACCOUNT = {
  username: 'interlock',
  password: 'simulated-password',
  clientId: 'simulated-client',
  clientSecret: 'simulated-client-secret',
} as const;

const TOKEN_SECONDS = 1_799;

/** Who may call, by Basic authentication or by a token of `oauth_token.do`. */
export class SignIn {
  readonly #tokens = new Map<string, number>();
  readonly #ids: Pick<IdSource, 'secret'>;

  constructor(ids: Pick<IdSource, 'secret'>) {
    this.#ids = ids;
  }

  /** The user_name that calls; undefined for nobody. */
  userOf(request: SimulatorRequest, clock: Clock): string | undefined {
    const [scheme = '', credential = ''] = (request.headers['authorization'] ?? '').split(' ');
    const { username, password } = SIMULATED_ACCOUNT;
    if (scheme === 'Basic' && credential === Buffer.from(`${username}:${password}`).toString('base64')) return username;
    if (scheme === 'Bearer' && (this.#tokens.get(credential) ?? 0) > clock.now()) return username;
    return undefined;
  }

  /** `POST /oauth_token.do` with client credentials [doc: client-credentials-grant-workflow]. */
  token({ form }: SimulatorRequest, clock: Clock): SimulatorResponse {
    const { clientId, clientSecret } = SIMULATED_ACCOUNT;
    const isKnown = form.get('client_id') === clientId && form.get('client_secret') === clientSecret;
    if (!isKnown || form.get('grant_type') !== 'client_credentials') {
      return { status: 401, body: { error: 'access_denied', error_description: 'access_denied' } };
    }
    const token = this.#ids.secret();
    this.#tokens.set(token, clock.now() + TOKEN_SECONDS * 1_000);
    return {
      status: 200,
      body: { access_token: token, scope: 'useraccount', token_type: 'Bearer', expires_in: TOKEN_SECONDS },
    };
  }
}
