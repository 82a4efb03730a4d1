import { once } from 'node:events';
import type { LocalWork, RunningDev } from '../surface/cli/cli-context.ts';
import { findDevConfig } from './find-config.ts';
import type { Place } from './place.ts';
import { startDev } from './start-dev.ts';

/** A gateway for whoever tries it out on this machine. Throws what {@link startDev} throws. */
export async function dev(
  { directory, environment }: Place,
  options: Parameters<LocalWork['dev']>[0],
): Promise<RunningDev> {
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
