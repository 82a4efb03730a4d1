import { z } from 'zod';
import { WORST_EFFECT } from '../../../src/action/effect.ts';
import { writeOperation } from '../../../src/connector/contract.ts';
import { isOpen } from '../attributes.ts';
import { ONCE, rfc } from '../evidence.ts';
import { look, unread, valuesOf, write } from '../read.ts';
import { entryName, nameOf, refsOf, type Scope } from '../scope.ts';
import { readBack } from '../settle.ts';
import { isSame } from './update.ts';

const changes = z
  .array(
    z.strictObject({
      operation: z.enum(['add', 'delete', 'replace']),
      attribute: z
        .string()
        .refine(isOpen, { error: 'the name of an attribute, without options, that holds no secret' }),
      values: z.array(z.string().min(1).max(10_000)).max(100),
    }),
  )
  .min(1)
  .max(50);
type OneChange = z.output<typeof changes>[number];

/** Whether the values read show that a change was made; a later change of the same attribute decides for it. */
function shows({ operation, values }: OneChange, held: readonly string[]): boolean {
  if (operation === 'replace') return isSame(held, values);
  if (operation === 'add') return values.every((value) => held.includes(value));
  return values.length === 0 ? held.length === 0 : !values.some((value) => held.includes(value));
}

/** Any attribute may be one by which rights are given: nothing is known of what it does. */
export function modifyEntry(scope: Scope) {
  return writeOperation({
    name: 'ldap.entry.modify',
    description:
      'Changes any attributes of any entry, but for those that hold secrets. What that does nobody can say beforehand.',
    input: z.strictObject({ dn: entryName(scope), changes }),
    output: z.object({}),
    resourceTypes: ['Ldap::Entry', 'Ldap::User', 'Ldap::Group'],
    resources: ({ dn }) => refsOf(scope, dn),
    effect: () => WORST_EFFECT,
    effectKinds: ['execute'],
    repeat: ONCE,
    provenance: { arguments: { dn: 'target', changes: 'content' } },
    execute: async ({ dn, changes: wanted }, context) => {
      const name = nameOf(dn);
      const found = await look(scope, name, { attributes: ['objectClass'], context });
      if (!found.ok || found.value === undefined) return unread(found);
      return write(scope, { kind: 'modify', name, changes: wanted }, { context, result: {} });
    },
    probe: ({ dn, changes: wanted }, context) => {
      const last = wanted.filter(
        ({ attribute }, at) => !wanted.slice(at + 1).some((later) => later.attribute === attribute),
      );
      const attributes = last.map(({ attribute }) => attribute);
      return readBack(
        scope,
        {
          name: nameOf(dn),
          attributes,
          judge: (found) => {
            // All of it is done or nothing is (RFC 4511 §4.6), so one change that does not show means that none was made.
            const all = found !== undefined && last.every((one) => shows(one, valuesOf(found, one.attribute)));
            return all
              ? { status: 'undetermined', detail: 'It is as it would be after this, and may have been so before.' }
              : { status: 'not-applied' };
          },
        },
        context,
      );
    },
    undo: { none: 'It may change what cannot be read, so nobody knows what would have to be restored.' },
    evidence: [rfc('RFC 4511 §4.6: modify; all of its changes are made, or none')],
  });
}
