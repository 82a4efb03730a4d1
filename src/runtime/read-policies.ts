import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join, resolve, sep } from 'node:path';
import { BOUNDS } from '../lib/bounds.ts';
import { InterlockError } from '../lib/errors.ts';
import type { PolicyFile } from '../policy/checked-policy.ts';
import { isSignalFile } from '../policy/signals/check-signals.ts';

/** How often they are read again because they changed meanwhile. */
const ATTEMPTS = 3;
/** A character takes at most four. */
const MOST_BYTES = 4 * BOUNDS.policySetCharacters;

/**
 * The files of policies and signals that the paths name, as they were at one moment: files as they are, folders with
 * every `*.cedar` and `*.signals.yaml` below them, but for a folder `packs`, whose files are chosen one by one. Throws
 * CONFIG_INVALID.
 */
export function readPolicies(paths: readonly string[], baseDirectory: string): readonly PolicyFile[] {
  const look = (): readonly FoundFile[] => paths.flatMap((path) => findFiles(path, baseDirectory));
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const found = look();
    const sizeBytes = found.reduce((sum, file) => sum + file.sizeBytes, 0);
    if (sizeBytes > MOST_BYTES)
      throw new InterlockError('CONFIG_INVALID', `the policies have ${sizeBytes} bytes, more than ${MOST_BYTES}`);
    const files = found.map(({ name, file }) => ({ name, text: readOne(file) }));
    if (JSON.stringify(look()) === JSON.stringify(found)) return files;
  }
  throw new InterlockError('CONFIG_INVALID', 'the policies change while they are read');
}

interface FoundFile {
  /** As places show it. */
  readonly name: string;
  readonly file: string;
  readonly sizeBytes: number;
  /** Tells two files of one name apart, and two states of one file. */
  readonly state: string;
}

function findFiles(path: string, baseDirectory: string): readonly FoundFile[] {
  const full = resolve(baseDirectory, path);
  try {
    const stats = statSync(full);
    if (!stats.isDirectory()) return [foundFile(basename(full), full)];
    return readdirSync(full, { recursive: true, encoding: 'utf8' })
      .filter((name) => (name.endsWith('.cedar') || isSignalFile({ name })) && !isInPack(name))
      .sort()
      .map((name) => foundFile(join(basename(full), name), join(full, name)));
  } catch (cause) {
    throw unreadable(path, cause);
  }
}

/** Packs change how people work: nobody gets one by naming the folder around it. */
function isInPack(name: string): boolean {
  return name.split(sep).slice(0, -1).includes('packs');
}

function foundFile(name: string, file: string): FoundFile {
  const { size, dev, ino, mtimeMs } = statSync(file);
  return { name, file, sizeBytes: size, state: `${dev} ${ino} ${mtimeMs}` };
}

function readOne(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw unreadable(file, cause);
  }
}

function unreadable(path: string, cause: unknown): InterlockError {
  return new InterlockError('CONFIG_INVALID', `the policies in ${path} cannot be read`, { cause });
}
