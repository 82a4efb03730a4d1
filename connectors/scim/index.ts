import { type AnyOperation, defineConnector } from '../../src/connector/contract.ts';
import { InterlockError } from '../../src/lib/errors.ts';
import { enrichersOf } from './enrichers.ts';
import { scimFailureOf } from './failure-of.ts';
import { bulkOperation } from './operations/bulk.ts';
import { groupOperations } from './operations/group.ts';
import { changeMembers, renameGroup } from './operations/group-change.ts';
import { serviceOperations } from './operations/service.ts';
import { userOperations } from './operations/user.ts';
import { setActive, updateUser } from './operations/user-update.ts';
import { LABELS, RESOURCE_TYPES } from './resources.ts';
import { authenticationOf, scimSettings } from './settings.ts';
import { simulateScim } from './simulator/simulate-scim.ts';
import { readBack, type Service } from './wire.ts';

function operationsOf(service: Service): readonly AnyOperation[] {
  const users = userOperations(service);
  const groups = groupOperations(service);
  const changes = [
    updateUser(service),
    setActive(service, 'deactivate'),
    setActive(service, 'activate'),
    changeMembers(service, 'add-members'),
    changeMembers(service, 'remove-members'),
    renameGroup(service),
  ];
  // Whoever has no PATCH has none inside a bulk request either.
  const isWhole = service.dialect.update === 'patch';
  return [
    ...users.operations,
    ...groups.operations,
    ...changes.map(({ operation }) => operation),
    ...serviceOperations(service),
    ...(isWhole ? [bulkOperation(service, [...users.parts, ...groups.parts, ...changes])] : []),
  ];
}

/** Any SCIM 2.0 service provider (RFC 7643, RFC 7644): its users, its groups, and who is in them. */
export default defineConnector({
  system: 'scim',
  title: 'SCIM 2.0',
  settings: scimSettings,
  connect: async (settings, { clock }) => {
    const url = new URL(settings.baseUrl);
    const service: Service = { base: url.pathname === '/' ? '' : url.pathname, dialect: settings.dialect };
    return {
      operations: operationsOf(service),
      resourceTypes: RESOURCE_TYPES,
      labels: LABELS,
      enrichers: enrichersOf(service),
      http: {
        origin: url.origin,
        authentication: authenticationOf(settings, clock),
        failureOf: scimFailureOf(clock),
      },
      check: async (context) => {
        const answer = await readBack({ path: `${service.base}/Users`, query: { count: 1 } }, context);
        if (answer.ok) return;
        throw new InterlockError(
          ['credential', 'refused'].includes(answer.class) ? 'CREDENTIAL_REFUSED' : 'SYSTEM_UNAVAILABLE',
          answer.detail,
        );
      },
    };
  },
  simulate: simulateScim,
});
