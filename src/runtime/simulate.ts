import { InterlockError } from '../lib/errors.ts';
import type { LocalWork } from '../surface/cli/cli-context.ts';
import { loadConnector } from './load-connector.ts';

/** A connector's simulated system alone. Throws CONNECTOR_INVALID and CONFIG_INVALID. */
export async function simulate(
  directory: string,
  { connector, port, auditFile, control }: Parameters<LocalWork['simulate']>[0],
): ReturnType<LocalWork['simulate']> {
  const { simulate: start } = await loadConnector(connector, directory);
  if (start === undefined) throw new InterlockError('CONFIG_INVALID', `${connector} has no simulated system`);
  const simulator = await start({ port, seed: 1, auditFile, control });
  return { url: simulator.origin, settings: simulator.settings, close: () => simulator.close() };
}
