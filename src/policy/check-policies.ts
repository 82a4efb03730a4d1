import type { Catalog } from '../action/operation-descriptor.ts';
import { BOUNDS } from '../lib/bounds.ts';
import { InterlockError } from '../lib/errors.ts';
import { type CheckAnswer, checkInWorker } from './cedar-wasm/check-in-worker.ts';
import { type CheckedFiles, tooMany } from './check-files.ts';
import type { PolicyFile } from './checked-policy.ts';
import { type CedarSchema, generateSchema } from './generate-schema.ts';
import { decodePolicies, encodePolicies } from './sets/stored-policies.ts';
import { checkSignals, isSignalFile } from './signals/check-signals.ts';

export interface CheckedPolicies extends CheckedFiles {
  readonly schema: CedarSchema;
}

/**
 * Everything that can be said about policies before they decide: they parse, they fit the schema of the catalog, and
 * they say who they are. Throws CONNECTOR_INVALID where the catalog itself has no schema.
 */
export async function checkPolicies({
  files,
  catalog,
}: {
  readonly files: readonly PolicyFile[];
  readonly catalog: Catalog;
}): Promise<CheckedPolicies> {
  const signals = checkSignals(files, catalog);
  const schema = generateSchema(catalog, signals);
  const { problems, text } = await checkText(
    schema,
    files.filter((file) => !isSignalFile(file)),
  );
  const policies = await decodePolicies(text);
  if (policies === undefined)
    throw new InterlockError('INTERNAL', 'the check of the policies answers in no known form');
  return { schema, policies, problems: [...signals.problems, ...problems] };
}

/** The check where its outcome is kept as it is. */
export async function checkText(schema: CedarSchema, files: readonly PolicyFile[]): Promise<CheckAnswer> {
  const characters = files.reduce((sum, { text }) => sum + text.length, 0);
  const refused = (what: string, most: number): CheckAnswer => {
    return { problems: [tooMany(what, most)], text: encodePolicies([]) };
  };
  if (files.length > BOUNDS.policyFiles) return refused('files', BOUNDS.policyFiles);
  // A single file has a bound, and a place, of its own.
  if (files.length > 1 && characters > BOUNDS.policySetCharacters)
    return refused('characters', BOUNDS.policySetCharacters);
  if (characters === 0) return { problems: [], text: encodePolicies([]) };
  return checkInWorker({ schema: schema.json, files });
}
