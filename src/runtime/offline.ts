import { Registry } from '../connector/registry.ts';
import { systemClock } from '../lib/clock.ts';
import type { Config } from './config.ts';
import { ownFactsOf } from './own-facts.ts';
import { configuredConnectors } from './start-gateway.ts';
import { startSimulators } from './start-simulators.ts';

/** Works with the connected systems of a configuration, without a gateway; simulated ones are started for the time. */
export async function withRegistry<T>(
  {
    config,
    environment,
  }: { readonly config: Config; readonly environment: Readonly<Record<string, string | undefined>> },
  work: (registry: Registry) => Promise<T>,
): Promise<T> {
  const simulated = await startSimulators(config);
  try {
    const instances = [
      ...(await configuredConnectors({ config, environment })),
      ...simulated.map(({ instance }) => instance),
    ];
    const inside = { clock: systemClock, baseDirectory: config.baseDirectory, log: () => undefined };
    const registry = await Registry.connect(instances, inside, ownFactsOf(config));
    try {
      return await work(registry);
    } finally {
      await registry.close();
    }
  } finally {
    await Promise.all(simulated.map(({ simulator }) => simulator.close()));
  }
}
