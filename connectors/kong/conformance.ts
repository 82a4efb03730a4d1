import type { ConformanceFixtures, ConformanceSample } from '../../src/connector/conformance/fixtures.ts';
import { ALL_TRAFFIC } from './effects.ts';
import { CERTIFICATE, SEED } from './simulator/seed.ts';

const reads = (noun: string, id: string): readonly ConformanceSample[] => [
  { operation: `kong.${noun}.get`, input: { id }, effects: [] },
  { operation: `kong.${noun}.list`, input: {}, effects: [] },
];

const KEY = '{vault://env/tls-key}';

/** One call of each operation that a fresh gateway grants, and one for each thing that its arguments decide. */
const samples: readonly ConformanceSample[] = [
  ...reads('service', SEED.billing),
  {
    operation: 'kong.service.create',
    input: { name: 'search', host: 'search.internal' },
    effects: ['service.create'],
    effect: { kind: 'create', reversible: 'operation', privileged: true },
  },
  {
    operation: 'kong.service.update',
    input: { id: SEED.billing, host: 'elsewhere.internal' },
    effects: ['service.update'],
    effect: { kind: 'update', count: ALL_TRAFFIC },
    when: 'another host',
  },
  {
    operation: 'kong.service.update',
    input: { id: SEED.billing, enabled: false },
    effects: ['service.update'],
    effect: { kind: 'isolate' },
    when: 'switched off',
  },
  {
    operation: 'kong.service.update',
    input: { id: SEED.billing, tls_verify: false },
    effects: ['service.update'],
    effect: { kind: 'privilege' },
    when: 'certificates unchecked',
  },
  {
    operation: 'kong.service.delete',
    input: { id: SEED.orphan },
    effects: ['service.delete'],
    effect: { kind: 'delete', reversible: 'no' },
  },
  ...reads('route', SEED.billingRoute),
  {
    operation: 'kong.route.create',
    input: { name: 'invoices', service: SEED.billing, paths: ['/invoices'] },
    effects: ['route.create'],
    effect: { kind: 'create', external: true, count: 1 },
  },
  {
    operation: 'kong.route.create',
    input: { name: 'all', service: SEED.billing },
    effects: ['route.create'],
    effect: { kind: 'create', external: true, count: ALL_TRAFFIC },
    when: 'neither hosts nor paths',
  },
  {
    operation: 'kong.route.update',
    input: { id: SEED.billingRoute, paths: ['/v2'] },
    effects: ['route.update'],
    effect: { kind: 'update', external: true },
  },
  {
    operation: 'kong.route.delete',
    input: { id: SEED.billingRoute },
    effects: ['route.delete'],
    effect: { kind: 'delete' },
  },
  ...reads('plugin', SEED.keyAuth),
  {
    operation: 'kong.plugin.create',
    input: { name: 'rate-limiting', service: SEED.billing, config: { minute: 5 } },
    effects: ['plugin.create'],
    effect: { kind: 'update', count: 1, external: false },
    when: 'limits one service',
  },
  {
    operation: 'kong.plugin.create',
    input: { name: 'jwt', route: SEED.billingRoute },
    effects: ['plugin.create'],
    effect: { kind: 'privilege' },
    when: 'guards',
  },
  {
    operation: 'kong.plugin.create',
    input: { name: 'http-log', config: { http_endpoint: 'https://logs.example.com' } },
    effects: ['plugin.create'],
    effect: { kind: 'communicate', external: true, count: ALL_TRAFFIC },
    when: 'sends traffic on',
  },
  {
    operation: 'kong.plugin.create',
    input: { name: 'pre-function', config: { access: ['kong.log("x")'] } },
    effects: ['plugin.create'],
    effect: { kind: 'execute', external: true, count: ALL_TRAFFIC },
    when: 'runs code, as every plugin that is not known',
  },
  {
    operation: 'kong.plugin.update',
    input: { id: SEED.keyAuth, plugin: 'key-auth', enabled: false },
    effects: ['plugin.update'],
    effect: { kind: 'privilege', reversible: 'operation' },
    when: 'guards',
  },
  {
    operation: 'kong.plugin.update',
    input: { id: SEED.rateLimit, plugin: 'rate-limiting', config: { minute: 1_000 } },
    effects: ['plugin.update'],
    effect: { kind: 'update', reversible: 'no' },
    when: 'limits, configured anew',
  },
  {
    operation: 'kong.plugin.update',
    input: { id: SEED.script, plugin: 'pre-function', config: { access: ['os.exit()'] } },
    effects: ['plugin.update'],
    effect: { kind: 'execute', external: true },
    when: 'runs code',
  },
  {
    operation: 'kong.plugin.delete',
    input: { id: SEED.keyAuth, plugin: 'key-auth' },
    effects: ['plugin.delete'],
    effect: { kind: 'privilege', reversible: 'no', count: ALL_TRAFFIC },
    when: 'guards',
  },
  {
    operation: 'kong.plugin.delete',
    input: { id: SEED.rateLimit, plugin: 'rate-limiting' },
    effects: ['plugin.delete'],
    effect: { kind: 'delete' },
  },
  ...reads('consumer', SEED.partner),
  {
    operation: 'kong.consumer.create',
    input: { username: 'newcomer' },
    effects: ['consumer.create'],
    effect: { kind: 'create' },
  },
  {
    operation: 'kong.consumer.delete',
    input: { id: SEED.partner },
    effects: ['consumer.delete'],
    effect: { kind: 'delete', reversible: 'no' },
  },
  { operation: 'kong.target.list', input: { upstream: SEED.upstream }, effects: [] },
  {
    operation: 'kong.target.create',
    input: { upstream: SEED.upstream, target: '10.0.0.8:8080', weight: 10 },
    effects: ['target.create'],
    effect: { kind: 'update', external: true, count: ALL_TRAFFIC },
  },
  {
    operation: 'kong.target.create',
    input: { upstream: SEED.upstream, target: '10.0.0.9:8080', weight: 0 },
    effects: ['target.create'],
    effect: { kind: 'update', external: true, count: 1 },
    when: 'weight 0',
  },
  {
    operation: 'kong.target.delete',
    input: { upstream: SEED.upstream, target: '10.0.0.7:8080' },
    effects: ['target.delete'],
    effect: { kind: 'delete' },
  },
  ...reads('certificate', SEED.certificate),
  {
    operation: 'kong.certificate.create',
    input: { cert: CERTIFICATE, key: KEY },
    effects: ['certificate.create'],
    effect: { kind: 'privilege', external: true, count: 1 },
  },
  {
    operation: 'kong.certificate.create',
    input: { cert: CERTIFICATE, key: KEY, snis: ['example.com'] },
    effects: ['certificate.create'],
    effect: { kind: 'privilege', external: true, count: ALL_TRAFFIC },
    when: 'for names',
  },
  {
    operation: 'kong.certificate.delete',
    input: { id: SEED.certificate },
    effects: ['certificate.delete'],
    effect: { kind: 'delete', external: true },
  },
];

