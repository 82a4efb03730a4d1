import { randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, utimesSync } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { openSigningKey, type SigningKey } from '../ledger/checkpoint-key.ts';
import { BOUNDS } from '../lib/bounds.ts';
import { type Digest, sha256 } from '../lib/digest.ts';
import type { PolicySetCache } from '../policy/sets/policy-set-cache.ts';

interface CachePlaces {
  /** A folder of its own. */
  readonly directory: string;
  /** Where the key is that signs checkpoints: it signs these files too, so that nobody else's are believed. */
  readonly keys: string;
  readonly versions: readonly string[];
  /** Told why nothing could be kept. */
  readonly warn: (message: string, cause: unknown) => void;
}

/**
 * Checked policy sets in files, the newest few. A file is used only with this gateway's signature over its name and its
 * content: whoever can write into the folder can make a start slower, and cannot change a policy.
 */
export function openPolicyCache({ directory, keys, versions, warn }: CachePlaces): PolicySetCache {
  let signingKey: SigningKey | undefined;
  const key = (): SigningKey => {
    signingKey ??= openSigningKey(keys);
    return signingKey;
  };
  const fileOf = (name: Digest): string => join(directory, `${name.slice('sha256:'.length)}${SUFFIX}`);
  return {
    versions,
    read: (name) => {
      try {
        return readSigned(fileOf(name), name, key);
      } catch (cause) {
        // Not there, not ours, or damaged: the policies are checked again.
        if (!isMissing(cause)) warn('a kept policy set cannot be used', cause);
        return undefined;
      }
    },
    write: async (name, text) => {
      try {
        mkdirSync(directory, { recursive: true, mode: 0o700 });
        await writeWhole(fileOf(name), `${key().sign(statement(name, text))}\n${text}`);
        prune(directory);
      } catch (cause) {
        warn('the checked policies cannot be kept', cause);
      }
    },
  };
}

const SUFFIX = '.policies';

function statement(name: Digest, text: string): string {
  return `interlock checked policies\n${name}\n${sha256(text)}`;
}

function readSigned(file: string, name: Digest, key: () => SigningKey): string {
  const { size } = statSync(file);
  if (size > BOUNDS.keptPolicySetBytes) throw new Error('the file is too large');
  const content = readFileSync(file, 'utf8');
  const end = content.indexOf('\n');
  const text = content.slice(end + 1);
  if (end === -1 || !key().verifier.verifies(statement(name, text), content.slice(0, end)))
    throw new Error('the file is not signed by this gateway');
  // The newest to be used is the last to go.
  const now = new Date();
  utimesSync(file, now, now);
  return text;
}

/** Either the whole file is there under its name, or none. */
async function writeWhole(file: string, content: string): Promise<void> {
  const unfinished = `${file}.${randomUUID()}`;
  try {
    const handle = await open(unfinished, 'wx', 0o600);
    try {
      await handle.writeFile(content);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(unfinished, file);
  } catch (thrown) {
    await rm(unfinished, { force: true });
    throw thrown;
  }
}

/** The newest stay; what an interrupted write left goes with the oldest. */
function prune(directory: string): void {
  const files = readdirSync(directory)
    .filter((name) => name.includes(SUFFIX))
    .map((name) => ({ file: join(directory, name), at: statSync(join(directory, name)).mtimeMs }))
    .sort((a, b) => b.at - a.at);
  for (const { file } of files.slice(BOUNDS.keptPolicySets)) rmSync(file, { force: true });
}

function isMissing(thrown: unknown): boolean {
  return thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT';
}
