import { defineConnector } from '../../src/connector/contract.ts';
import { BOUNDS } from '../../src/lib/bounds.ts';
import { InterlockError } from '../../src/lib/errors.ts';
import { modelsFailureOf } from './failure-of.ts';
import { chatOperation } from './operations/chat.ts';
import { embeddingOperation } from './operations/embedding.ts';
import { fileOperations } from './operations/file.ts';
import { fineTuningJobOperations } from './operations/fine-tuning-job.ts';
import { modelOperations } from './operations/model.ts';
import { moderationOperation } from './operations/moderation.ts';
import { organizationOperations } from './operations/organization.ts';
import { responseOperation } from './operations/response.ts';
import { RESOURCE_TYPES } from './resources.ts';
import { authenticationOf, basePathOf, type ModelsSettings, modelsSettings } from './settings.ts';
import { simulateModels } from './simulator/simulate-models.ts';

/** Models behind an OpenAI-compatible API: what is sent to them, what it costs, and who may change what they are. */
export default defineConnector({
  system: 'models',
  title: 'Model calls',
  settings: modelsSettings,
  connect: async (settings, { clock }) => ({
    operations: operationsFor(settings),
    resourceTypes: RESOURCE_TYPES,
    labels: ['security'],
    http: {
      origin: settings.origin,
      authentication: authenticationOf(settings),
      failureOf: modelsFailureOf(clock),
      timeoutMs: BOUNDS.streamedExecutionMs,
    },
    check: async ({ http, signal }) => {
      const call = { method: 'GET', path: CHECKED[settings.dialect] ?? `${basePathOf(settings)}/models` } as const;
      const answer = await http.send(call, { repeatable: true, reads: true, signal });
      if (answer.ok) return;
      const isRefused = ['credential', 'refused'].includes(answer.class);
      throw new InterlockError(isRefused ? 'CREDENTIAL_REFUSED' : 'SYSTEM_UNAVAILABLE', answer.detail);
    },
  }),
  simulate: simulateModels,
});

/** [sdk] The list of endpoints of a workspace stands elsewhere than its OpenAI-compatible paths. */
const CHECKED: Readonly<Record<string, string>> = { databricks: '/api/2.0/serving-endpoints' };

/** The Databricks AI Gateway has the calls and none of the rest. */
function operationsFor(settings: ModelsSettings) {
  const calls = [chatOperation(settings), embeddingOperation(settings)];
  if (settings.dialect === 'databricks') return calls;
  return [
    ...calls,
    responseOperation(settings),
    moderationOperation(settings),
    ...modelOperations(settings),
    ...fileOperations(settings),
    ...fineTuningJobOperations(settings),
    ...organizationOperations(settings),
  ];
}
