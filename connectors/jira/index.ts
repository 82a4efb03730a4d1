import { defineConnector } from '../../src/connector/contract.ts';
import { InterlockError } from '../../src/lib/errors.ts';
import { call } from './call.ts';
import { enrichers } from './enrichers.ts';
import { jiraFailureOf } from './failure-of.ts';
import { accessOperations } from './operations/access.ts';
import {
  archiveIssues,
  comment,
  deleteIssues,
  linkIssues,
  notify,
  transitionIssue,
  unarchiveIssues,
} from './operations/move-issue.ts';
import { projectOperations } from './operations/project.ts';
import { getIssue, searchIssues } from './operations/read-issue.ts';
import { assignIssue, createIssue, deleteIssue, updateIssue } from './operations/write-issue.ts';
import { LABELS, RESOURCE_TYPES } from './resources.ts';
import { authenticationOf, jiraSettings } from './settings.ts';
import { simulateJira } from './simulator/simulate-jira.ts';

/** Jira Cloud: issues, the projects they are in, and who may do what with them. */
export default defineConnector({
  system: 'jira',
  title: 'Jira',
  settings: jiraSettings,
  connect: async (settings, { clock }) => ({
    operations: [
      getIssue,
      searchIssues,
      createIssue,
      updateIssue,
      deleteIssue,
      assignIssue,
      transitionIssue,
      comment,
      notify,
      linkIssues,
      archiveIssues,
      unarchiveIssues,
      deleteIssues,
      ...projectOperations,
      ...accessOperations,
    ],
    resourceTypes: RESOURCE_TYPES,
    labels: LABELS,
    enrichers,
    http: {
      origin: settings.origin,
      authentication: authenticationOf(settings),
      failureOf: jiraFailureOf(clock),
    },
    check: async ({ http, signal }) => {
      const answer = await http.send(call('GET', '/myself'), { repeatable: true, reads: true, signal });
      if (answer.ok) return;
      const isCredential = ['credential', 'refused'].includes(answer.class);
      throw new InterlockError(isCredential ? 'CREDENTIAL_REFUSED' : 'SYSTEM_UNAVAILABLE', answer.detail);
    },
  }),
  simulate: simulateJira,
});
