import type { Running } from '../surface/cli/cli-context.ts';
import type { Config } from './config.ts';
import { createLogger } from './logger.ts';
import type { Place } from './place.ts';
import { startWorker } from './start-worker.ts';

/** A worker for the gateways on one Redis. Throws what {@link startWorker} throws. */
export function worker({ environment }: Place, config: Config): Promise<Running> {
  return startWorker({ config, environment, logger: createLogger('info') });
}
