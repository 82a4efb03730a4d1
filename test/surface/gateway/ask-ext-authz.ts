import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ChannelCredentials, Client, credentials, Metadata, type ServiceError } from '@grpc/grpc-js';
import { onTestFinished } from 'vitest';
import type { CheckResponse } from '../../../src/surface/gateway/envoy/check.ts';
import { loadAuthorizationService } from '../../../src/surface/gateway/envoy/load-service.ts';
import { newDirectory } from '../../support/test-gateway.ts';
import { SECRETS } from './asked-interlock.ts';

/** A request as Envoy reports it. */
export interface AskedOf {
  readonly method?: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

export interface Asking {
  readonly metadata?: Readonly<Record<string, string>>;
  readonly channel?: ChannelCredentials;
}

/** What Envoy's configuration has it say. */
export const SAID = { 'x-interlock-gateway-secret': SECRETS.MESH_SECRET, 'x-interlock-body': 'shown' };

/** A real gRPC client that asks as Envoy's filter does. */
export function askExtAuthz(
  port: number,
  { method = 'GET', path, headers = {}, body }: AskedOf,
  { metadata = SAID, channel = credentials.createInsecure() }: Asking = {},
): Promise<CheckResponse> {
  const client = new Client(`localhost:${port}`, channel);
  onTestFinished(() => client.close());
  const { Check } = loadAuthorizationService();
  if (Check === undefined) throw new Error('the service has no Check');
  const said = new Metadata();
  for (const [name, value] of Object.entries(metadata)) said.set(name, value);
  const shown = body === undefined ? {} : typeof body === 'string' ? { body } : { raw_body: body };
  const request = { attributes: { request: { http: { method, path, headers, ...shown } } } };
  return new Promise((resolve, reject) => {
    client.makeUnaryRequest(
      Check.path,
      Check.requestSerialize,
      Check.responseDeserialize,
      request,
      said,
      { deadline: Date.now() + 10_000 },
      (error: ServiceError | null, response: CheckResponse | undefined) =>
        response === undefined ? reject(error) : resolve(response),
    );
  });
}

/** A certificate authority, and certificates of it for `localhost`; made by openssl, valid for a day. */
export function certificates(): {
  readonly ca: string;
  readonly key: string;
  readonly certificate: string;
  readonly directory: string;
} {
  const directory = newDirectory();
  const openssl = (...args: readonly string[]) => execFileSync('openssl', args, { cwd: directory, stdio: 'ignore' });
  const ec = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '1'];
  openssl('req', '-x509', ...ec, '-keyout', 'ca.key', '-out', 'ca.pem', '-subj', '/CN=Test CA');
  openssl(
    'req',
    '-x509',
    ...ec,
    '-keyout',
    'key.pem',
    '-out',
    'cert.pem',
    '-subj',
    '/CN=localhost',
    '-addext',
    'subjectAltName=DNS:localhost',
    '-CA',
    'ca.pem',
    '-CAkey',
    'ca.key',
  );
  const read = (name: string) => readFileSync(join(directory, name), 'utf8');
  return { ca: read('ca.pem'), key: read('key.pem'), certificate: read('cert.pem'), directory };
}
