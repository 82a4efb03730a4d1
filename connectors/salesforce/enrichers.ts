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

const owned = z.object({ records: z.array(z.object({ OwnerId: z.string() })).max(1) });

/** An id begins with what it is the id of [doc: standard key prefixes]; custom objects' are not the same everywhere. */
const OBJECT_OF_PREFIX: Readonly<Record<string, string>> = {
  '001': 'Account',
  '003': 'Contact',
  '006': 'Opportunity',
  '00Q': 'Lead',
  '500': 'Case',
  '00T': 'Task',
};
const objectOf = (id: string): string | undefined =>
  /^[A-Za-z0-9]{15}(?:[A-Za-z0-9]{3})?$/.test(id) ? OBJECT_OF_PREFIX[id.slice(0, 3)] : undefined;

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
      name: 'recordOwner',
      title: 'The user or queue, by id, to whom an account, contact, opportunity, lead, case or task belongs.',
      type: 'String',
      about: ['Salesforce::SalesforceRecord'],
      ttlMs: 5 * MINUTE_MS,
      fetch: httpFact({
        isSubject: (id) => objectOf(id) !== undefined,
        request: ({ id }) => {
          const q = soqlOf({ object: objectOf(id) ?? '', fields: ['OwnerId'], where: [equalTo('Id', id)], limit: 1 });
          return { method: 'GET', path, query: { q } };
        },
        value: ({ body }) => owned.parse(body).records[0]?.OwnerId,
      }),
      evidence: [
        doc('Object reference: Id and OwnerId of Account, Contact, Opportunity, Lead, Case and Task'),
        doc('Standard field record id prefixes'),
      ],
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
