import { z } from 'zod';
import { readOperation, writeOperation } from '../../../src/connector/contract.ts';
import { httpExecution } from '../../../src/connector/http/http-execution.ts';
import { path } from '../../../src/connector/http/path.ts';
import { change, WHOLE_TENANT } from '../effects.ts';
import { doc, NO_KEY } from '../evidence.ts';
import { byIds, callExecution, type GraphCall, inner } from '../graph-call.ts';
import { objectId } from '../ids.ts';
import { filterOn, filterText, quoted } from '../odata-filter.ts';
import { limit, listExecution, listOf } from '../pages.ts';
import { absenceProbe, probeList } from '../read-back.ts';
import { COLLECTION, group } from '../resources.ts';

interface OneGroup {
  readonly groupId: string;
}

const text = z.string().nullish();
const flag = z.boolean().nullish();
const groupOutput = z.object({
  id: z.string(),
  displayName: text,
  description: text,
  mailNickname: text,
  mail: text,
  securityEnabled: flag,
  mailEnabled: flag,
  isAssignableToRole: flag,
  groupTypes: z.array(z.string()).default([]),
});
const SELECT = Object.keys(groupOutput.shape).join(',');

const groupPath = ({ groupId }: OneGroup) => path`/v1.0/groups/${groupId}`;

const getCall: GraphCall<OneGroup> = {
  request: (input) => ({ method: 'GET', path: groupPath(input), query: { $select: SELECT } }),
  result: (reply) => reply.body,
};

const getGroup = readOperation({
  name: 'entra.group.get',
  provenance: {
    arguments: { groupId: 'target' },
    returns: { fields: { displayName: 'others', description: 'others' } },
  },
  description: 'Reads one group.',
  input: z.strictObject({ groupId: objectId }),
  output: groupOutput,
  resourceTypes: ['Entra::Group'],
  resources: ({ groupId }) => [group(groupId)],
  labels: () => ['untrusted'],
  execute: callExecution(getCall, true),
  evidence: [doc('GET /groups/{id}')],
});

const listGroups = readOperation({
  name: 'entra.group.list',
  provenance: { returns: { fields: { 'items[*].displayName': 'others', 'items[*].description': 'others' } } },
  description: 'Lists groups, all or those whose fields are or begin with given values.',
  input: z.strictObject({ where: filterOn(['displayName', 'mail', 'mailNickname']), limit }),
  output: listOf(groupOutput),
  resourceTypes: ['Entra::Group'],
  resources: () => [group(COLLECTION)],
  // Whoever makes a group writes its name and description.
  labels: () => ['untrusted'],
  touched: ({ items }) => items.map(({ id }) => group(id)),
  execute: listExecution(({ where }) => ({
    path: '/v1.0/groups',
    query: { $select: SELECT, $filter: filterText(where) },
  })),
  evidence: [doc('GET /groups')],
});

const createGroup = writeOperation({
  name: 'entra.group.create',
  provenance: {
    arguments: { displayName: 'content', description: 'content', mailNickname: 'content', isAssignableToRole: 'flag' },
  },
  description:
    'Creates an empty security group. With `isAssignableToRole`, which cannot be changed later, admin roles can be given to it.',
  input: z.strictObject({
    displayName: z.string().min(1).max(256),
    description: z.string().min(1).max(1_024).optional(),
    mailNickname: z.string().regex(/^[A-Za-z0-9._-]{1,64}$/, 'letters, digits and . _ -'),
    isAssignableToRole: z.boolean().default(false),
  }),
  output: groupOutput,
  resourceTypes: ['Entra::Group'],
  resources: () => [group(COLLECTION)],
  touched: ({ id }) => [group(id)],
  effect: ({ isAssignableToRole }) =>
    change(isAssignableToRole ? 'privilege' : 'create', { reversible: 'operation', privileged: isAssignableToRole }),
  effectKinds: ['create', 'privilege'],
  repeat: NO_KEY,
  execute: httpExecution({
    request: ({ description, ...input }) => ({
      method: 'POST',
      path: '/v1.0/groups',
      body: {
        ...input,
        ...(description === undefined ? {} : { description }),
        securityEnabled: true,
        mailEnabled: false,
      },
    }),
    repeatable: false,
    result: (reply) => reply.body,
  }),
  // Names are not unique: two with the same name do not tell which is whose, one tells only that it is there.
  probe: ({ displayName, mailNickname }, context) =>
    probeList(
      { path: '/v1.0/groups', query: { $select: SELECT, $filter: `mailNickname eq ${quoted(mailNickname)}` } },
      {
        context,
        find: ([found, ...others]) => {
          if (found === undefined) return { status: 'not-applied' };
          const parsed = groupOutput.safeParse(found);
          return parsed.success && others.length === 0 && parsed.data.displayName === displayName
            ? { status: 'applied', result: parsed.data }
            : { status: 'undetermined', detail: 'Other groups have this name.' };
        },
      },
    ),
  undo: (_input, result) => {
    const created = groupOutput.safeParse(result);
    return created.success ? { operation: 'entra.group.delete', input: { groupId: created.data.id } } : undefined;
  },
  evidence: [
    doc('POST /groups: displayName, mailEnabled, mailNickname and securityEnabled are required'),
    doc('isAssignableToRole "is immutable" and needs RoleManagement.ReadWrite.Directory'),
  ],
});

const deleteCall: GraphCall<OneGroup> = { request: (input) => ({ method: 'DELETE', path: groupPath(input) }) };

const deleteGroup = writeOperation({
  name: 'entra.group.delete',
  provenance: { arguments: { groupId: 'target' } },
  description:
    'Deletes a group, and with it whatever its members had through it. Security groups are gone for good; Microsoft 365 groups can be restored for 30 days.',
  input: z.strictObject({ groupId: objectId }),
  output: z.object({}),
  resourceTypes: ['Entra::Group'],
  resources: ({ groupId }) => [group(groupId)],
  // The input does not say which kind it is, so it counts as the one that cannot be restored.
  effect: () => change('delete', { reversible: 'no', count: WHOLE_TENANT }),
  effectKinds: ['delete'],
  repeat: NO_KEY,
  execute: callExecution(deleteCall, false),
  probe: absenceProbe(groupPath),
  undo: { none: 'A deleted security group cannot be restored; a Microsoft 365 group can, by deleted-item.restore.' },
  evidence: [
    doc('directory-deleteditems-restore: "This isn’t applicable to security groups, which are deleted permanently"'),
  ],
});

export const groupOperations = [getGroup, listGroups, createGroup, deleteGroup] as const;
export const groupInner = [
  inner(getGroup, getCall, { method: 'GET', path: '/groups/{}', input: byIds('groupId') }),
  inner(deleteGroup, deleteCall, { method: 'DELETE', path: '/groups/{}', input: byIds('groupId') }),
];