export default {
  samples,
  rateLimits: [
    {
      status: 429,
      headers: { 'retry-after': '7' },
      body: { message: 'API rate limit exceeded' },
      dialect: 'retry-after',
      waitsMs: 7_000,
    },
    { status: 429, headers: {}, body: { message: 'API rate limit exceeded' }, dialect: 'none', waitsMs: undefined },
  ],
  effectCases: [
    {
      operation: 'kong.plugin.update',
      input: { id: SEED.script, plugin: 'pre-function', enabled: true },
      effect: { kind: 'execute', reversible: 'operation', external: true },
      when: 'runs code, only switched',
    },
    {
      operation: 'kong.plugin.update',
      input: { id: SEED.rateLimit, plugin: 'rate-limiting', enabled: false },
      effect: { kind: 'update', reversible: 'operation' },
      when: 'limits, only switched',
    },
    {
      operation: 'kong.plugin.create',
      input: { name: 'acl', enabled: false },
      effect: { kind: 'privilege', count: ALL_TRAFFIC },
    },
    {
      operation: 'kong.plugin.create',
      input: { name: 'my-own', service: SEED.billing },
      effect: { kind: 'execute', count: 1 },
    },
    {
      operation: 'kong.plugin.create',
      input: { name: 'file-log', service: SEED.billing },
      effect: { kind: 'communicate', count: 1 },
    },
    { operation: 'kong.plugin.create', input: { name: 'proxy-cache' }, effect: { kind: 'update', count: ALL_TRAFFIC } },
    {
      operation: 'kong.plugin.update',
      input: { id: SEED.script, plugin: 'zipkin', enabled: true },
      effect: { kind: 'communicate', external: true },
    },
  ],
  paging: [{ operation: 'kong.service.list', input: { size: 1 } }],
  state: {
    reads: [
      { operation: 'kong.service.list', input: {} },
      { operation: 'kong.route.list', input: {} },
      { operation: 'kong.plugin.list', input: {} },
      { operation: 'kong.consumer.list', input: {} },
      { operation: 'kong.certificate.list', input: {} },
      { operation: 'kong.target.list', input: { upstream: SEED.upstream } },
    ],
    ignore: [],
  },
  judgedBy: { '*': 'description' },
} satisfies ConformanceFixtures;
