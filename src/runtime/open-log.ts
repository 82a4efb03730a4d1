import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { WorkflowLog } from '../action/log-port.ts';
import { checkAgainstCheckpoints } from '../ledger/check-against-checkpoints.ts';
import { type Checkpointer, createCheckpointer } from '../ledger/checkpoints.ts';
import type { Clock } from '../lib/clock.ts';
import { createSqliteLog, type SqliteLog } from '../workflow/sqlite-log/create-sqlite-log.ts';
import { openLogReader } from '../workflow/sqlite-log/open-log-reader.ts';
import type { Config } from './config.ts';

/** Where the files of a configuration are. */
export interface LogPlaces {
  readonly file: string;
  readonly checkpoints: string;
  /** Checked policy sets, see `policy-cache.ts`. */
  readonly policySets: string;
}

export function logPlaces({
  data,
  checkpoints,
  baseDirectory,
}: Pick<Config, 'data' | 'checkpoints' | 'baseDirectory'>): LogPlaces {
  const folder = resolve(baseDirectory, data);
  const directory = checkpoints.directory;
  return {
    file: join(folder, 'log.sqlite'),
    checkpoints: directory === undefined ? join(folder, 'checkpoints') : resolve(baseDirectory, directory),
    policySets: join(folder, 'policy-sets'),
  };
}

/** The log that the configuration names. Throws as {@link openFile}, and as `createRedisLog` does. */
export async function openLog(
  config: Config,
  clock: Clock,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<WorkflowLog> {
  if (config.redis === undefined) return openFile(config, clock);
  // Whoever does without Redis does not load its client.
  const { openRedisLog } = await import('./open-redis-log.ts');
  return (await openRedisLog(config, environment)).log;
}

/**
 * The log under its signed checkpoints. Throws LOG_BROKEN where it is behind one: history was lost, and nothing is
 * decided on what is left of it.
 */
async function openFile(config: Config, clock: Clock): Promise<WorkflowLog> {
  const places = logPlaces(config);
  mkdirSync(resolve(config.baseDirectory, config.data), { recursive: true, mode: 0o700 });
  let checkpointer: Checkpointer | undefined;
  const log = await createSqliteLog({
    file: places.file,
    synchronous: config.log.synchronous,
    onDurable: (heads) => {
      for (const head of heads) checkpointer?.note(head);
    },
  });
  try {
    checkpointer = await createCheckpointer({
      directory: places.checkpoints,
      clock,
      everyMs: config.checkpoints.everyMs,
      everyEvents: config.checkpoints.everyEvents,
      onWritten: (mark) => log.markCheckpoint(mark),
    });
    await checkStart(places, checkpointer);
  } catch (thrown) {
    await checkpointer?.close();
    await log.close();
    throw thrown;
  }
  return withCheckpoints(log, checkpointer);
}

async function checkStart({ file, checkpoints }: LogPlaces, checkpointer: Checkpointer): Promise<void> {
  const reader = openLogReader({ file });
  try {
    await checkAgainstCheckpoints({ reader, directory: checkpoints, checkpointer });
  } finally {
    reader.close();
  }
}

/** Closing the log puts its last events under a checkpoint first. */
function withCheckpoints(log: SqliteLog, checkpointer: Checkpointer): WorkflowLog {
  return {
    durability: log.durability,
    append: (...args) => log.append(...args),
    read: (...args) => log.read(...args),
    list: (filter) => log.list(filter),
    snapshot: (stream) => log.snapshot(stream),
    erasable: (filter) => log.erasable(filter),
    keepSnapshot: (stream, snapshot) => log.keepSnapshot(stream, snapshot),
    failure: async () => (await log.failure()) ?? checkpointer.failure(),
    close: async () => {
      // The log first: what it still makes durable while closing belongs under the last checkpoint, which it remembers.
      await checkpointer.flush();
      await log.close();
      await checkpointer.close();
    },
  };
}
