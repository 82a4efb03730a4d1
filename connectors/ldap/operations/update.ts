import { z } from 'zod';
import type { Effect } from '../../../src/action/effect.ts';
import { writeOperation } from '../../../src/connector/contract.ts';
import { PROFILE, STANDING, same, WRITABLE, type Writable } from '../attributes.ts';
import { rfc, SAME_VALUES } from '../evidence.ts';
import { unchanged } from '../filter.ts';
import { heldOf } from '../read.ts';
import { change, nameOf, type Scope, user, userName } from '../scope.ts';
import { isDone, readBack, readThenWrite } from '../settle.ts';
import type { Values } from '../values.ts';

/** What an attribute is set to; no values remove it. */
export const values = z.array(
  z.strictObject({ attribute: z.enum(WRITABLE), values: z.array(z.string().min(1).max(1_000)).max(20) }),
);

const set = values
  .min(1)
  .max(WRITABLE.length)
  .refine((all) => new Set(all.map(({ attribute }) => attribute)).size === all.length, {
    error: 'an attribute is set twice',
  });

/** Who somebody is comes from some attributes; from others, what applications grant. */
export function effectOf(attributes: readonly Writable[]): Effect {
  const are = (kind: readonly string[]) => attributes.every((attribute) => kind.includes(attribute));
  if (are(PROFILE)) return change('update', { privileged: false });
  if (are([...PROFILE, ...STANDING])) return change('update');
  // Whoever gets an account's letters gets the links by which its password is set.
  return change('privilege', { external: attributes.includes('mail') });
}

export const isSame = (held: readonly string[], wanted: readonly string[]): boolean =>
  held.length === wanted.length && wanted.every((value) => held.includes(value));

export function updateUser(scope: Scope) {
  const attributesOf = (wanted: readonly Values[]) => wanted.map(({ attribute }) => attribute);
  return writeOperation({
    name: 'ldap.user.update',
    description: 'Sets attributes of a user: what was there is replaced, and no values remove an attribute.',
    input: z.strictObject({ dn: userName(scope), set }),
    output: z.object({ before: values.optional() }),
    resourceTypes: ['Ldap::User'],
    resources: ({ dn }) => [user(dn)],
    labels: () => ['pii'],
    effect: (input) => effectOf(input.set.map(({ attribute }) => attribute)),
    effectKinds: ['update', 'privilege'],
    repeat: SAME_VALUES,
    provenance: { arguments: { dn: 'target', set: 'content' }, returns: { default: 'others' } },
    execute: (input, context) =>
      readThenWrite({
        scope,
        name: nameOf(input.dn),
        attributes: attributesOf(input.set),
        context,
        plan: (found) => {
          const before = heldOf(found, attributesOf(input.set)).filter(
            (held) =>
              !isSame(held.values, input.set.find(({ attribute }) => same(attribute, held.attribute))?.values ?? []),
          );
          if (before.length === 0) return { result: {} };
          const pending = input.set.filter(({ attribute }) => attributesOf(before).includes(attribute));
          const changes = pending.map((each) => ({ operation: 'replace', ...each }) as const);
          return {
            write: { kind: 'modify', name: nameOf(input.dn), changes, assert: unchanged(before) },
            result: { before },
          };
        },
      }),
    probe: (input, context) =>
      readBack(
        scope,
        {
          name: nameOf(input.dn),
          attributes: attributesOf(input.set),
          judge: (found) => {
            if (found === undefined) return { status: 'undetermined', detail: 'The user is not there any more.' };
            const held = heldOf(found, attributesOf(input.set));
            return isDone(
              input.set.every((each, index) => isSame(held[index]?.values ?? [], each.values)),
              {},
            );
          },
        },
        context,
      ),
    undo: ({ dn }, result) => {
      const before = z.object({ before: values.min(1) }).safeParse(result).data?.before;
      return before === undefined ? undefined : { operation: 'ldap.user.update', input: { dn, set: before } };
    },
    evidence: [
      rfc('RFC 4511 §4.6: replace; without values it removes the attribute, and one that is not there is ignored'),
      rfc('RFC 4528: the assertion control refuses an entry that has changed since it was read (122)'),
    ],
  });
}
