import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { writeOperation } from '../../../src/connector/contract.ts';
import { mem, ONCE, rfc } from '../evidence.ts';
import { look, unread, write } from '../read.ts';
import { change, nameOf, type Scope, user, userName } from '../scope.ts';

const BYTES = 24;

/** Long, of every kind of character, and known to nobody when this call is over. */
const unknownPassword = () => `${randomBytes(BYTES).toString('base64url')}aZ9-`;

/** A password goes from the settings to the server: neither the agent nor any record has it. */
export function resetPassword(scope: Scope) {
  const named = Object.keys(scope.passwords);
  return writeOperation({
    name: 'ldap.user.reset-password',
    description:
      'Sets a password: one that the operator keeps under a name, or one that nobody knows, so that the user has to ask for another.',
    input: z.strictObject({ dn: userName(scope), password: z.enum(['unknown', ...named]).default('unknown') }),
    output: z.object({}),
    resourceTypes: ['Ldap::User'],
    resources: ({ dn }) => [user(dn)],
    effect: ({ password }) => change(password === 'unknown' ? 'isolate' : 'privilege', { reversible: 'no' }),
    effectKinds: named.length === 0 ? ['isolate'] : ['isolate', 'privilege'],
    repeat: ONCE,
    provenance: { arguments: { dn: 'target', password: 'credential' }, asked: ['reset'] },
    execute: async ({ dn, password }, context) => {
      const name = nameOf(dn);
      const found = await look(scope, name, { attributes: ['objectClass'], context });
      if (!found.ok || found.value === undefined) return unread(found);
      const secret = scope.passwords[password] ?? unknownPassword();
      const by = scope.server === 'active-directory' ? 'unicodePwd' : 'exop';
      return write(scope, { kind: 'password', name, password: secret, by }, { context, result: {} });
    },
    undo: { none: 'The old password is known to nobody, and its hash is never read.' },
    evidence: [
      rfc('RFC 3062: the password modify operation; the server hashes what it is given'),
      mem('Active Directory: unicodePwd, quoted, in UTF-16, over TLS only'),
    ],
  });
}
