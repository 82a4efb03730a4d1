import type { JsonObject } from '../../../src/lib/json.ts';

const uuid = (digit: string) =>
  `${digit.repeat(8)}-${digit.repeat(4)}-4${digit.repeat(3)}-8${digit.repeat(3)}-${digit.repeat(12)}`;

/** Ids of what a fresh gateway has. */
export const SEED = {
  billing: uuid('1'),
  orphan: uuid('2'),
  billingRoute: uuid('3'),
  keyAuth: uuid('4'),
  rateLimit: uuid('5'),
  partner: uuid('6'),
  certificate: uuid('7'),
  upstream: uuid('8'),
  target: uuid('9'),
  script: uuid('a'),
} as const;

export type Collection = 'services' | 'routes' | 'plugins' | 'consumers' | 'certificates' | 'upstreams';

export const CERTIFICATE = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n';

export function seedCollections(): Readonly<Record<Collection, Map<string, JsonObject>>> {
  const at = (id: string) => ({ id });
  const keep = (...things: readonly JsonObject[]) => new Map(things.map((thing) => [String(thing['id']), thing]));
  const service = { protocol: 'https', port: 443, path: null, enabled: true, tls_verify: true, tags: null };
  return {
    services: keep(
      { id: SEED.billing, name: 'billing', host: 'billing.internal', ...service },
      { id: SEED.orphan, name: 'orphan', host: 'orphan.internal', ...service },
    ),
    routes: keep({
      id: SEED.billingRoute,
      name: 'billing',
      protocols: ['https'],
      methods: null,
      hosts: ['billing.example.com'],
      paths: null,
      strip_path: true,
      preserve_host: false,
      service: at(SEED.billing),
      tags: null,
    }),
    plugins: keep(
      {
        id: SEED.keyAuth,
        name: 'key-auth',
        enabled: true,
        config: { key_names: ['apikey'] },
        service: at(SEED.billing),
        route: null,
        consumer: null,
        tags: null,
      },
      {
        id: SEED.rateLimit,
        name: 'rate-limiting',
        enabled: true,
        config: { minute: 60 },
        service: null,
        route: null,
        consumer: null,
        tags: null,
      },
      {
        id: SEED.script,
        name: 'pre-function',
        enabled: true,
        config: { access: ['return'] },
        service: null,
        route: null,
        consumer: null,
        tags: null,
      },
    ),
    consumers: keep({ id: SEED.partner, username: 'partner', custom_id: 'p-1', tags: null }),
    certificates: keep({
      id: SEED.certificate,
      cert: CERTIFICATE,
      key: 'the private key',
      snis: ['billing.example.com'],
      tags: null,
    }),
    upstreams: keep({ id: SEED.upstream, name: 'billing' }),
  };
}
