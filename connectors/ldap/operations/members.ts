import { z } from 'zod';
import { type ExecutionContext, type ExecutionResult, writeOperation } from '../../../src/connector/contract.ts';
import { failedOf } from '../../../src/connector/http/http-execution.ts';
import type { Write } from '../codec.ts';
import { type Answer, isAbsent } from '../directory.ts';
import { rfc, SAME_VALUES } from '../evidence.ts';
import { equal } from '../filter.ts';
import { keyOf, type Name } from '../name.ts';
import { unread, write } from '../read.ts';
import { change, entryName, group, groupName, nameOf, refsOf, type Scope } from '../scope.ts';
import { unsure } from '../settle.ts';
import { memberAttribute, memberValue } from './reads.ts';

const VERBS = {
  'add-members': {
    operation: 'add',
    isThere: true,
    undo: 'ldap.group.remove-members',
    description: 'Puts users or groups into a group, with every right that the group has.',
  },
  'remove-members': {
    operation: 'delete',
    isThere: false,
    undo: 'ldap.group.add-members',
    description: 'Takes users or groups out of a group. A groupOfNames keeps its last member.',
  },
} as const;

interface Members {
  readonly dn: string;
  readonly members: readonly string[];
}

/** Names of one group's members, each once. */
export const memberNames = (scope: Scope) =>
  z
    .array(entryName(scope))
    .min(1)
    .max(100)
    .refine((names) => new Set(names.map((each) => keyOf(nameOf(each)))).size === names.length, {
      error: 'a member is named twice',
    });

/** Those who are in it, asked one by one: large groups do not show all their members at once. */
async function membersIn(
  scope: Scope,
  { dn, members }: Members,
  context: ExecutionContext,
): Promise<Answer<readonly string[]>> {
  const attribute = memberAttribute(scope);
  const asked = members.map(async (member) => {
    const filter = equal(attribute, memberValue(scope, nameOf(member)));
    const search = { kind: 'search', base: nameOf(dn), scope: 'base', filter, attributes: ['objectClass'] } as const;
    return { member, answer: await scope.directory.search(search, context) };
  });
  const found: string[] = [];
  for (const { member, answer } of await Promise.all(asked)) {
    if (!answer.ok) return answer;
    if (answer.value.entries.length > 0) found.push(member);
  }
  return { ok: true, value: found };
}

function changeMembers(scope: Scope, verb: keyof typeof VERBS) {
  const { operation, isThere, undo, description } = VERBS[verb];
  const pendingOf = ({ members }: Members, held: readonly string[]) =>
    members.filter((member) => held.includes(member) !== isThere);
  const request = (name: Name, members: readonly string[]): Write => ({
    kind: 'modify',
    name,
    changes: [
      { operation, attribute: memberAttribute(scope), values: members.map((each) => memberValue(scope, nameOf(each))) },
    ],
  });
  const execute = async (input: Members, context: ExecutionContext): Promise<ExecutionResult> => {
    const held = await membersIn(scope, input, context);
    if (!held.ok) return isAbsent(held) ? unread({ ok: true, value: undefined }) : failedOf(held, true);
    const changed = pendingOf(input, held.value);
    if (changed.length === 0) return { status: 'succeeded', result: { changed } };
    return write(scope, request(nameOf(input.dn), changed), { context, result: { changed } });
  };
  return writeOperation({
    name: `ldap.group.${verb}`,
    description,
    input: z.strictObject({ dn: groupName(scope), members: memberNames(scope) }),
    /** Only those who were not so already: an undo must not take away what was there. */
    output: z.object({ changed: z.array(z.string()).optional() }),
    resourceTypes: ['Ldap::Group', 'Ldap::User', 'Ldap::Entry'],
    resources: ({ dn, members }) => [group(scope, dn), ...members.flatMap((each) => refsOf(scope, each))],
    effect: ({ members }) => change('privilege', { count: members.length }),
    effectKinds: ['privilege'],
    repeat: SAME_VALUES,
    provenance: { arguments: { dn: 'target', members: 'destination' } },
    execute,
    probe: async (input, context) => {
      const held = await membersIn(scope, input, context);
      if (!held.ok) return unsure(held);
      const left = pendingOf(input, held.value).length;
      if (left === 0) return { status: 'applied', result: {} };
      return left === input.members.length ? { status: 'not-applied' } : unsure(held);
    },
    undo: ({ dn }, result) => {
      const changed = z.object({ changed: z.array(z.string()).min(1) }).safeParse(result).data?.changed;
      return changed === undefined ? undefined : { operation: undo, input: { dn, members: changed } };
    },
    evidence: [
      rfc('RFC 4511 §4.6: a value that is there is refused (20), and one that is not (16)'),
      rfc('RFC 4519 §2.17 and §2.40, RFC 2307 §4: member, uniqueMember, memberUid'),
    ],
  });
}

export const memberOperations = (scope: Scope) => [
  changeMembers(scope, 'add-members'),
  changeMembers(scope, 'remove-members'),
];
