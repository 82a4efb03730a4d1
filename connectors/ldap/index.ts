import { type AnyOperation, defineConnector } from '../../src/connector/contract.ts';
import { InterlockError } from '../../src/lib/errors.ts';
import { openDirectory } from './directory.ts';
import { enrichersOf } from './enrichers.ts';
import { has } from './filter.ts';
import { placeOf } from './open-connection.ts';
import { createGroup, createUser } from './operations/create.ts';
import { deleteOperations } from './operations/delete.ts';
import { lockOperations } from './operations/lock.ts';
import { memberOperations } from './operations/members.ts';
import { modifyEntry } from './operations/modify.ts';
import { moveOperations, renameUser } from './operations/names.ts';
import { resetPassword } from './operations/password.ts';
import { readOperations } from './operations/reads.ts';
import { updateUser } from './operations/update.ts';
import { LABELS, RESOURCE_TYPES, type Scope, scopeOf } from './scope.ts';
import { ldapSettings } from './settings.ts';
import { simulateLdap } from './simulator/simulate-ldap.ts';

const operationsOf = (scope: Scope): readonly AnyOperation[] => [
  ...readOperations(scope),
  createUser(scope),
  updateUser(scope),
  renameUser(scope),
  ...lockOperations(scope),
  resetPassword(scope),
  createGroup(scope),
  ...memberOperations(scope),
  ...moveOperations(scope),
  modifyEntry(scope),
  ...deleteOperations(scope),
];

/** Any LDAPv3 directory (RFC 4511): its users, its groups, who is in them, and the entries below one base. */
export default defineConnector({
  system: 'ldap',
  title: 'LDAP directory',
  settings: ldapSettings,
  connect: async (settings, { clock, baseDirectory }) => {
    const { bindDn, password, passwords } = settings;
    const directory = openDirectory({
      codec: await import('ldapts'),
      place: await placeOf(settings, baseDirectory),
      bindDn,
      password,
      secrets: [password, ...Object.values(passwords)],
      clock,
    });
    const scope = scopeOf(settings, directory);
    return {
      operations: operationsOf(scope),
      resourceTypes: RESOURCE_TYPES,
      labels: LABELS,
      enrichers: enrichersOf(scope),
      check: async (context) => {
        const filter = has('objectClass');
        const answer = await directory.search(
          { kind: 'search', base: scope.base, scope: 'base', filter, attributes: ['objectClass'] },
          context,
        );
        if (answer.ok) return;
        throw new InterlockError(
          ['credential', 'refused'].includes(answer.class) ? 'CREDENTIAL_REFUSED' : 'SYSTEM_UNAVAILABLE',
          answer.detail,
        );
      },
      close: async () => directory.close(),
    };
  },
  simulate: simulateLdap,
});
