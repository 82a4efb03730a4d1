import { defineConnector } from '../../src/connector/contract.ts';
import { InterlockError } from '../../src/lib/errors.ts';
import { enrichers } from './enrichers.ts';
import { oktaFailureOf } from './failure-of.ts';
import { apiTokenOperations } from './operations/api-token.ts';
import { appOperations } from './operations/app.ts';
import { groupOperations } from './operations/group.ts';
import { groupMemberOperations } from './operations/group-member.ts';
import { groupRoleOperations } from './operations/group-role.ts';
import { policyOperations } from './operations/policy.ts';
import { roleOperations } from './operations/role.ts';
import { systemLogOperations } from './operations/system-log.ts';
import { userOperations } from './operations/user.ts';
import { userCredentialOperations } from './operations/user-credential.ts';
import { userDeleteOperations } from './operations/user-delete.ts';
import { userLifecycleOperations } from './operations/user-lifecycle.ts';
import { userProfileOperations } from './operations/user-profile.ts';
import { LABELS, RESOURCE_TYPES } from './resources.ts';
import { authenticationOf, oktaSettings } from './settings.ts';
import { simulateOkta } from './simulator/simulate-okta.ts';

/** Okta: who works here, what they may open, and who may change that. */
export default defineConnector({
  system: 'okta',
  title: 'Okta',
  settings: oktaSettings,
  connect: async (settings, { clock }) => ({
    operations: [
      ...userOperations,
      ...userLifecycleOperations,
      ...userDeleteOperations,
      ...userProfileOperations,
      ...userCredentialOperations,
      ...roleOperations,
      ...groupOperations,
      ...groupMemberOperations,
      ...groupRoleOperations,
      ...appOperations,
      ...policyOperations,
      ...apiTokenOperations,
      ...systemLogOperations,
    ],
    resourceTypes: RESOURCE_TYPES,
    labels: LABELS,
    enrichers,
    http: {
      origin: settings.origin,
      authentication: authenticationOf(settings, clock),
      failureOf: oktaFailureOf(clock),
    },
    check: async ({ http, signal }) => {
      const answer = await http.send(
        { method: 'GET', path: '/api/v1/users', query: { limit: 1, fields: 'id' } },
        { repeatable: true, signal },
      );
      if (answer.ok) return;
      throw new InterlockError(
        ['credential', 'refused'].includes(answer.class) ? 'CREDENTIAL_REFUSED' : 'SYSTEM_UNAVAILABLE',
        answer.detail,
      );
    },
  }),
  simulate: simulateOkta,
});
