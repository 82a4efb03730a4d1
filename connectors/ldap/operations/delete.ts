import { z } from 'zod';
import type { Effect } from '../../../src/action/effect.ts';
import type { ResourceRef, ResourceType } from '../../../src/action/resource.ts';
import { writeOperation } from '../../../src/connector/contract.ts';
import { ONCE, rfc } from '../evidence.ts';
import { look, unread, write } from '../read.ts';
import {
  ALL_OF_IT,
  change,
  entryName,
  group,
  groupName,
  nameOf,
  refsOf,
  type Scope,
  user,
  userName,
} from '../scope.ts';
import { isDone, readBack } from '../settle.ts';

interface Kind {
  readonly noun: 'user' | 'group' | 'entry';
  readonly description: string;
  readonly dn: z.ZodString;
  readonly types: readonly [ResourceType, ...ResourceType[]];
  readonly resources: (dn: string) => readonly [ResourceRef, ...ResourceRef[]];
  readonly effect: Effect;
}

function deletion(scope: Scope, { noun, description, dn, types, resources, effect }: Kind) {
  return writeOperation({
    name: `ldap.${noun}.delete`,
    description,
    input: z.strictObject({ dn }),
    output: z.object({}),
    resourceTypes: types,
    resources: (input) => resources(input.dn),
    effect: () => effect,
    effectKinds: ['delete'],
    repeat: ONCE,
    provenance: { arguments: { dn: 'target' } },
    execute: async (input, context) => {
      const name = nameOf(input.dn);
      const found = await look(scope, name, { attributes: ['objectClass'], context });
      if (!found.ok || found.value === undefined) return unread(found);
      return write(scope, { kind: 'delete', name }, { context, result: {} });
    },
    probe: (input, context) =>
      readBack(scope, { name: nameOf(input.dn), judge: (found) => isDone(found === undefined, {}) }, context),
    undo: {
      none: 'LDAP has no way to bring an entry back: a new one lacks what was never read, its password and its number.',
    },
    evidence: [rfc('RFC 4511 §4.8: delete, of leaf entries only; one that is not there is refused (32)')],
  });
}

/** One entry each: what has entries below it stays (notAllowedOnNonLeaf), and no control asks for more. */
export const deleteOperations = (scope: Scope) => [
  deletion(scope, {
    noun: 'user',
    description: 'Deletes a user for good. Groups may go on naming them: a later user of this name would inherit that.',
    dn: userName(scope),
    types: ['Ldap::User'],
    resources: (dn) => [user(dn)],
    effect: change('delete', { reversible: 'no' }),
  }),
  deletion(scope, {
    noun: 'group',
    description: 'Deletes a group for good, and with it what its members have through it.',
    dn: groupName(scope),
    types: ['Ldap::Group'],
    resources: (dn) => [group(scope, dn)],
    effect: change('delete', { reversible: 'no', count: ALL_OF_IT }),
  }),
  deletion(scope, {
    noun: 'entry',
    description: 'Deletes any entry without entries below it, for good: a user, a group, a place, a policy.',
    dn: entryName(scope),
    types: ['Ldap::Entry', 'Ldap::User', 'Ldap::Group'],
    resources: (dn) => refsOf(scope, dn),
    effect: change('delete', { reversible: 'no', count: ALL_OF_IT }),
  }),
];
