import { z } from 'zod';
import type { Effect } from '../../src/action/effect.ts';
import { readOperation, writeOperation } from '../../src/connector/contract.ts';
import type { HttpReply } from '../../src/connector/http/http-client.ts';
import { httpExecution } from '../../src/connector/http/http-execution.ts';
import { path } from '../../src/connector/http/path.ts';
import type { Json } from '../../src/lib/json.ts';
import { fullName, oneName, principal } from './ids.ts';
import { changeKeeping, stateProbe } from './read-back.ts';
import { ref } from './resources.ts';
import { MANY } from './securable.ts';

/** [spec] SecurableType. */
const TYPES = [
  'metastore',
  'catalog',
  'schema',
  'table',
  'function',
  'volume',
  'registered_model',
  'external_location',
  'credential',
] as const;

/** The OSS server writes privileges with spaces, the workspace with underscores; the name goes out as it is. */
const privilege = z.string().regex(/^[A-Z][A-Z_ ]{1,63}$/, 'a privilege, as SELECT');

const changes = z
  .array(
    z.strictObject({
      principal,
      add: z.array(privilege).max(50).default([]),
      remove: z.array(privilege).max(50).default([]),
    }),
  )
  .min(1)
  .max(50)
  .refine(
    (all) => all.every(({ add, remove }) => add.length + remove.length > 0),
    'each change adds or removes something',
  )
  .refine((all) => new Set(all.map((one) => one.principal)).size === all.length, 'one change for each principal')
  .refine(
    (all) => all.every(({ add, remove }) => !add.some((one) => remove.includes(one))),
    'nothing is added and removed at once',
  );

type Changes = z.output<typeof changes>;
interface Changing {
  readonly changes: Changes;
}

const assignments = z.object({
  privilege_assignments: z.array(z.object({ principal: z.string(), privileges: z.array(z.string()) })).default([]),
});
type Assignments = z.output<typeof assignments>;

/** Read back, nobody knows what was there before. */
const output = z.object({ former: assignments.optional() });

/** Groups of everybody; what they get, nobody can count. */
const EVERYBODY: ReadonlySet<string> = new Set(['account users', 'users', 'all account users']);

/** Adding hands out rights. Removing takes somebody's away, and can be put back all the same. */
function effectOf(changed: Changes, external: boolean): Effect {
  const adds = changed.some(({ add }) => add.length > 0);
  const everybody = changed.some((one) => EVERYBODY.has(one.principal.toLowerCase()));
  const pairs = changed.reduce((sum, { add, remove }) => sum + add.length + remove.length, 0);
  return {
    kind: 'privilege',
    reversible: 'operation',
    external: adds && external,
    privileged: true,
    count: everybody ? MANY : pairs,
  };
}

const held = (all: Assignments, who: string): readonly string[] =>
  all.privilege_assignments.find((one) => one.principal === who)?.privileges ?? [];

const holds = (reply: HttpReply, { changes: wanted }: Changing): boolean | undefined => {
  const parsed = assignments.safeParse(reply.body);
  if (!parsed.success) return undefined;
  const isDone = wanted.map(({ principal: who, add, remove }) => {
    const has = held(parsed.data, who);
    return add.every((one) => has.includes(one)) && !remove.some((one) => has.includes(one));
  });
  if (isDone.every(Boolean)) return true;
  // A half of it can be the work of somebody else.
  return isDone.some(Boolean) ? undefined : false;
};

/** What takes exactly these changes back: what was there before is not removed, what was not there is not added. */
function inverseOf(changed: Changes, result: Json | undefined): Json | undefined {
  const parsed = output.safeParse(result);
  const former = parsed.data?.former;
  if (former === undefined) return undefined;
  const back = changed.flatMap(({ principal: who, add, remove }) => {
    const had = held(former, who);
    const inverse = {
      principal: who,
      add: remove.filter((one) => had.includes(one)),
      remove: add.filter((one) => !had.includes(one)),
    };
    return inverse.add.length + inverse.remove.length === 0 ? [] : [inverse];
  });
  return back.length === 0 ? undefined : back;
}

const bodyOf = (changed: Changes) => ({
  changes: changed.map(({ principal: who, add, remove }) => ({
    principal: who,
    ...(add.length > 0 && { add }),
    ...(remove.length > 0 && { remove }),
  })),
});

const repeat = {
  class: 'naturally-idempotent',
  evidence: { mark: 'spec', source: 'PATCH …/permissions adds to and removes from sets' },
} as const;

const securable = { securable_type: z.enum(TYPES), full_name: fullName };
interface OfSecurable {
  readonly securable_type: string;
  readonly full_name: string;
}
const securablePath = ({ securable_type, full_name }: OfSecurable) =>
  path`/api/2.1/unity-catalog/permissions/${securable_type}/${full_name}`;
