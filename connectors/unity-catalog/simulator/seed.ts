import type { JsonObject } from '../../../src/lib/json.ts';

export const SIMULATED_CLIENT = { clientId: 'simulated-principal', clientSecret: 'simulated-secret' } as const;

export const SEED = {
  jobId: 11,
  tableId: '5f0c2a4e-0000-4000-8000-000000000001',
  endpoint: 'assistant',
  object: { object_type: 'jobs', object_id: '11' },
} as const;

export interface Workspace {
  /** By collection, then by full name. */
  readonly securables: Readonly<Record<string, Map<string, JsonObject>>>;
  /** Privileges by `permissions/<type>/<name>` or `shares/<name>`, then by principal. */
  readonly grants: Map<string, Map<string, Set<string>>>;
  /** Key and value by `<collection>/<name>`. */
  readonly tags: ReadonlyMap<string, readonly (readonly [key: string, value: string])[]>;
  readonly acls: Map<string, readonly JsonObject[]>;
  readonly jobs: Set<number>;
  readonly runs: Map<number, { readonly jobId: number; state: string; result: string }>;
  readonly runsByToken: Map<string, number>;
  gateway: JsonObject;
}

const named = (...names: readonly string[]): Map<string, JsonObject> =>
  new Map(
    names.map((full_name) => [
      full_name,
      { name: full_name.split('.').at(-1) ?? '', full_name, owner: 'data-platform' },
    ]),
  );

/** A workspace with a catalog that is full, one that is empty, and a share that leaves the organisation. */
export function seedWorkspace(): Workspace {
  return {
    securables: {
      catalogs: named('main', 'scratch'),
      schemas: named('main.sales', 'main.empty'),
      tables: new Map(
        [...named('main.sales.orders', 'main.sales.customers')].map(([name, table]) => [
          name,
          { ...table, table_id: SEED.tableId },
        ]),
      ),
      volumes: named('main.sales.exports'),
      models: named('main.sales.churn'),
      'external-locations': named('landing'),
    },
    grants: new Map([
      ['permissions/table/main.sales.orders', new Map([['analysts', new Set(['SELECT'])]])],
      ['shares/partners', new Map([['acme', new Set(['SELECT'])]])],
    ]),
    tags: new Map([
      ['catalogs/main', [['team', 'sales']]],
      [
        'tables/main.sales.customers',
        [
          ['pii', 'true'],
          ['class.email_address', 'true'],
        ],
      ],
    ]),
    acls: new Map([
      [
        'jobs/11',
        [
          { group_name: 'analysts', permission_level: 'CAN_VIEW' },
          { user_name: 'ann@example.com', permission_level: 'IS_OWNER' },
        ],
      ],
    ]),
    jobs: new Set([SEED.jobId]),
    runs: new Map(),
    runsByToken: new Map(),
    gateway: {
      guardrails: {
        input: { safety: true, pii: { behavior: 'BLOCK' } },
        output: { safety: true, pii: { behavior: 'MASK' } },
      },
      rate_limits: [{ calls: 100, key: 'user', renewal_period: 'minute' }],
      usage_tracking_config: { enabled: true },
    },
  };
}
