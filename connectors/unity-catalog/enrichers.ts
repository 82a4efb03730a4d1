import { z } from 'zod';
import type { ResourceType } from '../../src/action/resource.ts';
import type { Enricher } from '../../src/connector/contract.ts';
import { type HttpFact, httpFact } from '../../src/connector/http/http-fact.ts';
import { path } from '../../src/connector/http/path.ts';
import { fullName } from './ids.ts';
import { isAbsent } from './read-back.ts';
import { labelsOf, tagsOf } from './tags.ts';

const MINUTE_MS = 60_000;

/** How the catalog calls each kind, in paths of things and of their grants. */
const KINDS: Readonly<Record<string, { readonly collection: string; readonly securable: string }>> = {
  'UnityCatalog::Catalog': { collection: 'catalogs', securable: 'catalog' },
  'UnityCatalog::Schema': { collection: 'schemas', securable: 'schema' },
  'UnityCatalog::Table': { collection: 'tables', securable: 'table' },
  'UnityCatalog::Volume': { collection: 'volumes', securable: 'volume' },
};

const declared = { about: Object.keys(KINDS) as ResourceType[], ttlMs: 5 * MINUTE_MS } as const; // the keys above

const isNamed = (id: string): boolean => fullName.safeParse(id).success;

const owned = z.object({ owner: z.string().min(1).nullish() });
const grants = z.object({ privilege_assignments: z.array(z.object({ principal: z.string() })).default([]) });

/** The distinct principals that hold any privilege. */
function grantFact(value: (principals: readonly string[]) => ReturnType<HttpFact['value']>): Enricher['fetch'] {
  return httpFact({
    isSubject: isNamed,
    isAbsent,
    request: ({ type, id }) => ({
      method: 'GET',
      path: path`/api/2.1/unity-catalog/permissions/${KINDS[type]?.securable ?? ''}/${id}`,
    }),
    value: ({ body }) =>
      value([...new Set(grants.parse(body).privilege_assignments.map(({ principal }) => principal))].sort()),
  });
}

const GRANTS = { mark: 'spec', source: 'GET /permissions/{securable_type}/{full_name}' } as const;

export const enrichers: readonly Enricher[] = [
  {
    ...declared,
    name: 'tags',
    title:
      'The tags of a catalog, schema, table or volume and of what it is in, as `key` or `key=value`; not those of its columns.',
    type: { setOf: 'String' },
    labels: labelsOf,
    fetch: async ({ type, id }, context) => {
      const collection = KINDS[type]?.collection;
      return collection !== undefined && isNamed(id) ? tagsOf({ collection, name: id }, context) : undefined;
    },
    evidence: [
      {
        mark: 'doc',
        source: 'GET /entity-tag-assignments/{entity_type}/{entity_name}/tags (List, GA): tag_assignments',
      },
      { mark: 'doc', source: 'tags of class.* are what the data classification of Databricks finds' },
    ],
  },
  {
    ...declared,
    name: 'owner',
    title: 'The user, group or service principal that owns a catalog, schema, table or volume.',
    type: 'String',
    fetch: httpFact({
      isSubject: isNamed,
      isAbsent,
      request: ({ type, id }) => ({
        method: 'GET',
        path: path`/api/2.1/unity-catalog/${KINDS[type]?.collection ?? ''}/${id}`,
      }),
      value: ({ body }) => owned.parse(body).owner ?? undefined,
    }),
    evidence: [{ mark: 'spec', source: 'GET /{catalogs|schemas|tables|volumes}/{full_name}: owner' }],
  },
  {
    ...declared,
    name: 'grantees',
    title: 'The users, groups and service principals that were granted anything on it directly.',
    type: { setOf: 'String' },
    fetch: grantFact((principals) => principals),
    evidence: [GRANTS],
  },
  {
    ...declared,
    name: 'granteeCount',
    title: 'How many principals were granted anything on it directly; a group counts as one.',
    type: 'Long',
    fetch: grantFact((principals) => principals.length),
    evidence: [GRANTS],
  },
];
