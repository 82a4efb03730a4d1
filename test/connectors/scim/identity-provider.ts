import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, exportPKCS8, generateKeyPair } from 'jose';

export const CLIENT = { clientId: 'interlock', clientSecret: 'a secret of the test' } as const;
export const KEYED = 'interlock-with-a-key';

export interface IdentityProvider {
  readonly tokenUrl: string;
  /** PEM of the key that the provider knows {@link KEYED} by. */
  readonly privateKey: string;
  /** Every token that a service was shown, in order. */
  readonly shown: readonly string[];
  /** For the SCIM service: asks the provider whose token it is. Throws for one that is not good. */
  readonly authenticate: (token: string) => Promise<undefined>;
  /** Makes a token worthless. */
  revoke(token: string): Promise<void>;
  close(): Promise<void>;
}

interface Token {
  readonly isExpired: boolean;
  readonly scope?: string;
  destroy(): Promise<void>;
}

/** The part of oidc-provider that is used; it comes without types. */
interface OidcProvider {
  readonly Provider: new (
    issuer: string,
    configuration: object,
  ) => { callback(): RequestListener; readonly ClientCredentials: { find(token: string): Promise<Token | undefined> } };
}

/** A real OpenID provider (oidc-provider) on 127.0.0.1, which issues opaque tokens for client credentials. */
export async function startIdentityProvider(): Promise<IdentityProvider> {
  const { publicKey, privateKey } = await generateKeyPair('RS256', { extractable: true });
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // A listening TCP server has an address with a port.
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const machine = { grant_types: ['client_credentials'], redirect_uris: [], response_types: [] };
  const name: string = 'oidc-provider';
  const { Provider } = (await import(name)) as OidcProvider;
  const provider = new Provider(issuer, {
    clients: [
      { ...machine, client_id: CLIENT.clientId, client_secret: CLIENT.clientSecret },
      {
        ...machine,
        client_id: KEYED,
        token_endpoint_auth_method: 'private_key_jwt',
        jwks: { keys: [{ ...(await exportJWK(publicKey)), alg: 'RS256', kid: 'k1' }] },
      },
    ],
    scopes: ['scim'],
    features: { clientCredentials: { enabled: true }, devInteractions: { enabled: false } },
    ttl: { ClientCredentials: 600 },
  });
  server.on('request', provider.callback());
  const shown: string[] = [];
  return {
    tokenUrl: `${issuer}/token`,
    privateKey: await exportPKCS8(privateKey),
    shown,
    async authenticate(token) {
      shown.push(token);
      const found = await provider.ClientCredentials.find(token);
      if (found === undefined || found.isExpired || found.scope !== 'scim') throw new Error('The token is not good.');
    },
    async revoke(token) {
      await (await provider.ClientCredentials.find(token))?.destroy();
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
