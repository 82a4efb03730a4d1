import { type FileHandle, open } from 'node:fs/promises';
import type { Digest } from '../lib/digest.ts';
import { InterlockError } from '../lib/errors.ts';
import { type Checkpoint, lineHash, parseLine } from './checkpoint-line.ts';
import { checkpointFile, MAX_LINE_CHARACTERS } from './read-checkpoints.ts';

const LINE_FEED = 10;

/** The file of checkpoints, opened to add lines at its end. */
export interface CheckpointFile {
  readonly last: { readonly checkpoint: Checkpoint; readonly hash: Digest } | undefined;
  /** Resolves when the line is on the disk. When it rejects, the file is as it was. */
  append(line: string): Promise<void>;
  close(): Promise<void>;
}

/** What a crash left half written is cut off: nobody was told of it. Throws LOG_BROKEN where the last whole line is no checkpoint. */
export async function openCheckpointFile(directory: string): Promise<CheckpointFile> {
  const handle = await open(checkpointFile(directory), 'a+', 0o600);
  try {
    await syncFolder(directory);
    const { line, endBytes } = await readTail(handle);
    await handle.truncate(endBytes);
    return new AppendOnlyFile(handle, endBytes, line === undefined ? undefined : lastCheckpoint(line));
  } catch (error) {
    await handle.close();
    throw error;
  }
}

class AppendOnlyFile implements CheckpointFile {
  readonly last: CheckpointFile['last'];
  readonly #handle: FileHandle;
  #sizeBytes: number;

  constructor(handle: FileHandle, sizeBytes: number, last: CheckpointFile['last']) {
    this.#handle = handle;
    this.#sizeBytes = sizeBytes;
    this.last = last;
  }

  async append(line: string): Promise<void> {
    const bytes = Buffer.from(`${line}\n`);
    try {
      await this.#handle.appendFile(bytes);
      await this.#handle.datasync();
    } catch (error) {
      await this.#handle.truncate(this.#sizeBytes);
      throw error;
    }
    this.#sizeBytes += bytes.length;
  }

  close(): Promise<void> {
    return this.#handle.close();
  }
}

function lastCheckpoint(line: string): CheckpointFile['last'] {
  const checkpoint = parseLine(line);
  if (checkpoint === undefined) {
    throw new InterlockError('LOG_BROKEN', 'The last line of the checkpoints is not as it was written.');
  }
  return { checkpoint, hash: lineHash(line) };
}

/** The last whole line, and where it ends. */
async function readTail(handle: FileHandle): Promise<{ readonly line: string | undefined; readonly endBytes: number }> {
  const { size } = await handle.stat();
  // Twice the longest line: a whole one and what was half written after it.
  const length = Math.min(size, 2 * MAX_LINE_CHARACTERS);
  const { buffer } = await handle.read(Buffer.alloc(length), 0, length, size - length);
  const end = buffer.lastIndexOf(LINE_FEED);
  if (end === -1) return { line: undefined, endBytes: size - length };
  const start = end === 0 ? 0 : buffer.lastIndexOf(LINE_FEED, end - 1) + 1;
  return { line: buffer.toString('utf8', start, end), endBytes: size - length + end + 1 };
}

/** A new file is only found again after a power cut once its folder is on the disk too. */
async function syncFolder(directory: string): Promise<void> {
  const folder = await open(directory, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
