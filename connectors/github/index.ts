import { defineConnector } from '../../src/connector/contract.ts';
import { InterlockError } from '../../src/lib/errors.ts';
import { call } from './call.ts';
import { enrichers } from './enrichers.ts';
import { githubFailureOf } from './failure-of.ts';
import { accessOperations } from './operations/access.ts';
import { codeOperations } from './operations/code.ts';
import { issueOperations } from './operations/issue.ts';
import { protectionOperations } from './operations/protection.ts';
import { repositoryOperations } from './operations/repository.ts';
import { LABELS, RESOURCE_TYPES } from './resources.ts';
import { authenticationOf, githubSettings } from './settings.ts';
import { simulateGithub } from './simulator/simulate-github.ts';

/** GitHub: repositories, who may change them, and what runs when they do. */
export default defineConnector({
  system: 'github',
  title: 'GitHub',
  settings: githubSettings,
  connect: async (settings, { clock }) => ({
    operations: [
      ...repositoryOperations,
      ...protectionOperations,
      ...accessOperations,
      ...codeOperations,
      ...issueOperations,
    ],
    resourceTypes: RESOURCE_TYPES,
    labels: LABELS,
    enrichers,
    http: {
      origin: settings.origin,
      authentication: authenticationOf(settings),
      failureOf: githubFailureOf(clock),
    },
    check: async ({ http, signal }) => {
      const answer = await http.send(call('GET', '/rate_limit'), { repeatable: true, reads: true, signal });
      if (answer.ok) return;
      const isCredential = ['credential', 'refused'].includes(answer.class);
      throw new InterlockError(isCredential ? 'CREDENTIAL_REFUSED' : 'SYSTEM_UNAVAILABLE', answer.detail);
    },
  }),
  simulate: simulateGithub,
});
