import type { ConformanceFixtures, ConformanceSample } from '../../src/connector/conformance/fixtures.ts';
import type { JsonObject } from '../../src/lib/json.ts';
import { MANY } from './securable.ts';
import { SEED } from './simulator/seed.ts';

const NAMES = {
  catalog: ['catalogs', 'scratch'],
  schema: ['schemas', 'main.empty'],
  table: ['tables', 'main.sales.orders'],
  volume: ['volumes', 'main.sales.exports'],
  model: ['models', 'main.sales.churn'],
  'external-location': ['external-locations', 'landing'],
} as const;
const WITHIN: Readonly<Record<string, JsonObject>> = {
  schema: { catalog_name: 'main' },
  table: { catalog_name: 'main', schema_name: 'sales' },
  volume: { catalog_name: 'main', schema_name: 'sales' },
};

const securables = Object.entries(NAMES).flatMap(([noun, [collection, name]]): readonly ConformanceSample[] => [
  { operation: `unity-catalog.${noun}.list`, input: WITHIN[noun] ?? {}, effects: [] },
  { operation: `unity-catalog.${noun}.get`, input: { name }, effects: [] },
  {
    operation: `unity-catalog.${noun}.delete`,
    input: { name },
    effects: [`${collection}.delete`],
    effect: { kind: 'delete', reversible: 'no', privileged: true, count: 1 },
  },
]);

const ORDERS = { securable_type: 'table', full_name: 'main.sales.orders' };
const GUARDED = {
  guardrails: {
    input: { safety: true, pii: { behavior: 'BLOCK' } },
    output: { safety: true, pii: { behavior: 'BLOCK' } },
  },
  rate_limits: [{ calls: 10, renewal_period: 'minute' }],
  usage_tracking_config: { enabled: true },
};
const NEW_ENTRY = { group_name: 'finance', permission_level: 'CAN_MANAGE' };

const samples: readonly ConformanceSample[] = [
  ...securables,
  {
    operation: 'unity-catalog.catalog.delete',
    input: { name: 'main', force: true },
    effects: ['catalogs.delete'],
    effect: { kind: 'delete', count: MANY },
    when: 'with force',
  },
  { operation: 'unity-catalog.permission.get', input: ORDERS, effects: [] },
  {
    operation: 'unity-catalog.permission.change',
    input: { ...ORDERS, changes: [{ principal: 'contractors', add: ['SELECT', 'MODIFY'] }] },
    effects: ['grant.add', 'grant.add'],
    effect: { kind: 'privilege', reversible: 'operation', external: false, privileged: true, count: 2 },
    when: 'grants',
  },
  {
    operation: 'unity-catalog.permission.change',
    input: { ...ORDERS, changes: [{ principal: 'analysts', remove: ['SELECT'] }] },
    effects: ['grant.remove'],
    effect: { kind: 'privilege', count: 1 },
    when: 'revokes',
  },
  { operation: 'unity-catalog.share-permission.get', input: { name: 'partners' }, effects: [] },
  {
    operation: 'unity-catalog.share-permission.change',
    input: { name: 'partners', changes: [{ principal: 'globex', add: ['SELECT'] }] },
    effects: ['grant.add'],
    effect: { kind: 'privilege', external: true },
    when: 'shares',
  },
  {
    operation: 'unity-catalog.share-permission.change',
    input: { name: 'partners', changes: [{ principal: 'acme', remove: ['SELECT'] }] },
    effects: ['grant.remove'],
    effect: { kind: 'privilege', external: false },
    when: 'stops sharing',
  },
  {
    operation: 'unity-catalog.table-credential.vend',
    input: { table_id: SEED.tableId, operation: 'READ' },
    effects: ['credential.vend'],
    effect: { kind: 'privilege', reversible: 'no', external: true, privileged: true },
  },
  {
    operation: 'unity-catalog.path-credential.vend',
    input: { url: 's3://landing/in', operation: 'PATH_READ_WRITE' },
    effects: ['credential.vend'],
    effect: { kind: 'privilege', reversible: 'no', external: true, privileged: true },
  },
  {
    operation: 'unity-catalog.recipient.rotate-token',
    input: { name: 'acme', existing_token_expire_in_seconds: 0 },
    effects: ['recipient.rotate'],
    effect: { kind: 'privilege', external: true },
  },
  { operation: 'unity-catalog.workspace-permission.get', input: SEED.object, effects: [] },
  {
    operation: 'unity-catalog.workspace-permission.replace',
    input: { ...SEED.object, access_control_list: [NEW_ENTRY] },
    effects: ['acl.replace'],
    effect: { kind: 'privilege', reversible: 'operation', privileged: true, count: MANY },
  },
  {
    operation: 'unity-catalog.workspace-permission.grant',
    input: { ...SEED.object, access_control_list: [NEW_ENTRY] },
    effects: ['acl.grant'],
    effect: { kind: 'privilege', privileged: true, count: 1 },
  },
  {
    operation: 'unity-catalog.run.get',
    input: { run_id: 7_000 },
    effects: [],
    after: [{ operation: 'unity-catalog.job.run', input: { job_id: SEED.jobId } }],
  },
  {
    operation: 'unity-catalog.job.run',
    input: { job_id: SEED.jobId },
    effects: ['job.run'],
    effect: { kind: 'execute', reversible: 'no', external: true, privileged: true },
  },
  {
    operation: 'unity-catalog.run.cancel',
    input: { run_id: 7_000 },
    effects: ['run.cancel'],
    effect: { kind: 'update', reversible: 'no' },
    after: [{ operation: 'unity-catalog.job.run', input: { job_id: SEED.jobId } }],
  },
  {
    operation: 'unity-catalog.job.delete',
    input: { job_id: SEED.jobId },
    effects: ['job.delete'],
    effect: { kind: 'delete', reversible: 'no' },
  },
  { operation: 'unity-catalog.ai-gateway.get', input: { name: SEED.endpoint }, effects: [] },
  {
    operation: 'unity-catalog.ai-gateway.configure',
    input: { name: SEED.endpoint, ...GUARDED },
    effects: ['ai-gateway.configure'],
    effect: { kind: 'update', reversible: 'operation', privileged: true },
    when: 'guarded on both sides',
  },
  {
    operation: 'unity-catalog.ai-gateway.configure',
    input: { name: SEED.endpoint },
    effects: ['ai-gateway.configure'],
    effect: { kind: 'privilege', reversible: 'operation', privileged: true },
    when: 'guardrails left out',
  },
  {
    operation: 'unity-catalog.connection.call',
    input: { connection_name: 'crm', method: 'GET', path: '/v1/accounts' },
    effects: ['connection.call'],
    effect: { kind: 'communicate', external: true, reversible: 'no' },
    when: 'GET',
  },
  {
    operation: 'unity-catalog.connection.call',
    input: { connection_name: 'crm', method: 'POST', path: '/v1/accounts', json: { name: 'x' } },
    effects: ['connection.call'],
    effect: { kind: 'execute', external: true, reversible: 'no' },
    when: 'any other method',
  },
];

