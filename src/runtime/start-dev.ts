import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { resolve } from 'node:path';
import type { ApiKey } from '../gate/api-keys.ts';
import { RIGHTS, type Right } from '../gate/interlock.ts';
import { sha256 } from '../lib/digest.ts';
import { InterlockError } from '../lib/errors.ts';
import { randomIds } from '../lib/ids.ts';
import type { Config } from './config.ts';
import { isLoopback } from './is-loopback.ts';
import { createLogger } from './logger.ts';
import { type RunningServer, startServer } from './start-server.ts';
import { type SimulatedSystem, startSimulators } from './start-simulators.ts';

export interface DevServer extends RunningServer {
  readonly simulated: readonly SimulatedSystem[];
  /** Keys made for this run only: one that runs agents, one that approves and administers. */
  readonly keys: { readonly runner: string; readonly approver: string };
  /** Scripts of the configuration that run as clients; missing ones are named. */
  readonly companions: readonly ChildProcess[];
  readonly missingCompanions: readonly string[];
}

interface DevOptions {
  readonly config: Config;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** Everything on one machine for whoever tries it out: gateway, simulated systems, keys, and the companions of the configuration. */
export async function startDev({ config, environment }: DevOptions): Promise<DevServer> {
  refuseOpenHost(config.listen.host);
  const simulated = await startSimulators(config);
  const ids = randomIds();
  const keys = { runner: `ilk_${ids.secret()}`, approver: `ilk_${ids.secret()}` };
  const closeSimulators = (): Promise<unknown> => Promise.all(simulated.map(({ simulator }) => simulator.close()));
  try {
    const listen = { ...config.listen, port: await portFor(config.listen) };
    const server = await startServer({
      config: { ...config, listen },
      environment,
      connectors: simulated.map(({ instance }) => instance),
      keys: [keyOf(config, 'runner', keys.runner, ['open', 'act']), keyOf(config, 'you', keys.approver, RIGHTS)],
      logger: createLogger('warn'),
    });
    const { present, missing } = sortCompanions(config);
    const companions = present.map((script) =>
      startCompanion(script, { url: server.url, key: keys.runner, environment }),
    );
    return {
      ...server,
      simulated,
      keys,
      companions,
      missingCompanions: missing,
      close: async () => {
        for (const companion of companions) companion.kill();
        await server.close();
        await closeSimulators();
      },
    };
  } catch (thrown) {
    await closeSimulators();
    throw thrown;
  }
}

/** Keys that are printed on a screen must not open anything to the network. */
function refuseOpenHost(host: string): void {
  if (!isLoopback(host))
    throw new InterlockError('CONFIG_INVALID', `dev listens on loopback only, not on ${host}; use serve`);
}

/** The configured port, or any free one where something listens on it already: a first try must not fail on that. */
function portFor({ host, port }: Config['listen']): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(0));
    probe.listen(port, host, () => probe.close(() => resolve(port)));
  });
}

function keyOf({ dev }: Config, id: string, key: string, rights: readonly Right[]): ApiKey {
  return { id, digest: sha256(key), tenant: dev.tenant, rights: [...rights], groups: dev.groups };
}

function sortCompanions({ dev, baseDirectory }: Config): {
  readonly present: readonly string[];
  readonly missing: readonly string[];
} {
  const scripts = dev.companions.map((script) => resolve(baseDirectory, script));
  return {
    present: scripts.filter((script) => existsSync(script)),
    missing: scripts.filter((script) => !existsSync(script)),
  };
}

interface CompanionPlace {
  readonly url: string;
  readonly key: string;
  readonly environment: DevOptions['environment'];
}

/** A client like any other: it gets an address and a key, and nothing of this process. */
function startCompanion(script: string, { url, key, environment }: CompanionPlace): ChildProcess {
  const { PATH, HOME, TERM, NO_COLOR, FORCE_COLOR, COLORTERM } = environment;
  return spawn(process.execPath, [script], {
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { PATH, HOME, TERM, NO_COLOR, FORCE_COLOR, COLORTERM, INTERLOCK_URL: url, INTERLOCK_KEY: key },
  });
}
