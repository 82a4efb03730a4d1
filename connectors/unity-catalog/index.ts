import { defineConnector } from '../../src/connector/contract.ts';
import { InterlockError } from '../../src/lib/errors.ts';
import { aiGatewayOperations } from './ai-gateway.ts';
import { credentialOperations } from './credential.ts';
import { enrichers } from './enrichers.ts';
import { externalFunctionOperations } from './external-function.ts';
import { databricksFailureOf } from './failure-of.ts';
import { grantOperations } from './grant.ts';
import { jobOperations } from './job.ts';
import { LABELS, RESOURCE_TYPES } from './resources.ts';
import { securableOperations } from './securable.ts';
import { authenticationOf, databricksSettings } from './settings.ts';
import { simulateUnityCatalog } from './simulator/simulate-unity-catalog.ts';
import { workspacePermissionOperations } from './workspace-permission.ts';

/** Databricks: who may see which data, and what runs beside it. */
export default defineConnector({
  system: 'unity-catalog',
  title: 'Databricks Unity Catalog',
  settings: databricksSettings,
  connect: async (settings, { clock }) => ({
    operations: [
      ...securableOperations,
      ...grantOperations,
      ...credentialOperations,
      ...workspacePermissionOperations,
      ...jobOperations,
      ...aiGatewayOperations,
      ...externalFunctionOperations,
    ],
    resourceTypes: RESOURCE_TYPES,
    labels: LABELS,
    enrichers,
    http: {
      origin: settings.origin,
      authentication: authenticationOf(settings, clock),
      failureOf: databricksFailureOf(clock),
    },
    check: async ({ http, signal }) => {
      const call = { method: 'GET', path: '/api/2.1/unity-catalog/catalogs', query: { max_results: 1 } } as const;
      const answer = await http.send(call, { repeatable: true, reads: true, signal });
      if (answer.ok) return;
      const isCredential = ['credential', 'refused'].includes(answer.class);
      throw new InterlockError(isCredential ? 'CREDENTIAL_REFUSED' : 'SYSTEM_UNAVAILABLE', answer.detail);
    },
  }),
  simulate: simulateUnityCatalog,
});