const body = { error_code: 'REQUEST_LIMIT_EXCEEDED', message: 'Too many requests.' };

export default {
  samples,
  rateLimits: [
    { status: 429, headers: { 'retry-after': '7' }, body, dialect: 'retry-after', waitsMs: 7_000 },
    { status: 429, headers: {}, body, dialect: 'none', waitsMs: 1_000 },
  ],
  paging: [{ operation: 'unity-catalog.catalog.list', input: { limit: 1 } }],
  state: {
    reads: [
      { operation: 'unity-catalog.permission.get', input: ORDERS },
      { operation: 'unity-catalog.share-permission.get', input: { name: 'partners' } },
      { operation: 'unity-catalog.workspace-permission.get', input: SEED.object },
      { operation: 'unity-catalog.ai-gateway.get', input: { name: SEED.endpoint } },
    ],
    ignore: [],
  },
  facts: [
    {
      name: 'tags',
      subject: { type: 'UnityCatalog::Table', id: 'main.sales.customers' },
      value: ['class.email_address=true', 'pii=true', 'team=sales'],
      labels: ['pii'],
    },
    {
      name: 'tags',
      subject: { type: 'UnityCatalog::Table', id: 'main.sales.orders' },
      value: ['team=sales'],
      labels: [],
    },
    { name: 'tags', subject: { type: 'UnityCatalog::Table', id: '*' }, value: undefined },
    { name: 'owner', subject: { type: 'UnityCatalog::Schema', id: 'main.sales' }, value: 'data-platform' },
    {
      name: 'grantees',
      subject: { type: 'UnityCatalog::Table', id: 'main.sales.orders' },
      value: ['analysts'],
    },
    { name: 'granteeCount', subject: { type: 'UnityCatalog::Table', id: 'main.sales.customers' }, value: 0 },
  ],
  judgedBy: {
    ...Object.fromEntries(
      Object.keys(NAMES).flatMap((noun) =>
        ['list', 'get', 'delete'].map((verb) => [`unity-catalog.${noun}.${verb}`, 'description'] as const),
      ),
    ),
    'unity-catalog.permission.get': 'description',
    'unity-catalog.permission.change': 'description',
    'unity-catalog.table-credential.vend': 'description',
    'unity-catalog.path-credential.vend': 'description',
  },
} satisfies ConformanceFixtures;
