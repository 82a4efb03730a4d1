import { defineConnector } from '../../src/connector/contract.ts';
import { InterlockError } from '../../src/lib/errors.ts';
import { enrichers } from './enrichers.ts';
import { entraFailureOf } from './failure-of.ts';
import type { Inner } from './graph-call.ts';
import { appRoleInner, appRoleOperations } from './operations/app-role.ts';
import { addPasswordOperation, applicationInner, applicationOperations } from './operations/application.ts';
import { createBatchOperation } from './operations/batch.ts';
import { conditionalAccessInner, conditionalAccessOperations } from './operations/conditional-access.ts';
import { consentInner, consentOperations } from './operations/consent.ts';
import { deletedItemInner, deletedItemOperations } from './operations/deleted-item.ts';
import { groupInner, groupOperations } from './operations/group.ts';
import { groupMemberInner, groupMemberOperations } from './operations/group-member.ts';
import { invitationOperation } from './operations/invitation.ts';
import { licenseOperations } from './operations/license.ts';
import { mailOperations } from './operations/mail.ts';
import { riskyUserInner, riskyUserOperations } from './operations/risky-user.ts';
import { roleAssignmentInner, roleAssignmentOperations } from './operations/role-assignment.ts';
import { userReadInner, userReadOperations } from './operations/user-read.ts';
import { userUpdateInner, userUpdateOperations } from './operations/user-update.ts';
import { userWriteInner, userWriteOperations } from './operations/user-write.ts';
import { LABELS, RESOURCE_TYPES } from './resources.ts';
import { sealTo } from './sealed-secret.ts';
import { authenticationOf, entraSettings } from './settings.ts';
import { simulateEntra } from './simulator/simulate-entra.ts';

/** What a batch may carry. Whatever makes a credential or a link is not among it: its answer needs a hand of its own. */
export const INNER: readonly Inner[] = [
  ...userReadInner,
  ...userUpdateInner,
  ...userWriteInner,
  ...deletedItemInner,
  ...groupInner,
  ...groupMemberInner,
  ...roleAssignmentInner,
  ...consentInner,
  ...appRoleInner,
  ...applicationInner,
  ...conditionalAccessInner,
  ...riskyUserInner,
];

/** Microsoft Entra ID, by Microsoft Graph v1.0: who works here, what they and their applications may do, and mail. */
export default defineConnector({
  system: 'entra',
  title: 'Microsoft Entra ID',
  settings: entraSettings,
  connect: async (settings, { clock }) => ({
    operations: [
      ...userReadOperations,
      ...userWriteOperations,
      ...userUpdateOperations,
      ...licenseOperations,
      ...deletedItemOperations,
      ...groupOperations,
      ...groupMemberOperations,
      ...roleAssignmentOperations,
      ...consentOperations,
      ...appRoleOperations,
      ...applicationOperations,
      ...(settings.sealTo === undefined ? [] : [addPasswordOperation(await sealTo(settings.sealTo))]),
      invitationOperation(settings),
      ...conditionalAccessOperations,
      ...mailOperations(settings),
      ...riskyUserOperations,
      createBatchOperation(INNER, clock),
    ],
    resourceTypes: RESOURCE_TYPES,
    labels: LABELS,
    enrichers,
    http: {
      origin: settings.origin,
      authentication: authenticationOf(settings, clock),
      failureOf: entraFailureOf(clock),
    },
    check: async ({ http, signal }) => {
      const answer = await http.send(
        { method: 'GET', path: '/v1.0/users', query: { $top: 1, $select: 'id' } },
        { repeatable: true, reads: true, signal },
      );
      if (answer.ok) return;
      throw new InterlockError(
        ['credential', 'refused'].includes(answer.class) ? 'CREDENTIAL_REFUSED' : 'SYSTEM_UNAVAILABLE',
        answer.detail,
      );
    },
  }),
  simulate: simulateEntra,
});
