import type { AnyConnector, Simulator } from '../connector/contract.ts';
import type { ConnectorInstance } from '../connector/registry.ts';
import { InterlockError } from '../lib/errors.ts';
import type { Config } from './config.ts';
import { loadConnector } from './load-connector.ts';

export interface SimulatedSystem {
  readonly instance: ConnectorInstance;
  readonly simulator: Simulator;
}

/** Starts the simulated system of every connector that the configuration says to simulate. Loopback only. */
export async function startSimulators(config: Config): Promise<readonly SimulatedSystem[]> {
  const started: SimulatedSystem[] = [];
  for (const [system, { use, simulate }] of Object.entries(config.connectors)) {
    if (!simulate) continue;
    const connector = await loadConnector(use, config.baseDirectory);
    const simulator = await simulatorOf(connector, system)({ port: 0, seed: 1 });
    started.push({ instance: { system, connector, settings: simulator.settings }, simulator });
  }
  return started;
}

function simulatorOf({ simulate }: AnyConnector, system: string): NonNullable<AnyConnector['simulate']> {
  if (simulate === undefined)
    throw new InterlockError('CONFIG_INVALID', `${system} has no simulated system: remove "simulate"`);
  return simulate;
}
