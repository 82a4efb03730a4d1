/** The thread that owns the log's database. Requests are served in order; between them it tidies up behind itself. */
import { parentPort, workerData } from 'node:worker_threads';
import { InterlockError } from '../../lib/errors.ts';
import { LogStore } from './log-store.ts';
import type { CommitGroup, LogRequests, LogWorkerOptions, ReplyMessage, RequestMessage } from './worker-protocol.ts';

/** Milliseconds without a commit after which the write-ahead log is moved into the database. */
const IDLE_MS = 1_000;
/** Bytes of the write-ahead log past which it is moved even while commits wait: it must not grow without end. */
const MAX_WAL_BYTES = 67_108_864;
/** What an event takes in it beside the payload, as measured: whole pages of indices and summaries are written with it. */
const EVENT_OVERHEAD_BYTES = 3_072;

const port = parentPort;
if (port === null) throw new Error('This file runs only as a worker thread.');
const answer = (message: ReplyMessage): void => port.postMessage(message);

let store: LogStore;
let walBytes = 0;
let idle: NodeJS.Timeout | undefined;

try {
  store = new LogStore(workerData as LogWorkerOptions);
  port.on('message', onMessage);
  answer({ id: 0, reply: undefined });
} catch (error) {
  answer({ id: 0, error: describe(error) });
}

function onMessage({ id, kind, ask }: RequestMessage): void {
  try {
    answer({ id, reply: serve(kind, ask) });
  } catch (error) {
    answer({ id, error: describe(error) });
  }
  if (kind === 'commit') tidyUp(ask as readonly CommitGroup[]);
  else if (kind === 'keep') tidyUp([]);
}

function serve(kind: RequestMessage['kind'], ask: RequestMessage['ask']): LogRequests[RequestMessage['kind']]['reply'] {
  // The main thread pairs each kind with its question; the type of the message cannot say so.
  switch (kind) {
    case 'commit':
      return void store.commit(ask as LogRequests['commit']['ask']);
    case 'head':
      return store.head(ask as LogRequests['head']['ask']);
    case 'read': {
      const { stream, afterVersion } = ask as LogRequests['read']['ask'];
      return store.read(stream, afterVersion);
    }
    case 'snapshot':
      return store.snapshot(ask as LogRequests['snapshot']['ask']);
    case 'keep': {
      const { stream, snapshot } = ask as LogRequests['keep']['ask'];
      return void store.keep(stream, snapshot);
    }
    case 'erasable':
      return store.erasable(ask as LogRequests['erasable']['ask']);
    case 'list':
      return store.list(ask as LogRequests['list']['ask']);
    case 'room':
      return void store.room();
    case 'mark':
      return void store.mark(ask as LogRequests['mark']['ask']);
    case 'close':
      clearTimeout(idle);
      port?.off('message', onMessage);
      return void store.close();
    default:
      return kind satisfies never;
  }
}

function tidyUp(groups: readonly CommitGroup[]): void {
  for (const { events } of groups) {
    for (const { payload } of events) walBytes += EVENT_OVERHEAD_BYTES + (payload?.length ?? 0);
  }
  clearTimeout(idle);
  if (walBytes > MAX_WAL_BYTES || store.isUnclean) moveWal();
  else idle = setTimeout(moveWal, IDLE_MS);
}

/** A disk that cannot take it now will be asked again after the next commit; nothing is lost, for the write-ahead log is durable. */
function moveWal(): void {
  walBytes = 0;
  try {
    store.checkpoint();
    // A reader was in the way of what was erased.
    if (store.isUnclean) idle = setTimeout(moveWal, IDLE_MS);
  } catch (error) {
    process.emitWarning(`The workflow log could not be tidied up: ${describe(error).detail}`, 'InterlockWarning');
  }
}

function describe(error: unknown): { code: InterlockError['code']; detail: string } {
  if (error instanceof InterlockError) return { code: error.code, detail: error.message };
  return {
    code: 'LOG_UNAVAILABLE',
    detail: `The log cannot be used: ${error instanceof Error ? error.message : String(error)}.`,
  };
}
