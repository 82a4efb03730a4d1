import { z } from 'zod';
import type { ExecutionContext, ExecutionResult, ProbeResult } from '../../../src/connector/contract.ts';
import { writeOperation } from '../../../src/connector/contract.ts';
import { ONCE, rfc } from '../evidence.ts';
import { has } from '../filter.ts';
import { formatName, isIn, isPlain, keyOf, type Name, parentOf } from '../name.ts';
import { list, look, unread, write } from '../read.ts';
import { ALL_OF_IT, change, entryName, nameOf, placeName, refsOf, type Scope, user, userName } from '../scope.ts';
import { unsure } from '../settle.ts';

const MODIFY_DN = rfc('RFC 4511 §4.9: modifyDN; deleteoldrdn takes the old name away');

interface Moving {
  readonly from: Name;
  readonly to: Name;
  readonly context: ExecutionContext;
}

/** `alone`: only where nothing stands below it, that would go with it. */
async function move(scope: Scope, { from, to, context }: Moving, alone: boolean): Promise<ExecutionResult> {
  const found = await look(scope, from, { attributes: ['objectClass'], context });
  if (!found.ok || found.value === undefined) return unread(found);
  if (alone) {
    const looking = { filter: has('objectClass'), attributes: ['objectClass'], limit: 1 };
    const below = await list(scope, from, { looking, context });
    if (!below.ok) return unread(below);
    if (below.value.more) return NOT_ALONE;
  }
  return write(scope, { kind: 'rename', name: from, to }, { context, result: { dn: formatName(to) } });
}

const NOT_ALONE: ExecutionResult = {
  status: 'failed',
  code: 'EXECUTION_FAILED',
  detail: 'Other entries stand below this one, and would go with it: ldap.entry.move moves them all.',
  exposed: false,
};

/** It is done where it stands at the new place and not at the old one. */
async function moved(scope: Scope, { from, to, context }: Moving): Promise<ProbeResult> {
  const attributes = ['objectClass'];
  const [old, now] = [await look(scope, from, { attributes, context }), await look(scope, to, { attributes, context })];
  if (!old.ok || !now.ok) return unsure(old.ok ? now : old);
  if ((old.value === undefined) === (now.value === undefined))
    return { status: 'undetermined', detail: 'It is at both places, or at none.' };
  return now.value === undefined ? { status: 'not-applied' } : { status: 'applied', result: { dn: formatName(to) } };
}

const newName = z.string().refine(isPlain, { error: 'a name of visible characters, without spaces at its ends' });
const output = z.object({ dn: z.string() });

export function renameUser(scope: Scope) {
  const to = (dn: string, value: string): Name => {
    const [{ type }, ...parent] = nameOf(dn);
    return [{ type, value }, ...parent];
  };
  return writeOperation({
    name: 'ldap.user.rename',
    description: 'Gives a user another name in the directory. Whatever points to the old name points to nobody.',
    input: z.strictObject({ dn: userName(scope), name: newName }),
    output,
    resourceTypes: ['Ldap::User'],
    resources: ({ dn, name }) => [user(dn), user(formatName(to(dn, name)))],
    effect: () => change('privilege'),
    effectKinds: ['privilege'],
    repeat: ONCE,
    provenance: { arguments: { dn: 'target', name: 'content' } },
    execute: ({ dn, name }, context) => move(scope, { from: nameOf(dn), to: to(dn, name), context }, true),
    probe: ({ dn, name }, context) => moved(scope, { from: nameOf(dn), to: to(dn, name), context }),
    undo: ({ dn, name }) => ({
      operation: 'ldap.user.rename',
      input: { dn: formatName(to(dn, name)), name: nameOf(dn)[0].value },
    }),
    evidence: [MODIFY_DN],
  });
}

/** A user goes alone; an entry with all that stands below it. */
const MOVED = {
  user: {
    description: 'Moves a user to another place: rules that go by places change for them.',
    dn: userName,
    count: 1,
  },
  entry: {
    description:
      'Moves an entry, with all that stands below it, to another place: rules that go by places change for it.',
    dn: entryName,
    count: ALL_OF_IT,
  },
} as const;

function moveOperation(scope: Scope, noun: keyof typeof MOVED) {
  const { description, dn: nameIn, count } = MOVED[noun];
  const to = (dn: string, under: string): Name => [nameOf(dn)[0], ...nameOf(under)];
  const isElsewhere = ({ dn, under }: { readonly dn: string; readonly under: string }) =>
    keyOf(parentOf(nameOf(dn))) !== keyOf(nameOf(under)) && !isIn(nameOf(under), nameOf(dn));
  return writeOperation({
    name: `ldap.${noun}.move`,
    description,
    input: z
      .strictObject({ dn: nameIn(scope), under: placeName(scope) })
      .refine(isElsewhere, { error: 'another place, that is not below the entry itself' }),
    output,
    resourceTypes: ['Ldap::Entry', 'Ldap::User', 'Ldap::Group'],
    resources: ({ dn, under }) => {
      const [first, ...rest] = refsOf(scope, dn);
      return [first, ...rest, ...refsOf(scope, formatName(to(dn, under))), ...refsOf(scope, under)];
    },
    effect: () => change('privilege', { count }),
    effectKinds: ['privilege'],
    repeat: ONCE,
    provenance: { arguments: { dn: 'target', under: 'destination' } },
    execute: ({ dn, under }, context) => move(scope, { from: nameOf(dn), to: to(dn, under), context }, noun === 'user'),
    probe: ({ dn, under }, context) => moved(scope, { from: nameOf(dn), to: to(dn, under), context }),
    undo: ({ dn, under }) => {
      const back = { dn: formatName(to(dn, under)), under: formatName(parentOf(nameOf(dn))) };
      // What has left the place of the users is found again as an entry.
      return {
        operation: `ldap.${noun === 'user' && nameIn(scope).safeParse(back.dn).success ? 'user' : 'entry'}.move`,
        input: back,
      };
    },
    evidence: [MODIFY_DN, rfc('RFC 4511 §4.9: newSuperior; servers may refuse to move what has entries below it')],
  });
}

export const moveOperations = (scope: Scope) => [moveOperation(scope, 'user'), moveOperation(scope, 'entry')];
