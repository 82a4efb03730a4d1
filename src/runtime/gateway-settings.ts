import { z } from 'zod';
import { systemName } from '../action/names.ts';
import { secretReference } from '../connector/secret-reference.ts';

const headerName = z.string().regex(/^[A-Za-z][A-Za-z0-9-]{0,63}$/, 'the name of a header');
const pathPrefix = z
  .string()
  .regex(/^(?:\/[A-Za-z0-9\-._~]+)*$/, 'plain segments without a slash at the end, as /api')
  .refine((prefix) => !/\/\.{1,2}(?:\/|$)/.test(prefix), 'no dot segments');

const common = {
  /** The connector whose operations the requests are. */
  system: systemName,
  /** By which the gateway shows who it is: at least 32 characters. */
  secret: secretReference(),
  /** What stands before the paths of the system's description at the gateway. */
  pathPrefix: pathPrefix.default(''),
  /** Where an agent shows its session token. */
  sessionHeader: headerName.default('Authorization'),
};

/** One gateway in front of a system that has every request decided. */
export const gatewaySettings = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('nginx'), ...common }),
  z.strictObject({
    kind: z.literal('envoy'),
    ...common,
    /** Where Envoy asks, over gRPC. */
    listen: z.strictObject({
      host: z.string().default('127.0.0.1'),
      port: z.int().min(0).max(65_535),
    }),
    /** PEM, each `file:path`. With `clientAuthority` Envoy must show a certificate of it. */
    tls: z
      .strictObject({
        certificate: secretReference(),
        key: secretReference(),
        clientAuthority: secretReference().optional(),
      })
      .optional(),
  }),
]);

export type GatewaySettings = z.output<typeof gatewaySettings>;
