import { resolve } from 'node:path';
import { InterlockError } from '../lib/errors.ts';
import { loadConnector } from './load-connector.ts';

/** The connectors that read a description without a system. */
const READERS = { openapi: 'openapi', manifest: 'mcp' } as const;

/** A manifest for what a file describes, every operation unclassified. Throws CONNECTOR_INVALID. */
export async function importManifest(kind: keyof typeof READERS, file: string, directory: string): Promise<string> {
  const { intake } = await loadConnector(READERS[kind], directory);
  if (intake?.proposeFrom === undefined)
    throw new InterlockError('CONNECTOR_INVALID', `the connector ${READERS[kind]} reads no descriptions`);
  return intake.proposeFrom(resolve(directory, file));
}
