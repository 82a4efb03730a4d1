import { InterlockError } from '../lib/errors.ts';
import type { Running } from '../surface/cli/cli-context.ts';
import type { Config } from './config.ts';
import { createLogger } from './logger.ts';
import type { Place } from './place.ts';
import { startServer } from './start-server.ts';

/** A gateway for others: it takes nobody's word for who they are. Throws what {@link startServer} throws. */
export async function serve({ environment, onReload }: Place, config: Config): Promise<Running> {
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
