import { z } from 'zod';
import type { JsonObject } from '../../src/lib/json.ts';
import { changing } from './change-entity.ts';
import { ALL_TRAFFIC, change } from './effects.ts';
import { deleting, type Entity, making, reading } from './entity.ts';
import { id, name, tags } from './ids.ts';
import { ref } from './resources.ts';

const list = z.array(z.string()).nullish();
const output = z.object({
  id: z.string(),
  name: z.string().nullish(),
  protocols: list,
  methods: list,
  hosts: list,
  paths: list,
  strip_path: z.boolean().nullish(),
  preserve_host: z.boolean().nullish(),
  service: z.object({ id: z.string() }).nullish(),
  tags: list,
});

const route: Entity<typeof output> = { noun: 'route', collection: 'routes', type: 'Kong::Route', output, labels: [] };

const protocols = z.array(z.enum(['http', 'https', 'grpc', 'grpcs', 'tcp', 'tls', 'udp', 'ws', 'wss'])).min(1);
const methods = z
  .array(z.enum(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'CONNECT']))
  .min(1);
const hosts = z.array(z.string().min(1).max(255)).min(1).max(100);
const paths = z.array(z.string().regex(/^~?\//, 'a path, or ~ and a pattern').max(1_024)).min(1).max(100);

const fields = {
  protocols,
  methods: methods.nullable(),
  hosts: hosts.nullable(),
  paths: paths.nullable(),
  strip_path: z.boolean(),
  preserve_host: z.boolean(),
  tags: tags.nullable(),
};

const createRoute = making(route, {
  description:
    'Lets callers of the gateway reach an API. Without `hosts` and `paths` it catches whatever no other route does.',
  input: z.strictObject({
    name: name.optional(),
    service: id,
    ...z.strictObject(fields).partial().shape,
    protocols: protocols.default(['https']),
  }),
  body: ({ service, ...rest }) => ({ ...(rest as JsonObject), service: { id: service } }), // the schema's own fields, all JSON
  on: ({ service }) => [ref('Kong::Service', service)],
  onTypes: ['Kong::Service'],
  provenance: { arguments: { service: 'target', hosts: 'destination', paths: 'destination' } },
  effect: ({ hosts, paths }) => {
    const catchesAll = hosts == null && paths == null;
    return change('create', { reversible: 'operation', external: true, count: catchesAll ? ALL_TRAFFIC : 1 });
  },
  effectKinds: ['create'],
});

const updateRoute = changing(route, {
  description: 'Changes which calls reach an API, and by which way.',
  input: z
    .strictObject({ id, ...z.strictObject(fields).partial().shape })
    .refine((input) => Object.keys(input).length > 1, 'name at least one field to change'),
  body: ({ id: _, ...changed }) => changed as JsonObject, // as above
  provenance: { arguments: { id: 'target', hosts: 'destination', paths: 'destination' } },
  effect: () => change('update', { reversible: 'operation', external: true, count: ALL_TRAFFIC }),
  effectKinds: ['update'],
  restores: Object.keys(fields),
});

const deleteRoute = deleting(route, {
  description: 'Takes the way to an API away: its callers get 404 from then on.',
  effect: () => change('delete', { count: ALL_TRAFFIC }),
  effectKinds: ['delete'],
  none: 'A new route has another id, and the plugins of this one are gone with it.',
});

export const routeOperations = [...reading(route), createRoute, updateRoute, deleteRoute] as const;
