import { defineConnector } from '../../src/connector/contract.ts';
import { InterlockError } from '../../src/lib/errors.ts';
import { certificateOperations } from './certificate.ts';
import { consumerOperations } from './consumer.ts';
import { kongFailureOf } from './failure-of.ts';
import { pluginOperations } from './plugin.ts';
import { LABELS, RESOURCE_TYPES } from './resources.ts';
import { routeOperations } from './route.ts';
import { serviceOperations } from './service.ts';
import { authenticationOf, kongSettings } from './settings.ts';
import { simulateKong } from './simulator/simulate-kong.ts';
import { targetOperations } from './target.ts';

/** Kong's Admin API: which APIs the gateway lets through, for whom, and what it does to their traffic. */
export default defineConnector({
  system: 'kong',
  title: 'Kong Gateway',
  settings: kongSettings,
  connect: async (settings, { clock }) => ({
    operations: [
      ...serviceOperations,
      ...routeOperations,
      ...pluginOperations,
      ...consumerOperations,
      ...targetOperations,
      ...certificateOperations,
    ],
    resourceTypes: RESOURCE_TYPES,
    labels: LABELS,
    http: {
      origin: settings.origin,
      authentication: authenticationOf(settings),
      failureOf: kongFailureOf(clock),
    },
    check: async ({ http, signal }) => {
      const call = { method: 'GET', path: '/services', query: { size: 1 } } as const;
      const answer = await http.send(call, { repeatable: true, reads: true, signal });
      if (answer.ok) return;
      const isCredential = ['credential', 'refused'].includes(answer.class);
      throw new InterlockError(isCredential ? 'CREDENTIAL_REFUSED' : 'SYSTEM_UNAVAILABLE', answer.detail);
    },
  }),
  simulate: simulateKong,
});
