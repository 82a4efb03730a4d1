import { type handleUnaryCall, Server, ServerCredentials, type UntypedServiceImplementation } from '@grpc/grpc-js';
import type { Interlock } from '../../../gate/interlock.ts';
import { BOUNDS } from '../../../lib/bounds.ts';
import { InterlockError } from '../../../lib/errors.ts';
import type { EnforcementPoint } from '../pass-request.ts';
import { type CheckRequest, type CheckResponse, check } from './check.ts';
import { loadAuthorizationService } from './load-service.ts';

export interface ExtAuthzOptions {
  readonly host: string;
  /** 0 chooses a free one. */
  readonly port: number;
  /** PEM texts; with a client authority, only clients with a certificate of it get through. */
  readonly tls?:
    | { readonly certificate: string; readonly key: string; readonly clientAuthority?: string | undefined }
    | undefined;
}

export interface ServedExtAuthz {
  readonly port: number;
  close(): Promise<void>;
}

/** Envoy's `ext_authz` over gRPC for one enforcement point. Throws ADDRESS_UNAVAILABLE. */
export async function serveExtAuthz(
  interlock: Interlock,
  point: EnforcementPoint,
  { host, port, tls }: ExtAuthzOptions,
): Promise<ServedExtAuthz> {
  const server = new Server({
    // A request whose body Envoy shows, and its headers.
    'grpc.max_receive_message_length': 2 * BOUNDS.bodyBytes,
    'grpc.max_concurrent_streams': BOUNDS.gatewayQuestions,
  });
  const answer: handleUnaryCall<CheckRequest, CheckResponse> = ({ request, metadata }, reply) => {
    const said = (name: string): string | undefined => {
      const [first, ...others] = metadata.get(name);
      return typeof first === 'string' && others.length === 0 ? first : undefined;
    };
    const words = { secret: said('x-interlock-gateway-secret'), body: said('x-interlock-body') };
    check(interlock, point, { asked: request, words }).then(
      (response) => reply(null, response),
      (thrown: unknown) => reply(thrown instanceof Error ? thrown : new Error('the question could not be read')),
    );
  };
  const implementation: UntypedServiceImplementation = { Check: answer };
  server.addService(loadAuthorizationService(), implementation);
  const bound = await new Promise<number>((resolve, reject) => {
    server.bindAsync(`${host}:${port}`, credentialsOf(tls), (cause, at) => {
      if (cause === null) resolve(at);
      else reject(new InterlockError('ADDRESS_UNAVAILABLE', `${host}:${port} cannot be listened on`, { cause }));
    });
  });
  return {
    port: bound,
    close: () =>
      new Promise((resolve) => {
        server.tryShutdown(() => resolve());
      }),
  };
}

function credentialsOf(tls: ExtAuthzOptions['tls']): ServerCredentials {
  if (tls === undefined) return ServerCredentials.createInsecure();
  const authority = tls.clientAuthority === undefined ? null : Buffer.from(tls.clientAuthority);
  const pair = { private_key: Buffer.from(tls.key), cert_chain: Buffer.from(tls.certificate) };
  return ServerCredentials.createSsl(authority, [pair], authority !== null);
}
