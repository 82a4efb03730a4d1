import { defineConnector } from '../../src/connector/contract.ts';
import { InterlockError } from '../../src/lib/errors.ts';
import { enrichers } from './enrichers.ts';
import { crowdstrikeFailureOf } from './failure-of.ts';
import { alertOperations } from './operations/alert.ts';
import { deviceOperations } from './operations/device.ts';
import { incidentOperations } from './operations/incident.ts';
import { indicatorOperations } from './operations/indicator.ts';
import { preventionPolicyOperations } from './operations/prevention-policy.ts';
import { quarantineOperations } from './operations/quarantine.ts';
import { roleOperations } from './operations/role.ts';
import { rtrOperations } from './operations/rtr.ts';
import { batchOperations } from './operations/rtr-batch.ts';
import { uninstallTokenOperations } from './operations/uninstall-token.ts';
import { userOperations } from './operations/user.ts';
import { workflowOperations } from './operations/workflow.ts';
import { LABELS, RESOURCE_TYPES } from './resources.ts';
import { authenticationOf, crowdstrikeSettings } from './settings.ts';
import { simulateCrowdstrike } from './simulator/simulate-crowdstrike.ts';

/** CrowdStrike Falcon: the hosts, what protects them, and who may switch that off. */
export default defineConnector({
  system: 'crowdstrike',
  title: 'CrowdStrike Falcon',
  settings: crowdstrikeSettings,
  connect: async (settings, { clock }) => ({
    operations: [
      ...deviceOperations,
      ...rtrOperations,
      ...batchOperations,
      ...uninstallTokenOperations,
      ...userOperations,
      ...roleOperations,
      ...preventionPolicyOperations,
      ...indicatorOperations,
      ...quarantineOperations,
      ...alertOperations,
      ...incidentOperations,
      ...workflowOperations,
    ],
    resourceTypes: RESOURCE_TYPES,
    labels: LABELS,
    enrichers,
    http: {
      origin: settings.origin,
      authentication: authenticationOf(settings, clock),
      failureOf: crowdstrikeFailureOf(clock),
    },
    check: async ({ http, signal }) => {
      const answer = await http.send(
        { method: 'GET', path: '/devices/queries/devices-scroll/v1', query: { limit: 1 } },
        { repeatable: true, reads: true, signal },
      );
      if (answer.ok) return;
      const isRefused = answer.class === 'credential' || answer.class === 'refused';
      throw new InterlockError(isRefused ? 'CREDENTIAL_REFUSED' : 'SYSTEM_UNAVAILABLE', answer.detail);
    },
  }),
  simulate: simulateCrowdstrike,
});
