import { asInterlockError, InterlockError } from '../lib/errors.ts';
import type { Served } from '../surface/cli/cli-context.ts';
import type { Config } from './config.ts';
import { isLoopback } from './is-loopback.ts';
import { createLogger, type Logger } from './logger.ts';
import { oneAtATime } from './one-at-a-time.ts';
import type { Place } from './place.ts';
import type { Gateway } from './start-gateway.ts';
import { startServer } from './start-server.ts';

/** A gateway for others: it takes nobody's word for who they are. Throws what {@link startServer} throws. */
export async function serve({ environment, onReload }: Place, config: Config): Promise<Served> {
  if (config.keys.length === 0 && config.jwt === undefined) {
    throw new InterlockError('CONFIG_INVALID', 'nobody could call: configure `keys` (see `interlock key`) or `jwt`');
  }
  const logger = createLogger('info');
  const { gateway, url, close } = await startServer({ config, environment, logger });
  onReload(oneAtATime(() => reload(gateway, logger)));
  const warning = isLoopback(config.listen.host)
    ? undefined
    : 'It speaks plain HTTP beyond this machine: put a proxy with TLS in front of it, or keys can be read on the way.';
  return { url, close, warning };
}

/** Never rejects: a set that does not load is reported, and the former one stays in force. */
async function reload({ reloadPolicies }: Gateway, logger: Logger): Promise<void> {
  try {
    const { hash } = await reloadPolicies('SIGHUP');
    logger.info({ policySet: hash }, 'policies read again');
  } catch (thrown) {
    const { code, message: detail } = asInterlockError(thrown);
    logger.error({ code, detail }, 'the policies cannot be read again; the former ones stay in force');
  }
}
