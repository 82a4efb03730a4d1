import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { StreamId } from '../action/log-port.ts';
import { exportLog } from '../ledger/export-log.ts';
import { verifyExport } from '../ledger/verify-export.ts';
import { verifyLog } from '../ledger/verify-log.ts';
import type { LocalWork, LogVerdict } from '../surface/cli/cli-context.ts';
import { openLogReader } from '../workflow/sqlite-log/open-log-reader.ts';
import type { Config } from './config.ts';
import { logPlaces } from './open-log.ts';

interface Desk {
  readonly config: Config;
  /** Relative paths on the command line start here. */
  readonly directory: string;
}

/** Judges the configured log against its checkpoints, also beside a running gateway. */
export async function verify(
  { config, directory }: Desk,
  { publicKey }: Parameters<LocalWork['verifyLog']>[0],
): Promise<LogVerdict> {
  const places = logPlaces(config);
  const reader = openLogReader({ file: places.file });
  try {
    const key = publicKey === undefined ? undefined : readFileSync(resolve(directory, publicKey), 'utf8');
    return await verifyLog({ reader, checkpointDirectory: places.checkpoints, publicKey: key });
  } finally {
    reader.close();
  }
}

/** Judges an export on its own, or against checkpoints. */
export function verifyLines(
  directory: string,
  { lines, checkpoints, publicKey }: Parameters<LocalWork['verifyExport']>[0],
): Promise<LogVerdict> {
  return verifyExport({
    lines,
    checkpointDirectory: checkpoints === undefined ? undefined : resolve(directory, checkpoints),
    publicKey: publicKey === undefined ? undefined : readFileSync(resolve(directory, publicKey), 'utf8'),
  });
}

/** The lines of an export, without line feeds. */
export async function* exportLines(
  { config }: Desk,
  { tenant, workflow }: Parameters<LocalWork['exportLog']>[0],
): AsyncIterable<string> {
  const reader = openLogReader({ file: logPlaces(config).file });
  try {
    const stream: StreamId | undefined =
      tenant === undefined || workflow === undefined ? undefined : { tenant, workflow };
    yield* exportLog({ reader, stream });
  } finally {
    reader.close();
  }
}
