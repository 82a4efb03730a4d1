import { defineConnector } from '../../src/connector/contract.ts';
import { InterlockError } from '../../src/lib/errors.ts';
import { enrichers } from './enrichers.ts';
import { slackFailureOf } from './failure-of.ts';
import { methodCall } from './method-call.ts';
import { channelOperations } from './operations/channel.ts';
import { messageOperations } from './operations/message.ts';
import { peopleOperations } from './operations/people.ts';
import { LABELS, RESOURCE_TYPES } from './resources.ts';
import { authenticationOf, slackSettings } from './settings.ts';
import { simulateSlack } from './simulator/simulate-slack.ts';

/** Slack: what is said to whom, and who is in the room. */
export default defineConnector({
  system: 'slack',
  title: 'Slack',
  settings: slackSettings,
  connect: async (settings, { clock }) => ({
    operations: [...messageOperations, ...channelOperations, ...peopleOperations],
    resourceTypes: RESOURCE_TYPES,
    labels: LABELS,
    enrichers,
    http: {
      origin: settings.origin,
      authentication: authenticationOf(settings),
      failureOf: slackFailureOf(clock),
    },
    check: async ({ http, signal }) => {
      const answer = await http.send(methodCall('auth.test', {}), { repeatable: true, reads: true, signal });
      if (answer.ok) return;
      const isCredential = ['credential', 'refused'].includes(answer.class);
      throw new InterlockError(isCredential ? 'CREDENTIAL_REFUSED' : 'SYSTEM_UNAVAILABLE', answer.detail);
    },
  }),
  simulate: simulateSlack,
});
