import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { parseDocument } from 'yaml';
import { z } from 'zod';
import { plainId, systemName } from '../action/names.ts';
import { apiKeySchema } from '../gate/api-keys.ts';
import { jwtSettingsSchema } from '../gate/jwt.ts';
import { InterlockError } from '../lib/errors.ts';
import { explainIssues } from '../lib/explain-issues.ts';
import { gatewaySettings } from './gateway-settings.ts';
import { telemetrySettings } from './telemetry-settings.ts';

const connectorSchema = z.strictObject({
  /** A connector that comes with Interlock, a package, or a path that begins with `.` or `/`. */
  use: z.string().min(1),
  settings: z.record(z.string(), z.json()).default({}),
  /** Start the connector's simulated system and use it instead of the real one; `dev` only. */
  simulate: z.boolean().default(false),
  /** Tells the system of the trace that a call is part of, in the header `traceparent`. */
  passTrace: z.boolean().default(false),
});

const redisSettings = z.strictObject({
  /** `redis://` or `rediss://`; one with a password is a secret, so a reference. */
  url: z.string().min(1),
  /** `url` is one node of a Redis Cluster. */
  cluster: z.boolean().default(false),
  /** Other nodes of the cluster, asked for it where `url` does not answer; the credentials are those of `url`. */
  urls: z.array(z.string().min(1)).default([]),
  /** Begins the names of all keys: two deployments on one Redis have two. */
  prefix: plainId.default('il'),
  /** What this Redis must promise at least: `synced` survives a power cut (`appendfsync always`), `relaxed` a crash of Redis whose disk keeps up. */
  durability: z.enum(['synced', 'relaxed', 'memory']).default('synced'),
  /** Milliseconds after which a workflow that the ledger has leaves Redis, but for its head. Default: a day. */
  dormantAfterMs: z.int().min(1_000).default(86_400_000),
  /** A secret of all gateways, as a reference: with it they believe each other's snapshots of workflows. */
  seal: z.string().min(1).optional(),
});

/** The configuration file, `interlock.yaml`. Paths in it start from its own folder; secrets are references. */
export const configSchema = z.strictObject({
  /** Where the workflow log is kept. */
  data: z.string().default('.interlock'),
  log: z.strictObject({ synchronous: z.enum(['full', 'off']).default('full') }).prefault({}),
  /** One log for several gateways and workers, instead of the file in `data`. */
  redis: redisSettings.optional(),
  /** Keeps for long what the log has, in a database of its own. */
  ledger: z
    .strictObject({
      /** `postgres://`; one with a password is a secret, so a reference. */
      postgres: z.strictObject({ url: z.string().min(1) }),
      /** Folder of its signed checkpoints, one of its own for each process that drains. Default: `ledger-checkpoints` in `data`. */
      checkpoints: z.string().optional(),
    })
    .optional(),
  worker: z
    .strictObject({
      /** Where a worker says how it is, on the host of `listen`. */
      port: z.int().min(0).max(65_535).default(4001),
      /** Administrators of this tenant, who run the installation, see the queues at /queues. */
      boardTenant: plainId.optional(),
    })
    .prefault({}),
  checkpoints: z
    .strictObject({
      /** Keep it where whoever can write the log cannot write. Default: `checkpoints` beside the log. */
      directory: z.string().optional(),
      everyMs: z.int().min(10).default(1_000),
      everyEvents: z.int().min(1).default(256),
    })
    .prefault({}),
  telemetry: telemetrySettings.optional(),
  retention: z
    .strictObject({
      /** Days after the last event of a workflow until its payloads are erased. Default: they are kept. */
      payloadsDays: z.int().min(1).max(36_500),
    })
    .optional(),
  listen: z
    .strictObject({
      host: z.string().default('127.0.0.1'),
      port: z.int().min(0).max(65_535).default(4000),
      /** Host headers that are answered, besides the address it listens on. */
      allowedHosts: z.array(z.string()).default([]),
      allowedOrigins: z.array(z.string()).default([]),
    })
    .prefault({}),
  /** Files and folders of Cedar policies. */
  policies: z.array(z.string()).default([]),
  judge: z
    .strictObject({
      /** Of all evaluations: the part that is evaluated again by the reference evaluator, off the hot path. */
      share: z.number().min(0).max(1).default(0.01),
    })
    .prefault({}),
  enrich: z
    .strictObject({
      /** Look-ups of facts at once. */
      concurrency: z.int().min(1).max(64).default(4),
      /** Looks for secrets and personal data in what actions read and write, beside the decisions. */
      classify: z.boolean().default(false),
    })
    .prefault({}),
  keys: z
    .array(apiKeySchema)
    .refine((keys) => new Set(keys.map(({ digest }) => digest)).size === keys.length, 'two keys have the same digest')
    .default([]),
  jwt: jwtSettingsSchema.optional(),
  connectors: z.record(systemName, connectorSchema).default({}),
  /** Gateways in front of systems that have every request decided. */
  gateways: z.record(systemName, gatewaySettings).default({}),
  dev: z
    .strictObject({
      /** Tenant and groups of the keys that `dev` makes for itself. */
      tenant: plainId.default('dev'),
      groups: z.array(plainId).default(['security', 'finance']),
      /** Scripts that are started as clients, each with the gateway's address and a key in its environment. */
      companions: z.array(z.string()).default([]),
    })
    .prefault({}),
});

export type Config = z.output<typeof configSchema> & {
  /** The folder that relative paths start from. */
  readonly baseDirectory: string;
};

/** Reads and checks a configuration file. Throws CONFIG_INVALID naming the file and every place. */
export function readConfig(file: string): Config {
  const path = resolve(file);
  let raw: unknown;
  try {
    const document = parseDocument(readFileSync(path, 'utf8'));
    const [problem] = [...document.errors, ...document.warnings];
    if (problem !== undefined) throw problem;
    raw = document.toJS() ?? {};
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : 'it cannot be read';
    throw new InterlockError('CONFIG_INVALID', `${file}: ${why}`, { cause });
  }
  return parseConfig(raw, { file, baseDirectory: dirname(path) });
}

export function parseConfig(
  raw: unknown,
  { file, baseDirectory }: { readonly file: string; readonly baseDirectory: string },
): Config {
  const parsed = configSchema.safeParse(raw);
  if (!parsed.success) {
    throw new InterlockError('CONFIG_INVALID', `${file}:\n${explainIssues(configSchema, parsed.error)}`);
  }
  return { ...parsed.data, baseDirectory };
}