const onSecurable = ({ securable_type, full_name }: OfSecurable) =>
  [ref('UnityCatalog::Securable', `${securable_type}:${full_name}`)] as const;

const getPermissions = readOperation({
  name: 'unity-catalog.permission.get',
  description: 'Shows who may do what with a catalog, schema, table or another securable.',
  input: z.strictObject(securable),
  output: assignments,
  resourceTypes: ['UnityCatalog::Securable'],
  resources: onSecurable,
  labels: () => ['security'],
  execute: httpExecution({
    request: (input) => ({ method: 'GET', path: securablePath(input) }),
    repeatable: true,
    result: ({ body }) => body,
  }),
  evidence: [{ mark: 'spec', source: 'GET /permissions/{securable_type}/{full_name}' }],
});

const changePermissions = writeOperation({
  name: 'unity-catalog.permission.change',
  description:
    'Grants and revokes privileges on a catalog, schema, table or another securable: its arguments decide which.',
  input: z.strictObject({ ...securable, changes }),
  output,
  resourceTypes: ['UnityCatalog::Securable'],
  resources: onSecurable,
  labels: () => ['security'],
  provenance: {
    arguments: { full_name: 'target', 'changes[*].principal': 'credential', 'changes[*].add[*]': 'credential' },
    asked: ['grant', 'revoke'],
  },
  effect: (input) => effectOf(input.changes, false),
  effectKinds: ['privilege'],
  repeat,
  execute: (input, context) =>
    changeKeeping(
      {
        from: securablePath(input),
        former: ({ body }) => assignments.parse(body),
        // [spec] PermissionsChange has both lists, also where one is empty.
        call: { method: 'PATCH', path: securablePath(input), body: { changes: input.changes } },
        repeatable: true,
      },
      context,
    ),
  probe: stateProbe<OfSecurable & Changing>(securablePath, holds),
  undo: ({ securable_type, full_name, changes: changed }, result) => {
    const back = inverseOf(changed, result);
    if (back === undefined) return undefined;
    return { operation: 'unity-catalog.permission.change', input: { securable_type, full_name, changes: back } };
  },
  evidence: [
    { mark: 'spec', source: 'PATCH /permissions/{securable_type}/{full_name} {changes:[{principal,add,remove}]}' },
  ],
});

const sharePath = ({ name }: { readonly name: string }) => path`/api/2.1/unity-catalog/shares/${name}/permissions`;
const onShare = ({ name }: { readonly name: string }) => [ref('UnityCatalog::Share', name)] as const;

const getShare = readOperation({
  name: 'unity-catalog.share-permission.get',
  description: 'Shows with which recipients outside a share is shared.',
  input: z.strictObject({ name: oneName }),
  output: assignments,
  resourceTypes: ['UnityCatalog::Share'],
  resources: onShare,
  labels: () => ['security'],
  execute: httpExecution({
    request: (input) => ({ method: 'GET', path: sharePath(input) }),
    repeatable: true,
    result: ({ body }) => body,
  }),
  evidence: [{ mark: 'sdk', source: 'shares.share_permissions: GET /shares/{name}/permissions' }],
});

const changeShare = writeOperation({
  name: 'unity-catalog.share-permission.change',
  description: 'Shares data with recipients outside the organisation, or stops it.',
  input: z.strictObject({ name: oneName, changes }),
  output,
  resourceTypes: ['UnityCatalog::Share'],
  resources: onShare,
  labels: () => ['security'],
  provenance: { arguments: { name: 'target', 'changes[*].principal': 'destination' }, asked: ['share'] },
  effect: (input) => effectOf(input.changes, true),
  effectKinds: ['privilege'],
  repeat: {
    class: 'naturally-idempotent',
    evidence: { mark: 'sdk', source: 'PATCH /shares/{name}/permissions adds to and removes from sets' },
  },
  execute: (input, context) =>
    changeKeeping(
      {
        from: sharePath(input),
        former: ({ body }) => assignments.parse(body),
        call: { method: 'PATCH', path: sharePath(input), body: bodyOf(input.changes) },
        repeatable: true,
      },
      context,
    ),
  probe: stateProbe<{ readonly name: string } & Changing>(sharePath, holds),
  undo: ({ name, changes: changed }, result) => {
    const back = inverseOf(changed, result);
    return back === undefined
      ? undefined
      : { operation: 'unity-catalog.share-permission.change', input: { name, changes: back } };
  },
  evidence: [{ mark: 'sdk', source: 'shares.update_permissions: PATCH /shares/{name}/permissions' }],
});

export const grantOperations = [getPermissions, changePermissions, getShare, changeShare] as const;
