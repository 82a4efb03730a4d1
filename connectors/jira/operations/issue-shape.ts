import { z } from 'zod';
import { path } from '../../../src/connector/http/path.ts';
import { issueKey } from '../ids.ts';
import { issue } from '../resources.ts';

export const inIssue = z.strictObject({ issue: issueKey });
export type InIssue = z.output<typeof inIssue>;
export const issuePath = (input: InIssue): string => path`/issue/${input.issue}`;

export const onIssue = {
  resourceTypes: ['Jira::Issue'],
  resources: (input: InIssue) => [issue(input.issue)] as const,
  provenance: { arguments: { issue: 'target' } },
} as const;

const person = z.object({ accountId: z.string(), displayName: z.string().nullish() }).nullish();

/** An issue as Jira answers it, as far as it is used. */
export const issueShape = z.object({
  id: z.string(),
  key: issueKey,
  fields: z.object({
    summary: z.string(),
    description: z.json().nullish(),
    status: z.object({ name: z.string() }),
    assignee: person,
    labels: z.array(z.string()).nullish(),
    duedate: z.string().nullish(),
  }),
});

/** What is asked for: nothing else of an issue comes over. */
export const FIELDS = ['summary', 'description', 'status', 'assignee', 'labels', 'duedate'] as const;
