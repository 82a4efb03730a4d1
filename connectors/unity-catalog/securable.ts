import { z } from 'zod';
import { type AnyOperation, type Evidence, readOperation, writeOperation } from '../../src/connector/contract.ts';
import { httpExecution } from '../../src/connector/http/http-execution.ts';
import { cursorPages, fieldOfBody, itemsAt } from '../../src/connector/http/page-dialects.ts';
import { path } from '../../src/connector/http/path.ts';
import { pagedExecution } from '../../src/connector/http/read-pages.ts';
import { oneName, threeNames, twoNames } from './ids.ts';
import { absenceProbe } from './read-back.ts';
import { COLLECTION, type DatabricksType, ref } from './resources.ts';

/** Counts for what takes along what is below it: nobody can say from a name how much that is. */
export const MANY = 1_000;

interface Securable {
  readonly noun: string;
  readonly collection: string;
  readonly type: DatabricksType;
  readonly name: z.ZodString;
  /** What a list is narrowed down to: the parameters that the vendor requires. */
  readonly within: readonly ('catalog_name' | 'schema_name')[];
  /** The field of the list in the reply. */
  readonly items: string;
  /** Whether deleting takes `force`, and then what is below with it. */
  readonly force: boolean;
  readonly loses: string;
}

const output = z.object({
  name: z.string(),
  full_name: z.string().optional(),
  owner: z.string().nullish(),
  comment: z.string().nullish(),
  table_id: z.string().optional(),
  table_type: z.string().optional(),
  storage_location: z.string().nullish(),
  url: z.string().optional(),
});

const SECURABLES: readonly Securable[] = [
  {
    noun: 'catalog',
    collection: 'catalogs',
    type: 'UnityCatalog::Catalog',
    name: oneName,
    within: [],
    items: 'catalogs',
    force: true,
    loses: 'every schema, table and volume in it',
  },
  {
    noun: 'schema',
    collection: 'schemas',
    type: 'UnityCatalog::Schema',
    name: twoNames,
    within: ['catalog_name'],
    items: 'schemas',
    force: true,
    loses: 'every table and volume in it',
  },
  {
    noun: 'table',
    collection: 'tables',
    type: 'UnityCatalog::Table',
    name: threeNames,
    within: ['catalog_name', 'schema_name'],
    items: 'tables',
    force: false,
    loses: 'its data, where it is managed',
  },
  {
    noun: 'volume',
    collection: 'volumes',
    type: 'UnityCatalog::Volume',
    name: threeNames,
    within: ['catalog_name', 'schema_name'],
    items: 'volumes',
    force: false,
    loses: 'its files, where it is managed',
  },
  {
    noun: 'model',
    collection: 'models',
    type: 'UnityCatalog::Model',
    name: threeNames,
    within: [],
    items: 'registered_models',
    force: true,
    loses: 'every version of it',
  },
  {
    noun: 'external-location',
    collection: 'external-locations',
    type: 'UnityCatalog::Location',
    name: oneName,
    within: [],
    items: 'external_locations',
    force: true,
    loses: 'what depends on it',
  },
];

const ROOT = '/api/2.1/unity-catalog';

/** `/api/2.1/unity-catalog/<collection>/<name>`; the collection is ours, the name one segment. */
const pathOf = ({ collection }: Securable, name: string) => `${ROOT}/${collection}${path`/${name}`}`;

const spec = ({ collection }: Securable, method: string, below = ''): readonly Evidence[] => [
  { mark: 'spec', source: `${method} /${collection}${below} (Unity Catalog API)` },
];

function listing(securable: Securable): AnyOperation {
  const within = z.strictObject({
    ...Object.fromEntries(securable.within.map((name) => [name, oneName])),
    limit: z.int().min(1).max(1_000).default(100),
    after: z.string().min(1).max(2_048).optional(),
  });
  const dialect = cursorPages({
    cursor: 'page_token',
    size: 'max_results',
    items: itemsAt(securable.items, 'empty'),
    next: fieldOfBody('next_page_token'),
  });
  return readOperation({
    name: `unity-catalog.${securable.noun}.list`,
    description: `Lists each ${securable.noun} that the credential may see.`,
    input: within,
    output: z.object({ items: z.array(output), after: z.string().optional() }),
    resourceTypes: [securable.type],
    resources: () => [ref(securable.type, COLLECTION)],
    provenance: { returns: { default: 'system', fields: { 'items[*].comment': 'others' } } },
    execute: pagedExecution({
      as: 'items',
      next: 'after',
      dialect,
      pageItems: 100,
      from: ({ after }) => after,
      call: ({ limit: _, after: __, ...query }) => ({
        method: 'GET',
        path: `${ROOT}/${securable.collection}`,
        // What is left are names, as the schema says.
        query: query as Readonly<Record<string, string>>,
      }),
    }),
    evidence: spec(securable, 'GET'),
  });
}

function getting(securable: Securable): AnyOperation {
  return readOperation({
    name: `unity-catalog.${securable.noun}.get`,
    description: `Shows one ${securable.noun}: who owns it and where it lies.`,
    input: z.strictObject({ name: securable.name }),
    output,
    resourceTypes: [securable.type],
    resources: ({ name }) => [ref(securable.type, name)],
    provenance: { returns: { default: 'system', fields: { comment: 'others' } } },
    execute: httpExecution({
      request: ({ name }) => ({ method: 'GET', path: pathOf(securable, name) }),
      repeatable: true,
      result: ({ body }) => body,
    }),
    evidence: spec(securable, 'GET', '/{name}'),
  });
}

function deleting(securable: Securable): AnyOperation {
  const force = securable.force ? { force: z.boolean().default(false) } : {};
  const isForced = (input: object) => 'force' in input && input.force === true;
  return writeOperation({
    name: `unity-catalog.${securable.noun}.delete`,
    description: `Deletes a ${securable.noun}, and loses ${securable.loses}. It cannot be undone here.`,
    input: z.strictObject({ name: securable.name, ...force }),
    output: z.object({}),
    resourceTypes: [securable.type],
    resources: ({ name }) => [ref(securable.type, name)],
    provenance: { arguments: { name: 'target', force: 'flag' } },
    effect: (input) => ({
      kind: 'delete',
      reversible: 'no',
      external: false,
      privileged: true,
      // A volume and a table hold data whose amount the name does not tell, but nothing else goes with them.
      count: isForced(input) ? MANY : 1,
    }),
    effectKinds: ['delete'],
    repeat: {
      class: 'at-most-once',
      evidence: {
        mark: 'spec',
        source: `DELETE /${securable.collection}/{name} names no key, and a second one is refused`,
      },
    },
    execute: httpExecution({
      request: (input) => ({
        method: 'DELETE',
        path: pathOf(securable, input.name),
        ...(isForced(input) && { query: { force: true } }),
      }),
      repeatable: false,
      result: () => ({}),
    }),
    probe: absenceProbe(({ name }) => pathOf(securable, name)),
    undo: { none: 'What was in it is gone; a new one of the same name is empty.' },
    evidence: spec(securable, 'DELETE', '/{name}'),
  });
}

export const securableOperations: readonly AnyOperation[] = SECURABLES.flatMap((securable) => [
  listing(securable),
  getting(securable),
  deleting(securable),
]);
