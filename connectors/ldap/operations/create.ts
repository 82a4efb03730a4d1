import { z } from 'zod';
import { type ProbeResult, writeOperation } from '../../../src/connector/contract.ts';
import { same } from '../attributes.ts';
import { ONCE, rfc } from '../evidence.ts';
import { formatName } from '../name.ts';
import { heldOf, write } from '../read.ts';
import { change, group, groupName, nameOf, refsOf, type Scope, user, userName } from '../scope.ts';
import { readBack } from '../settle.ts';
import type { Values } from '../values.ts';
import { memberNames } from './members.ts';
import { memberAttribute, memberValue } from './reads.ts';
import { effectOf, values } from './update.ts';

const output = z.object({ dn: z.string() });
const ADD = rfc('RFC 4511 §4.7: add; an entry that is there is refused (68)');

/** Nobody but this action writes all of these at once; that it was somebody else who did cannot be seen. */
function created(dn: string, wanted: readonly Values[]) {
  return {
    name: nameOf(dn),
    attributes: wanted.map(({ attribute }) => attribute),
    judge: (found: Parameters<typeof heldOf>[0] | undefined): ProbeResult => {
      if (found === undefined) return { status: 'not-applied' };
      const held = heldOf(
        found,
        wanted.map(({ attribute }) => attribute),
      );
      const isOurs = wanted.every((each, index) =>
        each.values.every((value) => held[index]?.values.some((one) => same(one, value))),
      );
      if (isOurs) return { status: 'applied', result: { dn: formatName(nameOf(dn)) } };
      return { status: 'undetermined', detail: `An entry of this name is there, and it is another one.` };
    },
  };
}

const CLASSES: Readonly<Record<Scope['server'], readonly string[]>> = {
  openldap: ['inetOrgPerson'],
  '389ds': ['inetOrgPerson'],
  'active-directory': ['user'],
};

const POSIX = ['uidNumber', 'gidNumber', 'homeDirectory'] as const;

/** Without a password: nobody can sign in with it before one is set. */
export function createUser(scope: Scope) {
  const attributesOf = ({ dn, set }: { readonly dn: string; readonly set: readonly Values[] }): readonly Values[] => {
    const [{ type, value }] = nameOf(dn);
    const isPosix = set.some(({ attribute }) => attribute === 'uidNumber');
    const classes = [...CLASSES[scope.server], ...(isPosix ? ['posixAccount'] : [])];
    const own = set.some(({ attribute }) => same(attribute, type)) ? [] : [{ attribute: type, values: [value] }];
    return [{ attribute: 'objectClass', values: classes }, ...own, ...set];
  };
  const set = values
    .min(1)
    .refine((all) => new Set(all.map(({ attribute }) => attribute)).size === all.length, {
      error: 'an attribute is set twice',
    })
    .refine((all) => all.every((each) => each.values.length > 0), { error: 'an attribute has no values' })
    .refine(
      (all) => {
        const there = POSIX.filter((one) => all.some(({ attribute }) => attribute === one)).length;
        return there === 0 || there === POSIX.length;
      },
      { error: `a POSIX account has ${POSIX.join(', ')}` },
    );
  return writeOperation({
    name: 'ldap.user.create',
    description: 'Creates a user without a password; with `uidNumber` also an account on machines.',
    input: z.strictObject({ dn: userName(scope), set }),
    output,
    resourceTypes: ['Ldap::User'],
    resources: ({ dn }) => [user(dn)],
    labels: () => ['pii'],
    // Who is on machines under the number of another is the other.
    effect: (input) => {
      const { kind, privileged } = effectOf(
        input.set.map(({ attribute }) => attribute).filter((one) => one !== 'mail'),
      );
      return change(kind === 'update' ? 'create' : kind, { privileged });
    },
    effectKinds: ['create', 'privilege'],
    repeat: ONCE,
    provenance: { arguments: { dn: 'target', set: 'content' } },
    execute: (input, context) => {
      const name = nameOf(input.dn);
      const result = { dn: formatName(name) };
      return write(scope, { kind: 'add', name, attributes: attributesOf(input) }, { context, result });
    },
    probe: (input, context) => readBack(scope, created(input.dn, attributesOf(input)), context),
    undo: ({ dn }) => ({ operation: 'ldap.user.delete', input: { dn } }),
    evidence: [ADD, rfc('RFC 2798: inetOrgPerson; RFC 2307 §4: posixAccount')],
  });
}

export function createGroup(scope: Scope) {
  const attributesOf = (input: {
    readonly members: readonly string[];
    readonly description?: string | undefined;
    readonly gidNumber?: number | undefined;
  }): readonly Values[] => [
    { attribute: 'objectClass', values: [scope.groupClass] },
    { attribute: memberAttribute(scope), values: input.members.map((member) => memberValue(scope, nameOf(member))) },
    ...(input.description === undefined ? [] : [{ attribute: 'description', values: [input.description] }]),
    ...(input.gidNumber === undefined ? [] : [{ attribute: 'gidNumber', values: [String(input.gidNumber)] }]),
  ];
  const isPosix = scope.groupClass === 'posixGroup';
  return writeOperation({
    name: 'ldap.group.create',
    description: 'Creates a group with its first members: a groupOfNames has at least one.',
    input: z
      .strictObject({
        dn: groupName(scope),
        members: memberNames(scope),
        description: z.string().min(1).max(1_000).optional(),
        /** Of a POSIX group, and of no other. */
        gidNumber: z.int().min(1).max(2_147_483_647).optional(),
      })
      .refine(({ gidNumber }) => (gidNumber !== undefined) === isPosix, {
        error: 'a POSIX group, and no other, has a gidNumber',
      })
      .refine(({ dn }) => nameOf(dn)[0].type === 'cn', { error: 'a group is named by its cn' }),
    output,
    resourceTypes: ['Ldap::Group', 'Ldap::User', 'Ldap::Entry'],
    resources: ({ dn, members }) => [group(scope, dn), ...members.flatMap((each) => refsOf(scope, each))],
    effect: ({ members }) => change('privilege', { count: members.length }),
    effectKinds: ['privilege'],
    repeat: ONCE,
    provenance: { arguments: { dn: 'target', members: 'destination', description: 'content' } },
    execute: (input, context) => {
      const name = nameOf(input.dn);
      const result = { dn: formatName(name) };
      const attributes = [...attributesOf(input), { attribute: 'cn', values: [name[0].value] }];
      return write(scope, { kind: 'add', name, attributes }, { context, result });
    },
    probe: (input, context) => readBack(scope, created(input.dn, attributesOf(input)), context),
    undo: ({ dn }) => ({ operation: 'ldap.group.delete', input: { dn } }),
    evidence: [ADD, rfc('RFC 4519 §3.5: groupOfNames has at least one member; RFC 2307 §4: posixGroup')],
  });
}
