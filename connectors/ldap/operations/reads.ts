import { z } from 'zod';
import { readOperation } from '../../../src/connector/contract.ts';
import { failedOf } from '../../../src/connector/http/http-execution.ts';
import { isOpen } from '../attributes.ts';
import { rfc } from '../evidence.ts';
import type { SearchFilter } from '../filter.ts';
import { formatName, isIn, keyOf, type Name, parseName } from '../name.ts';
import { entry, list, look, unread } from '../read.ts';
import { group, groupName, nameOf, placeName, type Scope, user, userName } from '../scope.ts';

const PAGED = rfc('RFC 4511 §4.5, RFC 2696: paged; §4.5.3: continuations are not followed');
const ANSWERED = { returns: { default: 'others' } } as const;

const listing = z.object({
  entries: z.array(entry),
  more: z.boolean(),
  /** Parts of the directory that are on other servers, and not looked into. */
  elsewhere: z.number(),
});

/** How users and groups are looked at: the same, of another place and another class. */
interface Kind {
  readonly noun: 'user' | 'group';
  readonly title: string;
  readonly base: (scope: Scope) => Name;
  readonly attributes: (scope: Scope) => readonly string[];
  readonly only: (scope: Scope) => SearchFilter;
  readonly name: (scope: Scope) => z.ZodString;
  readonly ref: (scope: Scope, dn: string) => ReturnType<typeof user>;
  readonly labels: readonly string[];
}

const equalClass = (value: string): SearchFilter => ({ attribute: 'objectClass', is: 'equal', value });

/** Where a group class keeps its members. */
export function memberAttribute({ groupClass }: Pick<Scope, 'groupClass'>): 'member' | 'uniqueMember' | 'memberUid' {
  if (groupClass === 'posixGroup') return 'memberUid';
  return groupClass === 'groupOfUniqueNames' ? 'uniqueMember' : 'member';
}

export const groupAttributes = (scope: Scope): readonly string[] => [
  'cn',
  'description',
  'gidNumber',
  memberAttribute(scope),
];

const KINDS: Readonly<Record<'user' | 'group', Kind>> = {
  user: {
    noun: 'user',
    title: 'users',
    base: ({ userBase }) => userBase,
    attributes: ({ readable }) => readable,
    only: ({ server }) => equalClass(server === 'active-directory' ? 'user' : 'person'),
    name: userName,
    ref: (_scope, dn) => user(dn),
    labels: ['pii'],
  },
  group: {
    noun: 'group',
    title: 'groups',
    base: ({ groupBase }) => groupBase,
    attributes: groupAttributes,
    only: ({ groupClass }) => equalClass(groupClass),
    name: groupName,
    ref: group,
    labels: ['pii', 'security'],
  },
};

function getOperation(scope: Scope, { noun, attributes, name, ref, labels }: Kind) {
  return readOperation({
    name: `ldap.${noun}.get`,
    description: `Reads one ${noun}.`,
    input: z.strictObject({ dn: name(scope) }),
    output: entry,
    resourceTypes: [noun === 'user' ? 'Ldap::User' : 'Ldap::Group'],
    resources: ({ dn }) => [ref(scope, dn)],
    labels: () => labels,
    provenance: ANSWERED,
    execute: async ({ dn }, context) => {
      const answer = await look(scope, nameOf(dn), { attributes: attributes(scope), context });
      return answer.ok && answer.value !== undefined ? { status: 'succeeded', result: answer.value } : unread(answer);
    },
    evidence: [rfc('RFC 4511 §4.5: search of the base object')],
  });
}

const value = z.string().min(1).max(200);

function searchOperation(scope: Scope, { noun, title, base, attributes, only, ref, labels }: Kind) {
  const known = attributes(scope).filter(isOpen);
  return readOperation({
    name: `ldap.${noun}.search`,
    description: `Lists ${title} to whom every condition applies.`,
    input: z.strictObject({
      where: z
        .array(z.strictObject({ attribute: z.enum(known), is: z.enum(['equal', 'starts', 'contains']), value }))
        .max(10)
        .default([]),
      /** Only below this place. */
      below: placeName(scope)
        .refine((text) => isIn(nameOf(text), base(scope)), { error: `not where ${title} are` })
        .optional(),
      limit: z.int().min(1).max(500).default(50),
    }),
    output: listing,
    resourceTypes: [noun === 'user' ? 'Ldap::User' : 'Ldap::Group'],
    resources: ({ below }) => [
      { ...ref(scope, formatName(base(scope))), id: below === undefined ? '*' : keyOf(nameOf(below)) },
    ],
    labels: () => labels,
    touched: ({ entries }) => entries.filter(({ dn }) => parseName(dn) !== undefined).map(({ dn }) => ref(scope, dn)),
    provenance: ANSWERED,
    execute: async ({ where, below, limit }, context) => {
      const from = below === undefined ? base(scope) : nameOf(below);
      const looking = { filter: { all: [only(scope), ...where] }, attributes: attributes(scope), limit };
      const answer = await list(scope, from, { looking, context });
      return answer.ok ? { status: 'succeeded', result: answer.value } : failedOf(answer, true);
    },
    evidence: [PAGED],
  });
}

/** Whose member somebody is: what the group class keeps of them. */
export function memberValue(scope: Scope, name: Name): string {
  return memberAttribute(scope) === 'memberUid' ? name[0].value : formatName(name);
}

/** The groups of which somebody is a member by name; what groups have through other groups is not followed. */
export const groupsOf = (scope: Scope, name: Name): SearchFilter => ({
  all: [
    equalClass(scope.groupClass),
    { attribute: memberAttribute(scope), is: 'equal', value: memberValue(scope, name) },
  ],
});

function userGroups(scope: Scope) {
  return readOperation({
    name: 'ldap.user.list-groups',
    description: 'Lists the groups that name a user as their member; groups of groups are not followed.',
    input: z.strictObject({ dn: userName(scope) }),
    output: listing,
    resourceTypes: ['Ldap::User'],
    resources: ({ dn }) => [user(dn)],
    labels: () => ['security'],
    touched: ({ entries }) => entries.filter(({ dn }) => parseName(dn) !== undefined).map(({ dn }) => group(scope, dn)),
    provenance: ANSWERED,
    execute: async ({ dn }, context) => {
      const looking = { filter: groupsOf(scope, nameOf(dn)), attributes: ['cn', 'description'], limit: 500 };
      const answer = await list(scope, scope.groupBase, { looking, context });
      return answer.ok ? { status: 'succeeded', result: answer.value } : failedOf(answer, true);
    },
    evidence: [PAGED, rfc('RFC 4519 §2.17 and §2.40, RFC 2307 §4: member, uniqueMember, memberUid')],
  });
}

export function readOperations(scope: Scope) {
  return [
    getOperation(scope, KINDS.user),
    searchOperation(scope, KINDS.user),
    userGroups(scope),
    getOperation(scope, KINDS.group),
    searchOperation(scope, KINDS.group),
  ];
}
