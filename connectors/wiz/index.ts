import { defineConnector } from '../../src/connector/contract.ts';
import { InterlockError } from '../../src/lib/errors.ts';
import { enrichers } from './enrichers.ts';
import { wizFailureOf } from './failure-of.ts';
import { documentCall } from './field-operation.ts';
import { administrationFields } from './operations/administration.ts';
import { graphqlOperation } from './operations/graphql.ts';
import { issueFields } from './operations/issue.ts';
import { LABELS, RESOURCE_TYPES } from './resources.ts';
import { authenticationOf, wizSettings } from './settings.ts';
import { simulateWiz } from './simulator/simulate-wiz.ts';

const FIELDS = [...issueFields, ...administrationFields];

/** Wiz: where the organisation is weak, and what keeps an eye on that. */
export default defineConnector({
  system: 'wiz',
  title: 'Wiz',
  settings: wizSettings,
  connect: async (settings, { clock }) => ({
    operations: [...FIELDS.map(({ operation }) => operation), graphqlOperation(FIELDS)],
    resourceTypes: RESOURCE_TYPES,
    labels: LABELS,
    enrichers,
    http: {
      origin: settings.origin,
      authentication: authenticationOf(settings, clock),
      failureOf: wizFailureOf(clock),
    },
    check: async ({ http, signal }) => {
      const call = documentCall('query { __typename }', {});
      const answer = await http.send(call, { repeatable: true, reads: true, signal });
      if (answer.ok) return;
      const isCredential = ['credential', 'refused'].includes(answer.class);
      throw new InterlockError(isCredential ? 'CREDENTIAL_REFUSED' : 'SYSTEM_UNAVAILABLE', answer.detail);
    },
  }),
  simulate: simulateWiz,
});
