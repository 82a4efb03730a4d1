import { z } from 'zod';
import type { Enricher } from '../../src/connector/contract.ts';
import { httpFact } from '../../src/connector/http/http-fact.ts';
import { doc, mem } from './evidence.ts';
import { equalTo } from './read-back.ts';
import { soqlOf } from './soql.ts';

const MINUTE_MS = 60_000;
const MOST_ASSIGNMENTS = 1_000;

const users = z.object({ records: z.array(z.object({ IsActive: z.boolean() })) });
const assignments = z.object({ done: z.literal(true), records: z.array(z.object({ PermissionSetId: z.string() })) });

export function enrichersOf(version: string): readonly Enricher[] {
  const path = `/services/data/v${version}/query`;
  return [
    {
      name: 'userIsActive',
      title: "Whether the workflow's user, by username, is an active user of the org.",
      type: 'Bool',
      about: 'user',
      ttlMs: 5 * MINUTE_MS,
      fetch: httpFact({
        request: ({ id }) => {
          const q = soqlOf({ object: 'User', fields: ['IsActive'], where: [equalTo('Username', id)], limit: 2 });
          return { method: 'GET', path, query: { q } };
        },
        value: ({ body }) => {
          const [user, ...others] = users.parse(body).records;
          return others.length === 0 ? user?.IsActive : undefined;
        },
      }),
      evidence: [doc('Object reference, User: Username, IsActive')],
    },
    {
      name: 'permissionSets',
      title: 'The permission sets, by id, that a user has before an action touches the user.',
      type: { setOf: 'String' },
      about: ['Salesforce::User'],
      ttlMs: 5 * MINUTE_MS,
      fetch: httpFact({
        request: ({ id }) => {
          const where = [equalTo('AssigneeId', id)];
          const q = soqlOf({
            object: 'PermissionSetAssignment',
            fields: ['PermissionSetId'],
            where,
            limit: MOST_ASSIGNMENTS,
          });
          return { method: 'GET', path, query: { q } };
        },
        value: ({ body }) => [...new Set(assignments.parse(body).records.map((row) => row.PermissionSetId))].sort(),
      }),
      evidence: [
        doc('Object reference, PermissionSetAssignment: AssigneeId, PermissionSetId'),
        mem('a profile is among them, as a permission set of its own'),
      ],
    },
  ];
}
