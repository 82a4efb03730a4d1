import { join, resolve } from 'node:path';
import { InterlockError } from '../lib/errors.ts';
import type { Config } from './config.ts';
import type { SecretSources } from './resolve-secrets.ts';
import { serverUrl } from './server-url.ts';

export interface LedgerPlace {
  readonly url: string;
  /** Where who drains into it keeps its signed checkpoints. */
  readonly checkpoints: string;
}

/** Where the ledger of a configuration is. Throws CONFIG_INVALID where it has none, and as {@link serverUrl}. */
export function ledgerPlace(
  { ledger, data, baseDirectory }: Pick<Config, 'ledger' | 'data' | 'baseDirectory'>,
  environment: SecretSources['environment'],
): LedgerPlace {
  if (ledger === undefined)
    throw new InterlockError('CONFIG_INVALID', 'the configuration names no ledger: set ledger.postgres.url');
  const folder = ledger.checkpoints ?? join(data, 'ledger-checkpoints');
  return {
    url: ledgerUrl(ledger.postgres.url, 'ledger.postgres.url', { environment, baseDirectory }),
    checkpoints: resolve(baseDirectory, folder),
  };
}

export function ledgerUrl(configured: string, name: string, sources: SecretSources): string {
  return serverUrl(configured, { name, schemes: ['postgres', 'postgresql'], sources });
}
