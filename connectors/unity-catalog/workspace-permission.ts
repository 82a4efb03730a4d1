import { z } from 'zod';
import type { ExecutionContext } from '../../src/connector/contract.ts';
import { readOperation, writeOperation } from '../../src/connector/contract.ts';
import type { HttpReply } from '../../src/connector/http/http-client.ts';
import { httpExecution } from '../../src/connector/http/http-execution.ts';
import { path } from '../../src/connector/http/path.ts';
import { principal } from './ids.ts';
import { changeKeeping, stateProbe } from './read-back.ts';
import { ref } from './resources.ts';
import { MANY } from './securable.ts';

/** [sdk] request_object_type of the permissions API. */
const TYPES = [
  'jobs',
  'clusters',
  'notebooks',
  'directories',
  'pipelines',
  'serving-endpoints',
  'experiments',
  'registered-models',
  'repos',
  'sql/warehouses',
  'instance-pools',
  'cluster-policies',
  'authorization',
] as const;

const level = z.string().regex(/^(?:CAN|IS)_[A-Z_]{1,40}$/, 'a level, as CAN_MANAGE');

/** Exactly one of the three names. */
const entry = z
  .strictObject({
    user_name: principal.exactOptional(),
    group_name: principal.exactOptional(),
    service_principal_name: principal.exactOptional(),
    permission_level: level,
  })
  .refine(
    (one) =>
      [one.user_name, one.group_name, one.service_principal_name].filter((name) => name !== undefined).length === 1,
    'name one user, group or service principal',
  );
type Entry = z.output<typeof entry>;

const list = z.object({
  access_control_list: z
    .array(
      z.object({
        user_name: z.string().optional(),
        group_name: z.string().optional(),
        service_principal_name: z.string().optional(),
        all_permissions: z
          .array(z.object({ permission_level: z.string(), inherited: z.boolean().default(false) }))
          .default([]),
      }),
    )
    .default([]),
});

const object = { object_type: z.enum(TYPES), object_id: z.string().regex(/^[A-Za-z0-9_-]{1,128}$/) };
interface OfObject {
  readonly object_type: string;
  readonly object_id: string;
}
const pathOf = ({ object_type, object_id }: OfObject) =>
  `/api/2.0/permissions${object_type
    .split('/')
    .map((segment) => path`/${segment}`)
    .join('')}${path`/${object_id}`}`;
const onObject = ({ object_type, object_id }: OfObject) =>
  [ref('UnityCatalog::WorkspaceObject', `${object_type}:${object_id}`)] as const;

/** What stands on the object itself: what it inherits can be neither put back nor taken away here. */
function directEntries({ body }: HttpReply): readonly Entry[] {
  return list
    .parse(body)
    .access_control_list.flatMap(({ all_permissions, ...who }) =>
      all_permissions
        .filter(({ inherited }) => !inherited)
        .map(({ permission_level }) => entry.parse({ ...who, permission_level })),
    );
}

const keyOf = ({ user_name, group_name, service_principal_name, permission_level }: Entry) =>
  JSON.stringify([user_name, group_name, service_principal_name, permission_level]);

const getPermissions = readOperation({
  name: 'unity-catalog.workspace-permission.get',
  description: 'Shows who may do what with a job, cluster, notebook, endpoint or another object of the workspace.',
  input: z.strictObject(object),
  output: list,
  resourceTypes: ['UnityCatalog::WorkspaceObject'],
  resources: onObject,
  labels: () => ['security'],
  execute: httpExecution({
    request: (input) => ({ method: 'GET', path: pathOf(input) }),
    repeatable: true,
    result: ({ body }) => body,
  }),
  evidence: [{ mark: 'sdk', source: 'permissions.get: GET /api/2.0/permissions/{type}/{id}' }],
});

const input = z.strictObject({ ...object, access_control_list: z.array(entry).max(200) });

/** Read back, nobody knows what was there before. */
const changed = z.object({ former: z.array(entry).optional() });

const changing = {
  input,
  output: changed,
  resourceTypes: ['UnityCatalog::WorkspaceObject'],
  resources: onObject,
  labels: () => ['security'],
  provenance: {
    arguments: {
      object_id: 'target',
      'access_control_list[*].user_name': 'credential',
      'access_control_list[*].group_name': 'credential',
      'access_control_list[*].service_principal_name': 'credential',
      'access_control_list[*].permission_level': 'credential',
    },
    asked: ['permission', 'access'],
  },
  effectKinds: ['privilege'],
  undo: ({ object_type, object_id }: OfObject, result: unknown) => {
    const former = changed.safeParse(result).data?.former;
    if (former === undefined) return undefined;
    const back = { object_type, object_id, access_control_list: former };
    return { operation: 'unity-catalog.workspace-permission.replace', input: back };
  },
} as const;

const change = (method: 'PUT' | 'PATCH') => (given: z.output<typeof input>, context: ExecutionContext) =>
  changeKeeping(
    {
      from: pathOf(given),
      former: directEntries,
      call: { method, path: pathOf(given), body: { access_control_list: given.access_control_list } },
      repeatable: true,
    },
    context,
  );

const replace = writeOperation({
  ...changing,
  name: 'unity-catalog.workspace-permission.replace',
  description: 'Replaces all permissions of an object of the workspace: whoever is not named loses theirs.',
  effect: () => ({ kind: 'privilege', reversible: 'operation', external: false, privileged: true, count: MANY }),
  repeat: { class: 'naturally-idempotent', evidence: { mark: 'sdk', source: 'PUT sets the whole list' } },
  execute: change('PUT'),
  probe: stateProbe(pathOf, (reply, { access_control_list }: z.output<typeof input>) => {
    const there = new Set(directEntries(reply).map(keyOf));
    return access_control_list.length === there.size && access_control_list.every((one) => there.has(keyOf(one)));
  }),
  evidence: [{ mark: 'sdk', source: 'permissions.set: PUT /api/2.0/permissions/{type}/{id} replaces all' }],
});

const grant = writeOperation({
  ...changing,
  name: 'unity-catalog.workspace-permission.grant',
  description:
    'Gives users, groups or service principals a permission on an object of the workspace, beside the others.',
  effect: ({ access_control_list }) => ({
    kind: 'privilege',
    reversible: 'operation',
    external: false,
    privileged: true,
    count: Math.max(1, access_control_list.length),
  }),
  repeat: { class: 'naturally-idempotent', evidence: { mark: 'sdk', source: 'PATCH adds to the list' } },
  execute: change('PATCH'),
  probe: stateProbe(pathOf, (reply, { access_control_list }: z.output<typeof input>) => {
    const there = new Set(directEntries(reply).map(keyOf));
    return access_control_list.every((one) => there.has(keyOf(one)));
  }),
  evidence: [{ mark: 'sdk', source: 'permissions.update: PATCH /api/2.0/permissions/{type}/{id}' }],
});

export const workspacePermissionOperations = [getPermissions, replace, grant] as const;
