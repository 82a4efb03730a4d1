import { z } from 'zod';
import type { ResourceRef } from '../../../src/action/resource.ts';
import { readOperation, writeOperation } from '../../../src/connector/contract.ts';
import { path } from '../../../src/connector/http/path.ts';
import { change } from '../effects.ts';
import { csdl, doc, NO_KEY } from '../evidence.ts';
import { byIds, callExecution, type GraphCall, inner } from '../graph-call.ts';
import { objectId } from '../ids.ts';
import { limit, listExecution, listOf } from '../pages.ts';
import { isAbsent, readBack, undetermined } from '../read-back.ts';
import { COLLECTION, object } from '../resources.ts';

interface OneItem {
  readonly objectId: string;
}

const text = z.string().nullish();
const item = z.object({ '@odata.type': text, id: z.string(), displayName: text, deletedDateTime: text });

const onItem = {
  input: z.strictObject({ objectId }),
  resourceTypes: ['Entra::Object'],
  resources: ({ objectId }: OneItem): readonly [ResourceRef] => [object(objectId)],
} as const;

const KINDS = ['user', 'group', 'application', 'servicePrincipal'] as const;

const listDeleted = readOperation({
  name: 'entra.deleted-item.list',
  provenance: { returns: { fields: { 'items[*].displayName': 'others' } } },
  description: 'Lists the users, groups, applications or service principals that can still be restored.',
  input: z.strictObject({ kind: z.enum(KINDS), limit }),
  output: listOf(item),
  resourceTypes: ['Entra::Object'],
  resources: () => [object(COLLECTION)],
  labels: () => ['pii'],
  touched: ({ items }) => items.map(({ id }) => object(id)),
  execute: listExecution(({ kind }) => ({ path: path`/v1.0/directory/deletedItems/${`microsoft.graph.${kind}`}` })),
  evidence: [doc('GET /directory/deletedItems/microsoft.graph.{user|group|application|servicePrincipal}')],
});

const itemPath = ({ objectId }: OneItem) => path`/v1.0/directory/deletedItems/${objectId}`;

const restoreCall: GraphCall<OneItem> = {
  request: (input) => ({ method: 'POST', path: `${itemPath(input)}/restore` }),
  result: (reply) => reply.body,
};

/** Undone by deleting again, which a read-back of a bare id cannot choose: the type stands in the answer alone. */
const DELETED_BY: Readonly<Record<string, readonly [operation: string, input: string]>> = {
  '#microsoft.graph.user': ['entra.user.delete', 'userId'],
  '#microsoft.graph.servicePrincipal': ['entra.service-principal.delete', 'servicePrincipalId'],
};

const restore = writeOperation({
  ...onItem,
  name: 'entra.deleted-item.restore',
  provenance: { arguments: { objectId: 'target' } },
  description: 'Brings a deleted user, group, application or service principal back, with the rights it had.',
  output: item,
  effect: () => change('privilege', { reversible: 'no' }),
  effectKinds: ['privilege'],
  repeat: NO_KEY,
  execute: callExecution(restoreCall, false),
  probe: async (input, context) => {
    const deleted = await readBack({ path: itemPath(input) }, context);
    if (deleted.ok) return { status: 'not-applied' };
    if (!isAbsent(deleted)) return undetermined(deleted);
    const alive = await readBack({ path: path`/v1.0/directoryObjects/${input.objectId}` }, context);
    return alive.ok ? { status: 'applied', result: alive.reply.body } : undetermined(alive);
  },
  undo: (_input, result) => {
    const restored = item.safeParse(result);
    const by = DELETED_BY[restored.data?.['@odata.type'] ?? ''];
    return restored.success && by !== undefined
      ? { operation: by[0], input: { [by[1]]: restored.data.id } }
      : undefined;
  },
  evidence: [
    csdl('action restore on directoryObject'),
    doc(
      'POST /directory/deletedItems/{id}/restore: "A recently deleted item remains available for up to 30 days"; not for security groups',
    ),
  ],
});

const purgeCall: GraphCall<OneItem> = { request: (input) => ({ method: 'DELETE', path: itemPath(input) }) };

const purge = writeOperation({
  ...onItem,
  name: 'entra.deleted-item.purge',
  provenance: { arguments: { objectId: 'target' } },
  description: 'Deletes a deleted user, group, application or service principal for good, before its 30 days are over.',
  output: z.object({}),
  effect: () => change('delete', { reversible: 'no' }),
  effectKinds: ['delete'],
  repeat: NO_KEY,
  execute: callExecution(purgeCall, false),
  // Not among the deleted: purged, or restored meanwhile.
  probe: async (input, context) => {
    const deleted = await readBack({ path: itemPath(input) }, context);
    if (deleted.ok) return { status: 'not-applied' };
    if (!isAbsent(deleted)) return undetermined(deleted);
    const alive = await readBack({ path: path`/v1.0/directoryObjects/${input.objectId}` }, context);
    if (alive.ok) return { status: 'not-applied' };
    return isAbsent(alive) ? { status: 'applied', result: {} } : undetermined(alive);
  },
  undo: { none: 'What is purged cannot be restored by anybody.' },
  evidence: [
    doc(
      'DELETE /directory/deletedItems/{id}: "once an item is permanently deleted, it cannot be restored"; for users and groups one page allows it to signed-in administrators only',
    ),
  ],
});

export const deletedItemOperations = [listDeleted, restore, purge] as const;
export const deletedItemInner = [
  inner(restore, restoreCall, {
    method: 'POST',
    path: '/directory/deletedItems/{}/restore',
    input: byIds('objectId'),
  }),
  inner(purge, purgeCall, { method: 'DELETE', path: '/directory/deletedItems/{}', input: byIds('objectId') }),
];
