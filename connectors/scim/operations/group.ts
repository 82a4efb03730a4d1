import { z } from 'zod';
import { type AnyOperation, type Probe, readOperation, writeOperation } from '../../../src/connector/contract.ts';
import { path } from '../../../src/connector/http/path.ts';
import { isJsonObject, type JsonObject } from '../../../src/lib/json.ts';
import type { BulkPart } from '../bulk-part.ts';
import { change } from '../effects.ts';
import { NO_KEY, rfc } from '../evidence.ts';
import { filterable, filterOn, filterText } from '../filter.ts';
import { listExecution, listOf, readPages, window } from '../pages.ts';
import { COLLECTION, group, scimId, user, WHOLE_GROUP } from '../resources.ts';
import { GROUP_SCHEMA, isAbsent, readBack, type Service, scimExecution, undetermined } from '../wire.ts';

export interface OneGroup {
  readonly groupId: string;
}

const text = z.string().nullish();
export const groupOutput = z.object({
  id: z.string(),
  externalId: text,
  displayName: text,
  members: z.array(z.object({ value: z.string(), display: text, type: text })).nullish(),
});
export type Group = z.output<typeof groupOutput>;

export const groupPath = ({ base }: Service, { groupId }: OneGroup): string => `${base}${path`/Groups/${groupId}`}`;

/** A group and the whole that it was read from. */
export function parseGroup(body: unknown): { readonly group: Group; readonly whole: JsonObject } | undefined {
  const group = groupOutput.safeParse(body).data;
  return group === undefined || !isJsonObject(body) ? undefined : { group, whole: body };
}

function readOperations(service: Service): readonly AnyOperation[] {
  const getGroup = readOperation({
    name: 'scim.group.get',
    provenance: {
      arguments: { groupId: 'target' },
      returns: { fields: { displayName: 'others', 'members[*].display': 'others' } },
    },
    description: 'Reads one group and its members.',
    input: z.strictObject({ groupId: scimId }),
    output: groupOutput,
    resourceTypes: ['Scim::Group', 'Scim::User'],
    resources: ({ groupId }) => [group(groupId)],
    labels: () => ['pii', 'security'],
    touched: ({ members }) => (members ?? []).map(({ value }) => user(value)),
    execute: scimExecution<OneGroup>({
      request: (input) => ({ method: 'GET', path: groupPath(service, input) }),
      repeatable: true,
      result: ({ body }) => body,
    }),
    evidence: [rfc('RFC 7644 §3.4.1: GET /Groups/{id}')],
  });
  const summary = groupOutput.omit({ members: true });
  const listGroups = readOperation({
    name: 'scim.group.list',
    provenance: { returns: { fields: { 'items[*].displayName': 'others' } } },
    description:
      'Lists groups without their members, all or those whose names are, contain or begin with given values.',
    input: z.strictObject({ where: filterOn(['displayName', 'externalId']), ...window }),
    output: listOf(summary),
    resourceTypes: ['Scim::Group'],
    resources: () => [group(COLLECTION)],
    labels: () => ['security'],
    touched: ({ items }) => items.map(({ id }) => group(id)),
    execute: listExecution(
      ({ where }) => ({
        path: `${service.base}/Groups`,
        query: { filter: filterText(where), excludedAttributes: 'members' },
      }),
      (item) => item,
    ),
    evidence: [rfc('RFC 7644 §3.4.2; §3.9: excludedAttributes')],
  });
  return [getGroup, listGroups];
}

const newGroup = z.strictObject({
  displayName: filterable,
  memberIds: z.array(scimId).max(100).default([]),
});
type NewGroup = z.output<typeof newGroup>;

function createGroup(service: Service): BulkPart {
  const request: BulkPart['request'] = ({ displayName, memberIds }: NewGroup, { actionId }) => ({
    method: 'POST',
    path: `${service.base}/Groups`,
    body: {
      schemas: [GROUP_SCHEMA],
      displayName,
      // The provisioning client's own name for it (RFC 7643 §3.1): by it a read-back finds this very group.
      externalId: actionId,
      ...(memberIds.length === 0 ? {} : { members: memberIds.map((value) => ({ value })) }),
    },
  });
  const operation = writeOperation({
    name: 'scim.group.create',
    provenance: { arguments: { displayName: 'content', memberIds: 'destination' } },
    description: 'Creates a group, with members if they are given. Applications can map rights to its name.',
    input: newGroup,
    output: groupOutput,
    resourceTypes: ['Scim::Group', 'Scim::User'],
    resources: ({ memberIds }) => [group(COLLECTION), ...memberIds.map(user)],
    touched: ({ id }) => [group(id)],
    effect: ({ memberIds }) =>
      change(memberIds.length > 0 ? 'privilege' : 'create', {
        reversible: 'operation',
        privileged: memberIds.length > 0,
        count: 1 + memberIds.length,
      }),
    effectKinds: ['create', 'privilege'],
    repeat: NO_KEY,
    execute: scimExecution<NewGroup>({ request, repeatable: false, result: ({ body }) => body }),
    probe: async (_input, context) => {
      const query = { filter: filterText([{ attribute: 'externalId', is: 'eq', value: context.actionId }]) };
      const listed = await readPages(
        { path: `${service.base}/Groups`, query },
        { window: { startIndex: 1, limit: 2 }, context },
      );
      if ('status' in listed) return { status: 'undetermined', detail: 'The groups could not be listed.' };
      const [found] = listed.items;
      return found === undefined ? { status: 'not-applied' } : { status: 'applied', result: found };
    },
    undo: (_input, result) => {
      const created = groupOutput.safeParse(result).data;
      return created === undefined ? undefined : { operation: 'scim.group.delete', input: { groupId: created.id } };
    },
    evidence: [
      rfc('RFC 7644 §3.3: POST /Groups, 201'),
      rfc('RFC 7643 §3.1: externalId is issued by the provisioning client'),
    ],
  });
  return { operation, request, result: (id) => ({ id: id ?? '' }) };
}

function deleteGroup(service: Service): BulkPart {
  const request: BulkPart['request'] = (input: OneGroup) => ({ method: 'DELETE', path: groupPath(service, input) });
  const probe: Probe<OneGroup> = async (input, context) => {
    const answer = await readBack({ path: groupPath(service, input) }, context);
    if (answer.ok) return { status: 'not-applied' };
    return isAbsent(answer) ? { status: 'applied', result: {} } : undetermined(answer);
  };
  const operation = writeOperation({
    name: 'scim.group.delete',
    provenance: { arguments: { groupId: 'target' } },
    description: 'Deletes a group: its members lose whatever they had through it.',
    input: z.strictObject({ groupId: scimId }),
    output: z.object({}),
    resourceTypes: ['Scim::Group'],
    resources: ({ groupId }) => [group(groupId)],
    effect: () => change('delete', { reversible: 'no', count: WHOLE_GROUP }),
    effectKinds: ['delete'],
    repeat: {
      class: 'at-most-once',
      evidence: rfc('RFC 7644 §3.6: 204, and 404 for what was deleted: a repetition looks like a refusal'),
    },
    execute: scimExecution<OneGroup>({ request, repeatable: false }),
    probe,
    undo: { none: 'A new group of the same name has another id, and whatever pointed to the old one is lost.' },
    evidence: [rfc('RFC 7644 §3.6: DELETE /Groups/{id}')],
  });
  return { operation, request, result: () => ({}) };
}

export function groupOperations(service: Service) {
  const parts = [createGroup(service), deleteGroup(service)];
  return { operations: [...readOperations(service), ...parts.map(({ operation }) => operation)], parts };
}
