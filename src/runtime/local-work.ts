import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { z } from 'zod';
import type { StreamId } from '../action/log-port.ts';
import { plainId } from '../action/names.ts';
import { apiKeySchema } from '../gate/api-keys.ts';
import { RIGHTS } from '../gate/interlock.ts';
import { renderOperation } from '../gate/render-operation.ts';
import { exportLog } from '../ledger/export-log.ts';
import { verifyLog } from '../ledger/verify-log.ts';
import { sha256 } from '../lib/digest.ts';
import { InterlockError } from '../lib/errors.ts';
import { randomIds } from '../lib/ids.ts';
import type { LocalWork, RunningDev } from '../surface/cli/cli-context.ts';
import { createMcpSurface } from '../surface/mcp/create-mcp-surface.ts';
import { openLogReader } from '../workflow/sqlite-log/open-log-reader.ts';
import type { Config } from './config.ts';
import { doctor } from './doctor.ts';
import { findConfig, findDevConfig } from './find-config.ts';
import { intakeOf } from './intake.ts';
import { loadConnector } from './load-connector.ts';
import { createLogger } from './logger.ts';
import { withRegistry } from './offline.ts';
import { logPlaces } from './open-log.ts';
import { check, lint, testPolicies } from './policy-desk.ts';
import { startDev } from './start-dev.ts';
import { startGateway } from './start-gateway.ts';
import { startServer } from './start-server.ts';
import { version } from './version.ts';

export interface Place {
  readonly directory: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Calls back when the process is asked to read its policies again. */
  readonly onReload: (reload: () => void) => void;
}

/** What the commands of the CLI have done on this machine. */
export function localWork(place: Place): LocalWork {
  const { directory, environment } = place;
  const configOf = (file: string | undefined): Config => findConfig(file, directory);
  const desk = (file: string | undefined) => ({ config: configOf(file), environment, directory });
  return {
    dev: (options) => dev(place, options),
    serve: ({ config }) => serve(place, configOf(config)),
    doctor: (file) => doctor({ file, directory, environment }),
    check: ({ config, action }) => check(desk(config), action),
    lint: async ({ config, policies }) => lint(desk(config), policies),
    testPolicies: async ({ config, cases }) => testPolicies(desk(config), cases),
    verifyLog: async ({ config, publicKey }) => {
      const places = logPlaces(configOf(config));
      const reader = openLogReader({ file: places.file });
      try {
        const key = publicKey === undefined ? undefined : readFileSync(resolve(directory, publicKey), 'utf8');
        return await verifyLog({ reader, checkpointDirectory: places.checkpoints, publicKey: key });
      } finally {
        reader.close();
      }
    },
    exportLog: (options) => exported(configOf(options.config), options),
    operations: async (config) =>
      withRegistry(desk(config), async (registry) => [...registry.all()].map(renderOperation)),
    simulate: async ({ connector, port, auditFile, control }) => {
      const { simulate } = await loadConnector(connector, directory);
      if (simulate === undefined) throw new InterlockError('CONFIG_INVALID', `${connector} has no simulated system`);
      const simulator = await simulate({ port, seed: 1, auditFile, control });
      return { url: simulator.origin, settings: simulator.settings, close: () => simulator.close() };
    },
    mcpStdio: ({ config, user, tenant }) => mcpStdio(place, configOf(config), { user, tenant }),
    proposeManifest: async ({ config, system }) => {
      const { intake, settings, connectorEnvironment } = await intakeOf(desk(config), system);
      return intake.propose(settings, connectorEnvironment);
    },
    acceptDefinition: async ({ config, system, tool }) => {
      const { intake, settings, connectorEnvironment } = await intakeOf(desk(config), system);
      return intake.accept(settings, connectorEnvironment, tool);
    },
    newKey,
  };
}

async function dev({ directory, environment }: Place, options: Parameters<LocalWork['dev']>[0]): Promise<RunningDev> {
  const found = findDevConfig(options.config, directory);
  const config = options.port === undefined ? found : { ...found, listen: { ...found.listen, port: options.port } };
  const server = await startDev({ config, environment });
  return {
    url: server.url,
    keys: server.keys,
    missingCompanions: server.missingCompanions,
    simulated: server.simulated.map(({ instance, simulator }) => ({
      system: instance.system,
      title: instance.connector.title,
      origin: simulator.origin,
    })),
    companionsEnded: Promise.all(
      server.companions.map((companion) => (companion.exitCode === null ? once(companion, 'exit') : undefined)),
    ).then(() => undefined),
    close: server.close,
  };
}

async function serve({ environment, onReload }: Place, config: Config): ReturnType<LocalWork['serve']> {
  if (config.keys.length === 0 && config.jwt === undefined) {
    throw new InterlockError('CONFIG_INVALID', 'nobody could call: configure `keys` (see `interlock key`) or `jwt`');
  }
  const logger = createLogger('info');
  const server = await startServer({ config, environment, logger });
  onReload(() => {
    server.gateway.reloadPolicies('SIGHUP').then(
      ({ hash }) => logger.info({ policySet: hash }, 'policies read again'),
      (thrown: unknown) =>
        logger.error({ detail: String(thrown) }, 'the policies are not valid; the former ones stay in force'),
    );
  });
  return server;
}

/** An embedded gateway for one MCP client: whoever starts the process is the user it works for. */
async function mcpStdio(
  { environment }: Place,
  config: Config,
  { user, tenant }: { readonly user: string; readonly tenant: string },
): Promise<void> {
  const ids = randomIds();
  const key = ids.secret();
  const rights = ['open', 'act'] as const;
  const keys = [{ id: user, digest: sha256(key), tenant, rights: [...rights], groups: [] }];
  const { interlock } = await startGateway({ config, environment, keys, logger: createLogger('warn') });
  const surface = createMcpSurface({ interlock, version: version() });
  try {
    await surface.serveStdio({ bearer: key, input: process.stdin, output: process.stdout });
  } finally {
    await interlock.close();
  }
}

async function* exported(
  config: Config,
  { tenant, workflow }: Parameters<LocalWork['exportLog']>[0],
): AsyncIterable<string> {
  if ((tenant === undefined) !== (workflow === undefined))
    throw new InterlockError('CONFIG_INVALID', 'name both --tenant and --workflow, or neither');
  const reader = openLogReader({ file: logPlaces(config).file });
  try {
    const stream: StreamId | undefined =
      tenant === undefined || workflow === undefined ? undefined : { tenant, workflow };
    yield* exportLog({ reader, stream });
  } finally {
    reader.close();
  }
}

const keyOptions = z.strictObject({
  id: plainId,
  tenant: plainId,
  rights: z.array(z.enum(RIGHTS)).min(1),
  groups: z.array(plainId),
});

function newKey(options: Parameters<LocalWork['newKey']>[0]): ReturnType<LocalWork['newKey']> {
  const parsed = keyOptions.safeParse(options);
  if (!parsed.success) throw new InterlockError('INVALID_CALL', z.prettifyError(parsed.error));
  const key = `ilk_${randomIds().secret()}`;
  return { key, entry: apiKeySchema.parse({ ...parsed.data, digest: sha256(key) }) };
}
