import { openLedgerReader } from '../ledger/postgres/open-ledger-reader.ts';
import { sha256 } from '../lib/digest.ts';
import { randomIds } from '../lib/ids.ts';
import type { JsonObject } from '../lib/json.ts';
import { createApiClient } from '../surface/cli/api-client.ts';
import type { LocalWork } from '../surface/cli/cli-context.ts';
import type { Config } from './config.ts';
import { type LogDesk, ledgerOf } from './log-desk.ts';
import { createLogger } from './logger.ts';
import { pastLog } from './past-log.ts';
import { startServer } from './start-server.ts';
import { startSimulators } from './start-simulators.ts';

/** Workflows of one list. */
const LISTED_MAX = 1_000;

/** The workflows that a ledger has of a tenant, newest first. What is open in them it does not know. */
export async function pastWorkflows(
  desk: LogDesk,
  { tenant, ...stored }: Parameters<LocalWork['pastWorkflows']>[0],
): Promise<JsonObject> {
  const reader = await openLedgerReader(await ledgerOf(desk, stored));
  try {
    const listed = (await reader.newest(tenant, LISTED_MAX)).filter(({ workflow }) => !workflow.startsWith('~'));
    return {
      workflows: listed.map(({ workflow: id, version, hash: head, at }) => ({
        ...{ id, tenant, version, head, lastEventAt: at },
      })),
    };
  } finally {
    await reader.close();
  }
}

/**
 * What a gateway answers to a question about the past, with a ledger instead of its log: one starts for it, on this machine
 * and for a key that nobody else has. Throws what {@link startServer} throws, and what the API answers.
 */
export async function askPast(
  desk: LogDesk,
  { tenant, path, isOfPolicies, ...stored }: Parameters<LocalWork['askPast']>[0],
): Promise<JsonObject> {
  const configured = await desk.configOf(stored.config);
  const config = withoutOthers(isOfPolicies ? configured : { ...configured, connectors: {}, policies: [] });
  const log = pastLog(await openLedgerReader(await ledgerOf(desk, stored)));
  const simulated = await startSimulators(config);
  const key = `ilk_${randomIds().secret()}`;
  try {
    const server = await startServer({
      ...{ config, log, environment: desk.environment, logger: createLogger('error') },
      connectors: simulated.map(({ instance }) => instance),
      keys: [{ id: 'past', digest: sha256(key), tenant, rights: ['administer'], groups: [] }],
    });
    try {
      return await createApiClient({ url: server.url, key }).get(path);
    } finally {
      await server.close();
    }
  } finally {
    await log.close();
    await Promise.all(simulated.map(({ simulator }) => simulator.close()));
  }
}

/** Nothing that reaches further than this process and the systems whose operations policies name. */
function withoutOthers(config: Config): Config {
  const { redis: _redis, retention: _retention, ...rest } = config;
  const listen = { ...config.listen, host: '127.0.0.1', port: 0 };
  return { ...rest, keys: [], jwt: undefined, gateways: {}, listen };
}
