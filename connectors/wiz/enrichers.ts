import { z } from 'zod';
import type { Enricher } from '../../src/connector/contract.ts';
import { httpFact } from '../../src/connector/http/http-fact.ts';
import { documentCall, reconstructed } from './field-operation.ts';
import { id } from './ids.ts';

const counted = z.object({ data: z.object({ issuesV2: z.object({ totalCount: z.int().nonnegative() }) }) });

const COUNT = `query OpenIssues($filterBy: IssueFilters) {
  issuesV2(first: 1, filterBy: $filterBy) { totalCount }
}`;

/** How many issues of one severity nobody has settled. */
function openIssues(severity: 'CRITICAL' | 'HIGH'): Enricher['fetch'] {
  return httpFact({
    isSubject: (resource) => id.safeParse(resource).success,
    request: (subject) =>
      documentCall(COUNT, {
        filterBy: { relatedEntity: { id: subject.id }, status: ['OPEN', 'IN_PROGRESS'], severity: [severity] },
      }),
    value: ({ body }) => counted.parse(body).data.issuesV2.totalCount,
  });
}

const declared = {
  type: 'Long',
  about: ['Wiz::CloudResource'],
  ttlMs: 300_000,
  evidence: [
    reconstructed('issuesV2(filterBy: status, severity)'),
    { mark: 'mem', source: 'filterBy.relatedEntity.id and totalCount' },
  ],
} as const;

export const enrichers: readonly Enricher[] = [
  {
    ...declared,
    name: 'openCriticalIssues',
    title: 'How many critical issues of the cloud resource are open. Unverified: the filter by resource.',
    fetch: openIssues('CRITICAL'),
  },
  {
    ...declared,
    name: 'openHighIssues',
    title: 'How many issues of high severity the cloud resource has open. Unverified: the filter by resource.',
    fetch: openIssues('HIGH'),
  },
];
