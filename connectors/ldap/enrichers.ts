import type { Enricher, ExecutionContext } from '../../src/connector/contract.ts';
import { InterlockError } from '../../src/lib/errors.ts';
import type { Answer } from './directory.ts';
import { doc, rfc } from './evidence.ts';
import { isBelow, keyOf, type Name, parseName } from './name.ts';
import { isDisabled, lockAttribute } from './operations/lock.ts';
import { groupsOf } from './operations/reads.ts';
import { list, look } from './read.ts';
import type { Scope } from './scope.ts';

const MEMBERSHIP = rfc('RFC 4519 §2.17 and §2.40, RFC 2307 §4: member, uniqueMember, memberUid');
const TTL_MS = 60_000;

/** Groups of one user that a fact can name. */
const GROUPS = 100;

function known<T>(answer: Answer<T>): T {
  if (answer.ok) return answer.value;
  throw new InterlockError(answer.class === 'credential' ? 'CREDENTIAL_REFUSED' : 'SYSTEM_UNAVAILABLE', answer.detail);
}

/** What policies may want to know of an account that is acted on. */
export function enrichersOf(scope: Scope): readonly Enricher[] {
  const nameIn = (id: string): Name | undefined => {
    const name = parseName(id);
    return name !== undefined && isBelow(name, scope.userBase) ? name : undefined;
  };
  /** Undefined: there is no such user. */
  const groups = async (id: string, context: ExecutionContext): Promise<readonly string[] | undefined> => {
    const name = nameIn(id);
    if (name === undefined || known(await look(scope, name, { attributes: ['objectClass'], context })) === undefined)
      return undefined;
    const looking = { filter: groupsOf(scope, name), attributes: ['cn'], limit: GROUPS };
    const { entries, more } = known(await list(scope, scope.groupBase, { looking, context }));
    if (more) throw new InterlockError('RESPONSE_TOO_LARGE', `a user of more than ${GROUPS} groups`);
    return entries.map(({ dn }) => {
      const group = parseName(dn);
      return group === undefined ? dn.toLowerCase() : keyOf(group);
    });
  };
  return [
    {
      name: 'userGroups',
      title: 'The groups that name the user as a member, in lower case; groups of groups are not followed.',
      type: { setOf: 'String' },
      about: ['Ldap::User'],
      ttlMs: TTL_MS,
      fetch: ({ id }, context) => groups(id, context),
      evidence: [MEMBERSHIP],
    },
    {
      name: 'userPrivileged',
      title: 'Whether the user is in a group that the settings call privileged.',
      type: 'Bool',
      about: ['Ldap::User'],
      ttlMs: TTL_MS,
      fetch: async ({ id }, context) => (await groups(id, context))?.some((group) => scope.privileged.has(group)),
      evidence: [MEMBERSHIP],
    },
    {
      name: 'userDisabled',
      title: 'Whether the account is disabled.',
      type: 'Bool',
      about: ['Ldap::User'],
      ttlMs: TTL_MS,
      fetch: async ({ id }, context) => {
        const name = nameIn(id);
        if (name === undefined) return undefined;
        const found = known(await look(scope, name, { attributes: [lockAttribute(scope)], context }));
        return found === undefined ? undefined : isDisabled(scope, found);
      },
      evidence: [doc('slapo-ppolicy(5): pwdAccountLockedTime')],
    },
  ];
}
