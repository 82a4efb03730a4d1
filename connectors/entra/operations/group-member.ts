import { z } from 'zod';
import type { ResourceRef } from '../../../src/action/resource.ts';
import { type Probe, readOperation, writeOperation } from '../../../src/connector/contract.ts';
import { path } from '../../../src/connector/http/path.ts';
import { change } from '../effects.ts';
import { doc } from '../evidence.ts';
import { byIds, callExecution, type GraphCall, inner } from '../graph-call.ts';
import { objectId } from '../ids.ts';
import { limit, listExecution, listOf } from '../pages.ts';
import { probeList } from '../read-back.ts';
import { group, object } from '../resources.ts';

interface Membership {
  readonly groupId: string;
  readonly memberId: string;
}

const text = z.string().nullish();
const member = z.object({ '@odata.type': text, id: z.string(), displayName: text, userPrincipalName: text });
const membersOf = ({ groupId }: { readonly groupId: string }) => path`/v1.0/groups/${groupId}/members`;

const listMembers = readOperation({
  name: 'entra.group.list-members',
  provenance: { arguments: { groupId: 'target' }, returns: { fields: { 'items[*].displayName': 'others' } } },
  description: 'Lists the direct members of a group.',
  input: z.strictObject({ groupId: objectId, limit }),
  output: listOf(member),
  resourceTypes: ['Entra::Group', 'Entra::Object'],
  resources: ({ groupId }) => [group(groupId)],
  labels: () => ['pii'],
  touched: ({ items }) => items.map(({ id }) => object(id)),
  execute: listExecution((input) => ({
    path: membersOf(input),
    query: { $select: 'id,displayName,userPrincipalName' },
  })),
  evidence: [doc('GET /groups/{id}/members: direct members, 100 a page by default')],
});

function membershipProbe(wanted: boolean): Probe<Membership> {
  return (input, context) =>
    probeList(
      { path: membersOf(input), query: { $select: 'id' } },
      {
        context,
        find: (items) =>
          items.some((item) => member.safeParse(item).data?.id === input.memberId) === wanted
            ? { status: 'applied', result: {} }
            : { status: 'not-applied' },
      },
    );
}

const membership = {
  input: z.strictObject({ groupId: objectId, memberId: objectId }),
  provenance: { arguments: { groupId: 'target', memberId: 'destination' } },
  output: z.object({}),
  resourceTypes: ['Entra::Group', 'Entra::Object'],
  resources: ({ groupId, memberId }: Membership): readonly [ResourceRef, ResourceRef] => [
    group(groupId),
    object(memberId),
  ],
  effect: () => change('privilege', { reversible: 'operation' }),
  effectKinds: ['privilege'],
} as const;

/**
 * The host and path of a reference are the documentation's own: whatever an agent knows is an id. What the national
 * clouds want here is not known.
 */
const REFERENCES = 'https://graph.microsoft.com/v1.0/directoryObjects/';
const REFERENCE = /^https:\/\/graph\.microsoft\.com\/v1\.0\/(?:directoryObjects|users)\/([^/]+)$/;

const addCall: GraphCall<Membership> = {
  request: ({ memberId, ...input }) => ({
    method: 'POST',
    path: `${membersOf(input)}/$ref`,
    body: { '@odata.id': `${REFERENCES}${memberId}` },
  }),
};

const addMember = writeOperation({
  ...membership,
  name: 'entra.group.add-member',
  description: 'Puts a user, group or service principal into a group, with every right that the group has.',
  repeat: {
    class: 'at-most-once',
    evidence: doc('POST /groups/{id}/members/$ref: 400 "when the object is already a member of the group"'),
  },
  execute: callExecution(addCall, false),
  probe: membershipProbe(true),
  undo: ({ groupId, memberId }) => ({ operation: 'entra.group.remove-member', input: { groupId, memberId } }),
  evidence: [doc('POST /groups/{id}/members/$ref with @odata.id: 204')],
});

const removeCall: GraphCall<Membership> = {
  // Without /$ref this call deletes the member itself.
  request: ({ memberId, ...input }) => ({ method: 'DELETE', path: `${membersOf(input)}${path`/${memberId}/$ref`}` }),
};

const removeMember = writeOperation({
  ...membership,
  name: 'entra.group.remove-member',
  description: 'Takes a member out of a group.',
  repeat: {
    class: 'at-most-once',
    evidence: doc('DELETE /groups/{id}/members/{id}/$ref: 204, and 404 for who is no member'),
  },
  execute: callExecution(removeCall, false),
  probe: membershipProbe(false),
  undo: ({ groupId, memberId }) => ({ operation: 'entra.group.add-member', input: { groupId, memberId } }),
  evidence: [doc('DELETE …/members/{id}/$ref: "If /$ref is not appended … the member object will also be deleted"')],
});

export const groupMemberOperations = [listMembers, addMember, removeMember] as const;
export const groupMemberInner = [
  inner(addMember, addCall, {
    method: 'POST',
    path: '/groups/{}/members/$ref',
    input: ([groupId = ''], body) => {
      const memberId = REFERENCE.exec(String(body['@odata.id']))?.[1];
      return memberId === undefined || Object.keys(body).length !== 1 ? undefined : { groupId, memberId };
    },
  }),
  inner(removeMember, removeCall, {
    method: 'DELETE',
    path: '/groups/{}/members/{}/$ref',
    input: byIds('groupId', 'memberId'),
  }),
];
