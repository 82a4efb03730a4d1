import {
  createLedgerDrain,
  type LedgerDrain,
  type LedgerDrainOptions,
  type LedgerDrainStatus,
} from '../ledger/postgres/ledger-drain.ts';
import { systemClock } from '../lib/clock.ts';
import { InterlockError } from '../lib/errors.ts';
import { openLogFeed } from '../workflow/sqlite-log/open-log-feed.ts';
import type { Config } from './config.ts';
import { ledgerPlace } from './ledger-place.ts';
import type { Logger } from './logger.ts';
import { logPlaces } from './open-log.ts';
import type { SecretSources } from './resolve-secrets.ts';

interface DrainPlace {
  readonly config: Config;
  readonly environment: SecretSources['environment'];
  readonly logger: Logger;
}

/** Milliseconds between two looks at a log that had nothing more. */
const EVERY_MS = 250;
const AWAKE_MS = 3_600_000;

/** The drain of a configuration's log into its ledger, from what tells of new events. Throws CONFIG_INVALID and SECRET_MISSING. */
export function ledgerDrainFrom(
  { source, log, onLost }: Pick<LedgerDrainOptions, 'source' | 'log' | 'onLost'>,
  { config, environment, logger }: DrainPlace,
): Promise<LedgerDrain> {
  const { url, checkpoints: directory } = ledgerPlace(config, environment);
  const { everyMs, everyEvents } = config.checkpoints;
  return createLedgerDrain({
    ...{ source, log, onLost, clock: systemClock, everyMs: EVERY_MS },
    postgres: { url },
    checkpoints: { directory, everyMs, everyEvents },
    onRefused: ({ code, message: detail, data }) => logger.error({ code, detail, ...data }, 'not put into the ledger'),
    onFailure: ({ code, message: detail }) => logger.error({ code, detail }, 'the ledger is tried again and again'),
  });
}

/** The same from the embedded file, also beside the gateway that writes it. Throws NOT_FOUND where there is none, too. */
export async function ledgerDrainOfFile(place: DrainPlace): Promise<LedgerDrain> {
  if (place.config.redis !== undefined)
    throw new InterlockError('CONFIG_INVALID', 'the log is in Redis: its gateways and workers drain it themselves');
  // A configuration without a ledger is told so, whether there is a log or not.
  ledgerPlace(place.config, place.environment);
  const feed = openLogFeed({ file: logPlaces(place.config).file });
  try {
    const drain = await ledgerDrainFrom({ source: feed, log: feed.log }, place);
    return {
      pass: () => drain.pass(),
      start: () => drain.start(),
      status: () => drain.status(),
      failure: () => drain.failure(),
      close: async () => {
        await drain.close();
        feed.close();
      },
    };
  } catch (error) {
    feed.close();
    throw error;
  }
}

/** Drains what there is now. Throws as {@link ledgerDrainOfFile}, LOG_UNAVAILABLE and LOG_BROKEN. */
export async function drainOnce(place: DrainPlace): Promise<Pick<LedgerDrainStatus, 'events' | 'refusals'>> {
  const drain = await ledgerDrainOfFile(place);
  try {
    while (await drain.pass());
    return drain.status();
  } finally {
    await drain.close();
  }
}

/** Drains from now on, and keeps the process until it is closed. Throws as {@link ledgerDrainOfFile}. */
export async function drainAlong(place: DrainPlace): Promise<Pick<LedgerDrain, 'close'>> {
  const drain = await ledgerDrainOfFile(place);
  drain.start();
  // Neither a drain's timers nor its idle connections keep a process.
  const awake = setInterval(() => undefined, AWAKE_MS);
  return {
    close: async () => {
      clearInterval(awake);
      await drain.close();
    },
  };
}
