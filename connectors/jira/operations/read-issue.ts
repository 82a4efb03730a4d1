import { z } from 'zod';
import { readOperation } from '../../../src/connector/contract.ts';
import { httpExecution } from '../../../src/connector/http/http-execution.ts';
import type { Json } from '../../../src/lib/json.ts';
import { call } from '../call.ts';
import { textOf } from '../document.ts';
import { sdk } from '../evidence.ts';
import { accountId, projectKey } from '../ids.ts';
import { jqlOf } from '../jql.ts';
import { issue, project } from '../resources.ts';
import { FIELDS, inIssue, issuePath, issueShape, onIssue } from './issue-shape.ts';

const output = z.object({
  key: z.string(),
  summary: z.string(),
  description: z.string(),
  status: z.string(),
  assignee: z.string().nullable(),
  labels: z.array(z.string()),
});

function outputOf({ key, fields }: z.output<typeof issueShape>): z.output<typeof output> {
  return {
    key,
    summary: fields.summary,
    description: textOf(fields.description as Json | undefined).trim(), // parsed as JSON by its schema
    status: fields.status.name,
    assignee: fields.assignee?.accountId ?? null,
    labels: fields.labels ?? [],
  };
}

export const getIssue = readOperation({
  ...onIssue,
  name: 'jira.issue.get',
  description: 'Reads one issue; its description comes as plain text.',
  input: inIssue,
  output,
  labels: () => ['untrusted'],
  provenance: { ...onIssue.provenance, returns: { fields: { summary: 'others', description: 'others' } } },
  execute: httpExecution({
    request: (input) => call('GET', issuePath(input), { query: { fields: FIELDS.join(',') } }),
    repeatable: true,
    result: ({ body }) => outputOf(issueShape.parse(body)),
  }),
  evidence: [sdk('issues.getIssue: fields')],
});

const word = z.string().min(1).max(200);

export const searchIssues = readOperation({
  name: 'jira.issue.search',
  description: 'Finds issues of one project, the newest first, one page at a time.',
  input: z.strictObject({
    project: projectKey,
    status: word.optional(),
    assignee: accountId.optional(),
    label: word.optional(),
    text: word.optional(),
    limit: z.int().min(1).max(100).default(50),
    cursor: z.string().min(1).max(2_048).optional(),
  }),
  output: z.object({ issues: z.array(output), cursor: z.string().optional() }),
  resourceTypes: ['Jira::Project', 'Jira::Issue'],
  resources: (input) => [project(input.project)],
  labels: () => ['untrusted'],
  touched: ({ issues }) => issues.map(({ key }) => issue(key)),
  provenance: {
    arguments: { project: 'target' },
    returns: { fields: { 'issues[*].summary': 'others', 'issues[*].description': 'others' } },
  },
  execute: httpExecution({
    request: ({ limit, cursor, ...search }) =>
      call('POST', '/search/jql', {
        body: {
          jql: jqlOf(search),
          fields: [...FIELDS],
          maxResults: limit,
          ...(cursor === undefined ? {} : { nextPageToken: cursor }),
        },
      }),
    repeatable: true,
    reads: true,
    result: ({ body }) => {
      const page = z.object({ issues: z.array(issueShape), nextPageToken: z.string().nullish() }).parse(body);
      return {
        issues: page.issues.map(outputOf),
        ...(page.nextPageToken ? { cursor: page.nextPageToken } : {}),
      };
    },
  }),
  evidence: [sdk('issueSearch.searchAndReconsileIssuesUsingJqlPost: jql, fields, maxResults, nextPageToken')],
});
