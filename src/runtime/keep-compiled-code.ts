import { lstatSync, mkdirSync } from 'node:fs';
import { enableCompileCache } from 'node:module';
import { isAbsolute, join } from 'node:path';

/**
 * Lets Node keep the code that it compiles, for the next start. Only in a folder that nobody else of the machine can write
 * into, since whatever is there will run; without one, every start compiles anew. Workers and child processes that are
 * Node's keep theirs there too. Node's own settings, NODE_COMPILE_CACHE and NODE_DISABLE_COMPILE_CACHE, go first.
 */
export function keepCompiledCode(environment: NodeJS.ProcessEnv, home: () => string): void {
  if (environment['NODE_COMPILE_CACHE'] || environment['NODE_DISABLE_COMPILE_CACHE']) return;
  try {
    const cache = environment['XDG_CACHE_HOME'] ?? '';
    const directory = join(isAbsolute(cache) ? cache : join(home(), '.cache'), 'interlock', 'compiled');
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    if (!isOwn(directory)) return;
    enableCompileCache(directory);
    environment['NODE_COMPILE_CACHE'] = directory;
  } catch {
    // There is no place for it, as in a read-only container: starts take longer, that is all.
  }
}

/** A real folder of this user, which nobody else can write into or look at. */
function isOwn(directory: string): boolean {
  const status = lstatSync(directory);
  if (!status.isDirectory()) return false;
  // Windows has neither: there, a user's folders are the user's.
  return process.getuid === undefined || (status.uid === process.getuid() && (status.mode & 0o077) === 0);
}
