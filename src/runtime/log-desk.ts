import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { exportLog } from '../ledger/export-log.ts';
import { openLedgerReader } from '../ledger/postgres/open-ledger-reader.ts';
import { proveEvent } from '../ledger/prove-event.ts';
import { verifyExport } from '../ledger/verify-export.ts';
import { verifyLog } from '../ledger/verify-log.ts';
import { type ProofVerdict, verifyProof } from '../ledger/verify-proof.ts';
import { InterlockError } from '../lib/errors.ts';
import type { LocalWork, LogVerdict, StoredLog } from '../surface/cli/cli-context.ts';
import type { LedgerReader } from '../workflow/log-reader.ts';
import { openLogReader } from '../workflow/sqlite-log/open-log-reader.ts';
import type { Config } from './config.ts';
import { ledgerPlace, ledgerUrl } from './ledger-place.ts';
import { logPlaces } from './open-log.ts';
import type { SecretSources } from './resolve-secrets.ts';

export interface LogDesk {
  readonly configOf: (file: string | undefined) => Promise<Config>;
  readonly environment: SecretSources['environment'];
  /** Relative paths on the command line start here. */
  readonly directory: string;
}

/** Judges a log against its checkpoints, also beside those who write it. */
export function verify(desk: LogDesk, options: Parameters<LocalWork['verifyLog']>[0]): Promise<LogVerdict> {
  return withLog(desk, options, (reader, checkpointDirectory) =>
    verifyLog({ reader, checkpointDirectory, publicKey: keyOf(desk, options.publicKey) }),
  );
}

/** Judges an export on its own, or against checkpoints. */
export function verifyLines(
  { directory }: Pick<LogDesk, 'directory'>,
  { lines, checkpoints, publicKey }: Parameters<LocalWork['verifyExport']>[0],
): Promise<LogVerdict> {
  return verifyExport({
    lines,
    checkpointDirectory: checkpoints === undefined ? undefined : resolve(directory, checkpoints),
    publicKey: keyOf({ directory }, publicKey),
  });
}

/** The lines of an export, without line feeds. */
export async function* exportLines(
  desk: LogDesk,
  { tenant, workflow, ...stored }: Parameters<LocalWork['exportLog']>[0],
): AsyncIterable<string> {
  const { reader } = await openStored(desk, stored);
  const stream = tenant === undefined || workflow === undefined ? undefined : { tenant, workflow };
  try {
    yield* exportLog({ reader, stream });
  } finally {
    await reader.close();
  }
}

/** The text of a proof. */
export function prove(
  desk: LogDesk,
  { tenant, workflow, event: seq, publicKey, ...stored }: Parameters<LocalWork['proveEvent']>[0],
): Promise<string> {
  return withLog(desk, stored, (reader, checkpointDirectory) => {
    if (checkpointDirectory === undefined)
      throw new InterlockError('USAGE', 'name the folder of the checkpoints with --checkpoints');
    const key = keyOf(desk, publicKey);
    return proveEvent({ reader, checkpointDirectory, publicKey: key, stream: { tenant, workflow }, seq });
  });
}

/** Judges a proof with nothing but a public key. */
export async function judgeProof(
  { directory }: Pick<LogDesk, 'directory'>,
  { text, publicKey }: Parameters<LocalWork['verifyProof']>[0],
): Promise<ProofVerdict> {
  return verifyProof(text, readFileSync(resolve(directory, publicKey), 'utf8'));
}

async function withLog<T>(
  desk: LogDesk,
  stored: StoredLog,
  use: (reader: LedgerReader, checkpoints: string | undefined) => Promise<T>,
): Promise<T> {
  const { reader, checkpoints } = await openStored(desk, stored);
  try {
    return await use(reader, checkpoints);
  } finally {
    await reader.close();
  }
}

/** Where the ledger is that is named, or that of the configuration. Throws CONFIG_INVALID and SECRET_MISSING. */
export async function ledgerOf(
  { configOf, environment, directory }: LogDesk,
  { config: file, ledger }: StoredLog,
): Promise<{ readonly url: string; readonly checkpoints?: string }> {
  if (typeof ledger === 'string')
    return { url: ledgerUrl(ledger, '--ledger', { environment, baseDirectory: directory }) };
  return ledgerPlace(await configOf(file), environment);
}

/** Throws NOT_FOUND, CONFIG_INVALID, SECRET_MISSING and what the readers throw. */
async function openStored(
  desk: LogDesk,
  stored: StoredLog,
): Promise<{ readonly reader: LedgerReader; readonly checkpoints: string | undefined }> {
  const named = stored.checkpoints === undefined ? undefined : resolve(desk.directory, stored.checkpoints);
  const config = typeof stored.ledger === 'string' ? undefined : await desk.configOf(stored.config);
  // What several gateways write into Redis, the ledger keeps.
  if (config === undefined || stored.ledger === true || config.redis !== undefined) {
    const place = await ledgerOf(desk, stored);
    return { reader: await openLedgerReader(place), checkpoints: named ?? place.checkpoints };
  }
  const places = logPlaces(config);
  return { reader: openLogReader({ file: places.file }), checkpoints: named ?? places.checkpoints };
}

function keyOf({ directory }: Pick<LogDesk, 'directory'>, publicKey: string | undefined): string | undefined {
  return publicKey === undefined ? undefined : readFileSync(resolve(directory, publicKey), 'utf8');
}
