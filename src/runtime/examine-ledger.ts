import { openLedgerReader } from '../ledger/postgres/open-ledger-reader.ts';
import { InterlockError } from '../lib/errors.ts';
import type { Config } from './config.ts';
import { ledgerPlace } from './ledger-place.ts';

/** What is found at the ledger's address. Throws CONFIG_INVALID, SECRET_MISSING, LOG_VERSION and LOG_UNAVAILABLE. */
export async function examineLedger(
  config: Config,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<string> {
  const { url } = ledgerPlace(config, environment);
  try {
    const reader = await openLedgerReader({ url });
    await reader.close();
    return 'it answers, and its format is known';
  } catch (thrown) {
    if (thrown instanceof InterlockError && thrown.code === 'NOT_FOUND')
      return 'it answers; the first drain makes its tables';
    throw thrown;
  }
}
