import { z } from 'zod';
import { writeOperation } from '../../../src/connector/contract.ts';
import type { JsonObject } from '../../../src/lib/json.ts';
import type { BulkPart } from '../bulk-part.ts';
import { change } from '../effects.ts';
import { NO_KEY, rfc, SAME_VALUES, said } from '../evidence.ts';
import { filterable } from '../filter.ts';
import { group, scimId, user, WHOLE_GROUP } from '../resources.ts';
import { type PatchStep, patchBody, readBack, readThenWrite, type Service, undetermined } from '../wire.ts';
import { type Group, groupPath, type OneGroup, parseGroup } from './group.ts';

interface Members extends OneGroup {
  readonly memberIds: readonly string[];
}

const VERBS = {
  'add-members': {
    undo: 'scim.group.remove-members',
    isThere: true,
    description: 'Puts users into a group, with every right that the group has.',
  },
  'remove-members': {
    undo: 'scim.group.add-members',
    isThere: false,
    description: 'Takes users out of a group.',
  },
} as const;
type Verb = keyof typeof VERBS;

/** Ids are of characters that end no quoted value, so a path filter names exactly the member that was meant. */
function stepsOf(verb: Verb, ids: readonly string[], { dialect }: Service): readonly PatchStep[] {
  const value = ids.map((id) => ({ value: id }));
  if (verb === 'add-members') return [{ op: 'add', path: 'members', value }];
  return dialect.memberRemoval === 'value'
    ? [{ op: 'remove', path: 'members', value }]
    : ids.map((id) => ({ op: 'remove', path: `members[value eq "${id}"]` }));
}

const heldBy = ({ members }: Group): readonly string[] => (members ?? []).map(({ value }) => value);

/** The group as it is with the members changed, for servers that only replace. */
function withMembers(whole: JsonObject, ids: readonly string[]): JsonObject {
  const { meta: _, ...rest } = whole;
  return { ...rest, members: ids.map((value) => ({ value })) };
}

export function changeMembers(service: Service, verb: Verb): BulkPart {
  const { undo, isThere, description } = VERBS[verb];
  const request: BulkPart['request'] = (input: Members) => ({
    method: 'PATCH',
    path: groupPath(service, input),
    body: patchBody(stepsOf(verb, input.memberIds, service), service.dialect),
  });
  /** Only those who are not so already are written, and named in the result: an undo must not take away what was there. */
  const pending = ({ memberIds }: Members, held: Group) => {
    const now = heldBy(held);
    return memberIds.filter((id) => now.includes(id) !== isThere);
  };
  const operation = writeOperation({
    name: `scim.group.${verb}`,
    provenance: { arguments: { groupId: 'target', memberIds: 'destination' } },
    description,
    input: z.strictObject({
      groupId: scimId,
      memberIds: z
        .array(scimId)
        .min(1)
        .max(100)
        .refine((ids) => new Set(ids).size === ids.length, { error: 'a member is named twice' }),
    }),
    output: z.object({ changed: z.array(z.string()).optional() }),
    resourceTypes: ['Scim::Group', 'Scim::User'],
    resources: ({ groupId, memberIds }) => [group(groupId), ...memberIds.map(user)],
    effect: ({ memberIds }) => change('privilege', { reversible: 'operation', count: memberIds.length }),
    effectKinds: ['privilege'],
    repeat: SAME_VALUES,
    execute: (input, context) =>
      readThenWrite(groupPath(service, input), {
        context,
        parse: parseGroup,
        write: ({ group, whole }) => {
          const ids = pending(input, group);
          if (ids.length === 0) return undefined;
          if (service.dialect.update === 'patch')
            return { method: 'PATCH', body: patchBody(stepsOf(verb, ids, service), service.dialect) };
          const held = heldBy(group);
          return {
            method: 'PUT',
            body: withMembers(whole, isThere ? [...held, ...ids] : held.filter((id) => !ids.includes(id))),
          };
        },
        result: ({ group }) => ({ changed: pending(input, group) }),
      }),
    probe: async (input, context) => {
      const answer = await readBack({ path: groupPath(service, input) }, context);
      const held = answer.ok ? parseGroup(answer.reply.body)?.group : undefined;
      if (held === undefined) return undetermined(answer);
      const left = pending(input, held).length;
      if (left === 0) return { status: 'applied', result: {} };
      return left === input.memberIds.length
        ? { status: 'not-applied' }
        : { status: 'undetermined', detail: 'Some of them are.' };
    },
    undo: ({ groupId }, result) => {
      const changed = z.object({ changed: z.array(z.string()).min(1) }).safeParse(result).data?.changed;
      return changed === undefined ? undefined : { operation: undo, input: { groupId, memberIds: changed } };
    },
    evidence: [
      rfc('RFC 7644 §3.5.2.1 and §3.5.2.2: PATCH /Groups/{id}; members[value eq "…"] selects one'),
      said('some services take the removed members as a value instead of a filter'),
    ],
  });
  return { operation, request, result: () => ({}) };
}

interface Rename extends OneGroup {
  readonly displayName: string;
}

export function renameGroup(service: Service): BulkPart {
  const steps = ({ displayName }: Rename): readonly PatchStep[] => [
    { op: 'replace', path: 'displayName', value: displayName },
  ];
  const request: BulkPart['request'] = (input: Rename) => ({
    method: 'PATCH',
    path: groupPath(service, input),
    body: patchBody(steps(input), service.dialect),
  });
  const operation = writeOperation({
    name: 'scim.group.rename',
    provenance: { arguments: { groupId: 'target', displayName: 'content' } },
    description: 'Renames a group. Where an application maps rights to names, its members get other rights.',
    input: z.strictObject({ groupId: scimId, displayName: filterable }),
    output: z.object({ before: z.string().optional() }),
    resourceTypes: ['Scim::Group'],
    resources: ({ groupId }) => [group(groupId)],
    effect: () => change('privilege', { reversible: 'operation', count: WHOLE_GROUP }),
    effectKinds: ['privilege'],
    repeat: NO_KEY,
    execute: (input, context) =>
      readThenWrite(groupPath(service, input), {
        context,
        parse: parseGroup,
        write: ({ whole: { meta: _, ...whole } }) =>
          service.dialect.update === 'patch'
            ? { method: 'PATCH', body: patchBody(steps(input), service.dialect) }
            : { method: 'PUT', body: { ...whole, displayName: input.displayName } },
        result: ({ group }) => ({ before: group.displayName ?? undefined }),
      }),
    probe: async (input, context) => {
      const answer = await readBack({ path: groupPath(service, input) }, context);
      const held = answer.ok ? parseGroup(answer.reply.body)?.group : undefined;
      if (held === undefined) return undetermined(answer);
      return held.displayName === input.displayName ? { status: 'applied', result: {} } : { status: 'not-applied' };
    },
    undo: ({ groupId }, result) => {
      const name = z.object({ before: filterable }).safeParse(result).data?.before;
      return name === undefined ? undefined : { operation: 'scim.group.rename', input: { groupId, displayName: name } };
    },
    evidence: [rfc('RFC 7644 §3.5.2.3: PATCH replace of displayName'), rfc('RFC 7643 §4.2: displayName is required')],
  });
  return { operation, request, result: () => ({}) };
}
