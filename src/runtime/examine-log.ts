import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { verifyLog } from '../ledger/verify-log.ts';
import { systemClock } from '../lib/clock.ts';
import { InterlockError } from '../lib/errors.ts';
import type { Diagnosis } from '../surface/cli/cli-context.ts';
import type { LogReader } from '../workflow/log-reader.ts';
import { openLogReader } from '../workflow/sqlite-log/open-log-reader.ts';
import type { Config } from './config.ts';
import { examine, failure } from './finding.ts';
import { logPlaces } from './open-log.ts';

/** The log, its files, and the clock by which it goes on; also beside the gateway that writes it. */
export async function examineLog(config: Config): Promise<readonly Diagnosis[]> {
  const { file, checkpoints } = logPlaces(config);
  const places = await examine('data folder', async () => writable(dirname(file)));
  if (!existsSync(file))
    return [places, { check: 'workflow log', ok: true, detail: 'none yet; the first start makes one' }];
  let reader: LogReader;
  try {
    reader = openLogReader({ file });
  } catch (thrown) {
    return [places, failure('workflow log', thrown)];
  }
  try {
    return [
      places,
      await examine('workflow log', () => verified(reader, checkpoints)),
      examineMode(file),
      examineClock(reader),
    ];
  } finally {
    reader.close();
  }
}

function writable(folder: string): string {
  const existing = nearestExisting(folder);
  try {
    if (!statSync(existing).isDirectory()) throw new Error(`${existing} is not a folder`);
    accessSync(existing, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (cause) {
    throw new InterlockError('LOG_UNAVAILABLE', cause instanceof Error ? cause.message : undefined, { cause });
  }
  return folder;
}

function nearestExisting(path: string): string {
  return existsSync(path) || dirname(path) === path ? path : nearestExisting(dirname(path));
}

async function verified(reader: LogReader, checkpointDirectory: string): Promise<string> {
  const { streams, events, findings, findingCount } = await verifyLog({ reader, checkpointDirectory });
  const [first] = findings;
  if (first === undefined) return `${streams} workflows, ${events} events, whole`;
  const { tenant, workflow, seq, detail } = first;
  const place = [tenant, workflow, seq].filter((part) => part !== undefined).join(' / ');
  throw new InterlockError('LOG_BROKEN', `${findingCount} findings, the first at ${place || 'the log'}: ${detail}`);
}

function examineMode(file: string): Diagnosis {
  const isOpen = (statSync(file).mode & 0o077) !== 0;
  const check = 'who may read the log';
  if (!isOpen) return { check, ok: true, detail: 'its owner only' };
  return { check, ok: false, detail: 'others on this machine, too', remedy: `Run: chmod go= ${file}` };
}

/** Events never go back in time: a clock that is behind the last one would give new events its time. */
function examineClock(reader: LogReader): Diagnosis {
  let last = 0;
  for (const { at } of reader.streams()) last = Math.max(last, at);
  const aheadMs = last - systemClock.now();
  if (aheadMs <= 0) return { check: 'clock', ok: true, detail: 'not behind the log' };
  const detail = `${Math.ceil(aheadMs / 1_000)} s behind the last event of the log, ${new Date(last).toISOString()}`;
  return { check: 'clock', ok: false, detail, remedy: 'Set the clock of this machine, by NTP say.' };
}
