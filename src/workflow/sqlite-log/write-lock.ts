import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { InterlockError } from '../../lib/errors.ts';

const SQLITE_BUSY = 5;

/**
 * Makes this process the only writer of a log until the function it returns is called or the process ends, however it ends.
 * The lock is a database of its own, so that readers of the log do not meet it. Throws LOG_IN_USE.
 */
export function takeWriteLock(logFile: string): () => void {
  const file = `${logFile}.lock`;
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  createOnce(file);
  const database = new DatabaseSync(file, { timeout: 0 });
  try {
    database.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    if (isBusy(error)) throw new InterlockError('LOG_IN_USE', `Another process has ${logFile} open.`);
    throw error;
  }
  return () => database.close();
}

/** Not opened where it exists: closing a file drops the locks that this process holds on it (POSIX, fcntl). */
function createOnce(file: string): void {
  try {
    closeSync(openSync(file, 'wx', 0o600));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && error.errcode === SQLITE_BUSY;
}
