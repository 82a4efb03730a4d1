import { z } from 'zod';
import { writeOperation } from '../../src/connector/contract.ts';
import { httpExecution } from '../../src/connector/http/http-execution.ts';
import { path } from '../../src/connector/http/path.ts';
import type { JsonObject } from '../../src/lib/json.ts';
import { changing } from './change-entity.ts';
import { ALL_TRAFFIC } from './effects.ts';
import { type Entity, making, reading } from './entity.ts';
import { id, tags } from './ids.ts';
import { PLUGIN_KINDS, pluginEffect, purposeOf } from './plugin-effect.ts';
import { absenceProbe, read } from './read-back.ts';
import { ref } from './resources.ts';

const at = z.object({ id: z.string() }).nullish();
/** Without `config`, which holds keys and passwords of other systems. */
const output = z.object({
  id: z.string(),
  name: z.string(),
  enabled: z.boolean().nullish(),
  instance_name: z.string().nullish(),
  service: at,
  route: at,
  consumer: at,
  tags: z.array(z.string()).nullish(),
});

const plugin: Entity<typeof output> = {
  noun: 'plugin',
  collection: 'plugins',
  type: 'Kong::Plugin',
  output,
  labels: ['security'],
};

const pluginName = z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/, 'the name of a plugin, as rate-limiting');
/** Secrets stand in it as references to a vault, `{vault://…}`, never as themselves. */
const config = z.record(z.string().max(128), z.json());

const createPlugin = making(plugin, {
  description:
    'Adds a plugin to a service, a route or, without both, to everything. `pre-function`, `post-function` and custom plugins run code; those that log send traffic elsewhere.',
  input: z.strictObject({
    name: pluginName,
    service: id.optional(),
    route: id.optional(),
    config: config.optional(),
    enabled: z.boolean().default(true),
    tags: tags.optional(),
  }),
  body: ({ service, route, ...rest }) => ({
    ...(rest as JsonObject), // the schema's own fields, all JSON
    ...(service === undefined ? {} : { service: { id: service } }),
    ...(route === undefined ? {} : { route: { id: route } }),
  }),
  on: ({ service, route }) => [
    ...(service === undefined ? [] : [ref('Kong::Service', service)]),
    ...(route === undefined ? [] : [ref('Kong::Route', route)]),
  ],
  onTypes: ['Kong::Service', 'Kong::Route'],
  provenance: { arguments: { service: 'target', route: 'target', config: 'destination' } },
  effect: ({ name, service, route }) =>
    pluginEffect({ plugin: name, scoped: service !== undefined || route !== undefined, reversible: 'operation' }),
  effectKinds: PLUGIN_KINDS,
});

/** The plugin's name decides what a change does, so the caller says which it is, and Kong is asked before. */
const refusesOther = (there: JsonObject, { plugin: expected }: { readonly plugin: string }): string | undefined =>
  there['name'] === expected ? undefined : `It is no ${expected} plugin: nothing was changed.`;

const updatePlugin = changing(plugin, {
  description:
    'Switches a plugin on or off, or changes its configuration. `enabled: false` on one that guards lets everybody in.',
  input: z
    .strictObject({
      id,
      plugin: pluginName,
      enabled: z.boolean().optional(),
      config: config.optional(),
      tags: tags.optional(),
    })
    .refine((input) => Object.keys(input).length > 2, 'name at least one field to change'),
  body: ({ id: _, plugin: _plugin, ...changed }) => changed as JsonObject, // as above
  provenance: { arguments: { id: 'target', enabled: 'flag', config: 'destination' } },
  effect: ({ plugin: name, config: changed }) =>
    pluginEffect({ plugin: name, scoped: false, reversible: changed === undefined ? 'operation' : 'no' }),
  effectKinds: PLUGIN_KINDS,
  refuses: refusesOther,
  restores: ['enabled', 'tags'],
});

const onePath = (input: { readonly id: string }) => path`/plugins/${input.id}`;

const removal = httpExecution<{ readonly id: string }>({
  request: (input) => ({ method: 'DELETE', path: onePath(input) }),
  repeatable: true,
  result: () => ({}),
});

const deletePlugin = writeOperation({
  name: 'kong.plugin.delete',
  description: 'Removes a plugin. Without one that guards, everybody gets in.',
  input: z.strictObject({ id, plugin: pluginName }),
  output: z.object({}),
  resourceTypes: ['Kong::Plugin'],
  resources: (input) => [ref('Kong::Plugin', input.id)],
  provenance: { arguments: { id: 'target' } },
  effect: ({ plugin: name }) => ({
    ...pluginEffect({ plugin: name, scoped: false, reversible: 'no' }),
    kind: purposeOf(name) === 'guards' ? 'privilege' : 'delete',
    count: ALL_TRAFFIC,
  }),
  effectKinds: ['delete', 'privilege'],
  repeat: {
    class: 'naturally-idempotent',
    evidence: { mark: 'spec', source: 'DELETE /plugins/{id} (delete-plugin): 204 (RFC 9110 §9.2.2)' },
  },
  execute: async (input, context) => {
    const answer = await read(onePath(input), context);
    if (answer.ok) {
      const there = output.safeParse(answer.reply.body);
      const refusal = there.success
        ? refusesOther(there.data as JsonObject, input)
        : 'The reply does not tell what it is.';
      if (refusal !== undefined) return { status: 'failed', code: 'EXECUTION_FAILED', detail: refusal, exposed: false };
    }
    return removal(input, context);
  },
  probe: absenceProbe(onePath),
  undo: { none: 'A new plugin has another id, and the configuration, which has secrets in it, is not kept.' },
  evidence: [{ mark: 'spec', source: 'GET and DELETE /plugins/{id} (get-plugin, delete-plugin)' }],
});

export const pluginOperations = [...reading(plugin), createPlugin, updatePlugin, deletePlugin] as const;
