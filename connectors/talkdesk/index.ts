import { defineConnector } from '../../src/connector/contract.ts';
import { InterlockError } from '../../src/lib/errors.ts';
import { enrichers } from './enrichers.ts';
import { talkdeskFailureOf } from './failure-of.ts';
import { outreachOperations } from './operations/outreach.ts';
import { userOperations } from './operations/user.ts';
import { LABELS, RESOURCE_TYPES } from './resources.ts';
import { authenticationOf, talkdeskSettings } from './settings.ts';
import { simulateTalkdesk } from './simulator/simulate-talkdesk.ts';

/** Talkdesk: whom the contact centre calls, and who answers there. */
export default defineConnector({
  system: 'talkdesk',
  title: 'Talkdesk',
  settings: talkdeskSettings,
  connect: async (settings, { clock }) => ({
    operations: [...outreachOperations, ...userOperations],
    resourceTypes: RESOURCE_TYPES,
    labels: LABELS,
    enrichers,
    http: {
      origin: settings.origin,
      authentication: authenticationOf(settings, clock),
      failureOf: talkdeskFailureOf(clock),
    },
    check: async ({ http, signal }) => {
      const call = { method: 'GET', path: '/account/custom-status' } as const;
      const answer = await http.send(call, { repeatable: true, reads: true, signal });
      if (answer.ok) return;
      const isCredential = ['credential', 'refused'].includes(answer.class);
      throw new InterlockError(isCredential ? 'CREDENTIAL_REFUSED' : 'SYSTEM_UNAVAILABLE', answer.detail);
    },
  }),
  simulate: simulateTalkdesk,
});
