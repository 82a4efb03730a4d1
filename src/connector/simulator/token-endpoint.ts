import type { SimulatorResponse, SimulatorWorld } from './create-simulator.ts';
import type { SimulatorRequest } from './read-simulator-request.ts';

/** Who may ask for tokens. Its secret opens nothing but this simulator. */
export interface SimulatedClient {
  readonly clientId: string;
  /** Left out for one that signs assertions: any assertion that names it is taken. */
  readonly clientSecret?: string | undefined;
}

export interface TokenEndpointOptions {
  /** As `/oauth2/token`. */
  readonly path: string;
  readonly clients: readonly SimulatedClient[];
  readonly lifetimeSeconds?: number | undefined;
}

export interface SimulatedTokenEndpoint {
  /** The answer to a call of the endpoint; undefined for any other call. */
  answer(request: SimulatorRequest, world: SimulatorWorld): SimulatorResponse | undefined;
  /** The client whose token the call carries; undefined where it carries none that is good. */
  clientOf(request: SimulatorRequest, world: SimulatorWorld): string | undefined;
  /** Forgets every token, as a system does whose tokens were revoked in mid-call. */
  revokeAll(): void;
}

const LIFETIME_SECONDS = 3_600;
const GRANTS: ReadonlySet<string | null> = new Set([
  'client_credentials',
  'urn:ietf:params:oauth:grant-type:jwt-bearer',
]);

/** An OAuth 2 token endpoint: client credentials by Basic, form or assertion (RFC 6749 §4.4, RFC 7523). */
export function createSimulatedTokenEndpoint({
  path,
  clients,
  lifetimeSeconds = LIFETIME_SECONDS,
}: TokenEndpointOptions): SimulatedTokenEndpoint {
  const issued = new Map<string, { readonly clientId: string; readonly endsAt: number }>();
  return {
    answer(request, { clock, id }) {
      if (request.path !== path) return undefined;
      if (request.method !== 'POST') return { status: 405, body: { error: 'invalid_request' } };
      const client = clientOf(request, clients);
      if (client === undefined) return { status: 401, body: { error: 'invalid_client' } };
      if (!GRANTS.has(request.form.get('grant_type')))
        return { status: 400, body: { error: 'unsupported_grant_type' } };
      const token = id();
      issued.set(token, { clientId: client.clientId, endsAt: clock.now() + lifetimeSeconds * 1_000 });
      return { status: 200, body: { access_token: token, token_type: 'Bearer', expires_in: lifetimeSeconds } };
    },
    clientOf({ headers }, { clock }) {
      const entry = issued.get(/^Bearer (.+)$/i.exec(headers['authorization'] ?? '')?.[1] ?? '');
      return entry !== undefined && clock.now() < entry.endsAt ? entry.clientId : undefined;
    },
    revokeAll: () => issued.clear(),
  };
}

function clientOf(
  { headers, form }: SimulatorRequest,
  clients: readonly SimulatedClient[],
): SimulatedClient | undefined {
  const assertion = form.get('client_assertion') ?? form.get('assertion');
  if (assertion !== null) {
    const issuer = issuerOf(assertion);
    return clients.find(({ clientId, clientSecret }) => clientSecret === undefined && clientId === issuer);
  }
  const [id, secret] = basicOf(headers['authorization']) ?? [form.get('client_id'), form.get('client_secret')];
  return clients.find(
    ({ clientId, clientSecret }) => clientId === id && clientSecret !== undefined && clientSecret === secret,
  );
}

function issuerOf(assertion: string): unknown {
  try {
    return JSON.parse(Buffer.from(assertion.split('.')[1] ?? '', 'base64url').toString('utf8')).iss;
  } catch {
    // No JWT at all: nobody has issued it.
    return undefined;
  }
}

/** Id and secret are form-encoded inside Basic (RFC 6749 §2.3.1). */
function basicOf(header: string | undefined): readonly [string, string] | undefined {
  const encoded = /^Basic (.+)$/i.exec(header ?? '')?.[1];
  if (encoded === undefined) return undefined;
  const [id = '', ...secret] = Buffer.from(encoded, 'base64').toString('utf8').split(':');
  const decoded = (text: string) => new URLSearchParams(`x=${text}`).get('x') ?? '';
  return [decoded(id), decoded(secret.join(':'))];
}
