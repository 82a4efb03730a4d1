import { z } from 'zod';
import type { Enricher } from '../../src/connector/contract.ts';
import { type HttpFact, httpFact } from '../../src/connector/http/http-fact.ts';
import { path } from '../../src/connector/http/path.ts';
import { call } from './call.ts';
import { mem, sdk } from './evidence.ts';
import { issueKey } from './ids.ts';

const FIELDS = ['assignee', 'labels', 'security'] as const;

const issue = z.object({
  fields: z.object({
    assignee: z.object({ accountId: z.string() }).nullish(),
    labels: z.array(z.string()).nullish(),
    security: z.object({ name: z.string() }).nullish(),
  }),
});

type Fields = z.output<typeof issue>['fields'];

function issueFact(value: (fields: Fields) => ReturnType<HttpFact['value']>): Enricher['fetch'] {
  return httpFact({
    isSubject: (id) => issueKey.safeParse(id).success,
    request: ({ id }) => call('GET', path`/issue/${id}`, { query: { fields: FIELDS.join(',') } }),
    isAbsent: (answer) => !answer.ok && answer.reply?.status === 404,
    value: ({ body }) => value(issue.parse(body).fields),
  });
}

const aboutIssues = { about: ['Jira::Issue'], ttlMs: 120_000 } as const;
const READ = sdk('issues.getIssue: fields');

/** What a call about an issue does not say of it; nothing is known of one without an owner or a security level. */
export const enrichers: readonly Enricher[] = [
  {
    ...aboutIssues,
    name: 'issueOwner',
    title: 'The account to whom the issue is assigned.',
    type: 'String',
    fetch: issueFact(({ assignee }) => assignee?.accountId),
    evidence: [READ],
  },
  {
    ...aboutIssues,
    name: 'issueTags',
    title: "The issue's labels, as people have set them.",
    type: { setOf: 'String' },
    fetch: issueFact(({ labels }) => [...new Set(labels ?? [])].sort()),
    evidence: [READ],
  },
  {
    ...aboutIssues,
    name: 'issueSecurityLevel',
    title: 'The security level that says who may see the issue. Unverified: the name of the field.',
    type: 'String',
    fetch: issueFact(({ security }) => security?.name),
    evidence: [READ, mem('fields.security.name')],
  },
];
