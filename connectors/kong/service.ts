import { z } from 'zod';
import type { EffectKind } from '../../src/action/effect.ts';
import type { JsonObject } from '../../src/lib/json.ts';
import { changing } from './change-entity.ts';
import { ALL_TRAFFIC, change } from './effects.ts';
import { deleting, type Entity, making, reading } from './entity.ts';
import { id, name, tags } from './ids.ts';

const text = z.string().nullish();
const output = z.object({
  id: z.string(),
  name: text,
  protocol: text,
  host: text,
  port: z.int().nullish(),
  path: text,
  enabled: z.boolean().nullish(),
  tls_verify: z.boolean().nullish(),
  tags: z.array(z.string()).nullish(),
});

const service: Entity<typeof output> = {
  noun: 'service',
  collection: 'services',
  type: 'Kong::Service',
  output,
  labels: [],
};

const protocol = z.enum(['http', 'https', 'grpc', 'grpcs', 'tcp', 'tls', 'tls_passthrough', 'udp', 'ws', 'wss']);
const fields = {
  protocol: protocol,
  host: z.string().min(1).max(255),
  port: z.int().min(0).max(65_535),
  path: z.string().startsWith('/').max(1_024).nullable(),
  enabled: z.boolean(),
  tls_verify: z.boolean().nullable(),
  tags: tags.nullable(),
};

const provenance = { arguments: { host: 'destination', port: 'destination', path: 'destination' } } as const;

const createService = making(service, {
  description: 'Names an upstream API. Nothing reaches it before a route leads there.',
  input: z.strictObject({
    name: name.optional(),
    ...fields,
    protocol: protocol.default('https'),
    port: fields.port.default(443),
    path: fields.path.optional(),
    enabled: fields.enabled.default(true),
    tls_verify: fields.tls_verify.optional(),
    tags: fields.tags.optional(),
  }),
  body: (input) => input as JsonObject, // the schema's own fields, all JSON
  provenance,
  effect: () => change('create', { reversible: 'operation' }),
  effectKinds: ['create'],
});

const updateInput = z
  .strictObject({ id, ...z.strictObject(fields).partial().shape })
  .refine((input) => Object.keys(input).length > 1, 'name at least one field to change');

/** What sends the traffic elsewhere, or lets anybody stand between. */
function kindOf(input: z.output<typeof updateInput>): EffectKind {
  if (input.enabled === false) return 'isolate';
  if (input.tls_verify === false || input.tls_verify === null) return 'privilege';
  return 'update';
}

const updateService = changing(service, {
  description:
    'Changes where an API is: `host`, `port`, `path` and `protocol` send all of its traffic elsewhere, `enabled: false` stops it, `tls_verify: false` lets anybody stand between.',
  input: updateInput,
  body: ({ id: _, ...changed }) => changed as JsonObject, // as above
  provenance: { arguments: { id: 'target', ...provenance.arguments, enabled: 'flag', tls_verify: 'flag' } },
  effect: (input) => change(kindOf(input), { reversible: 'operation', count: ALL_TRAFFIC }),
  effectKinds: ['update', 'isolate', 'privilege'],
  restores: Object.keys(fields),
});

const deleteService = deleting(service, {
  description: 'Deletes an API from the gateway. Kong refuses while routes lead to it.',
  effect: () => change('delete', { count: ALL_TRAFFIC }),
  effectKinds: ['delete'],
  none: 'A new service has another id, and no routes and plugins lead to it.',
});

export const serviceOperations = [...reading(service), createService, updateService, deleteService] as const;
