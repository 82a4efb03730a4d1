import { z } from 'zod';
import { type AnyOperation, readOperation } from '../../../src/connector/contract.ts';
import { rfc } from '../evidence.ts';
import { SERVICE } from '../resources.ts';
import { readUser, userOutput } from '../user-schema.ts';
import { type Service, scimExecution } from '../wire.ts';

const supported = z.object({ supported: z.boolean() });
const attribute = z.object({
  name: z.string(),
  type: z.string().nullish(),
  multiValued: z.boolean().nullish(),
  required: z.boolean().nullish(),
});

/** What the service says of itself and of the caller. */
export function serviceOperations({ base }: Service): readonly AnyOperation[] {
  const onService = { resourceTypes: ['Scim::Service'], resources: () => [SERVICE] } as const;
  const me = readOperation({
    ...onService,
    resources: () => [SERVICE] as const,
    name: 'scim.me.get',
    description: 'Reads the user that Interlock’s own credential stands for, where the service has one for it.',
    input: z.strictObject({}),
    output: userOutput,
    labels: () => ['pii'],
    execute: scimExecution({
      request: () => ({ method: 'GET', path: `${base}/Me` }),
      repeatable: true,
      result: ({ body }) => readUser(body),
    }),
    evidence: [rfc('RFC 7644 §3.11: /Me is an alias of the authenticated subject; 501 where it is not implemented')],
  });
  const config = readOperation({
    ...onService,
    resources: () => [SERVICE] as const,
    name: 'scim.service-provider-config.get',
    description: 'Reads what the service can do: PATCH, bulk, filters, ETags.',
    input: z.strictObject({}),
    output: z.object({
      patch: supported,
      bulk: supported.extend({ maxOperations: z.number().nullish(), maxPayloadSize: z.number().nullish() }),
      filter: supported.extend({ maxResults: z.number().nullish() }),
      sort: supported.nullish(),
      etag: supported.nullish(),
    }),
    execute: scimExecution({
      request: () => ({ method: 'GET', path: `${base}/ServiceProviderConfig` }),
      repeatable: true,
      result: ({ body }) => body,
    }),
    evidence: [rfc('RFC 7643 §5; RFC 7644 §4: /ServiceProviderConfig')],
  });
  const schemas = readOperation({
    ...onService,
    resources: () => [SERVICE] as const,
    name: 'scim.schema.list',
    description: 'Lists the kinds of resources of the service and their attributes.',
    input: z.strictObject({}),
    output: z.object({
      schemas: z.array(
        z.object({ id: z.string(), name: z.string().nullish(), attributes: z.array(attribute).nullish() }),
      ),
    }),
    execute: scimExecution({
      request: () => ({ method: 'GET', path: `${base}/Schemas` }),
      repeatable: true,
      result: ({ body }) => ({ schemas: z.object({ Resources: z.array(z.unknown()) }).parse(body).Resources }),
    }),
    evidence: [rfc('RFC 7643 §7; RFC 7644 §4: /Schemas, answered whole')],
  });
  return [me, config, schemas];
}
