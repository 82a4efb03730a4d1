import { Worker } from 'node:worker_threads';
import { InterlockError } from '../../lib/errors.ts';
import type { LogRequests, LogWorkerOptions, ReplyMessage, RequestKind } from './worker-protocol.ts';

/** Sources run as they are, the package as compiled JavaScript; the worker's file ends like this one. */
const WORKER_FILE = new URL(
  import.meta.url.endsWith('.ts') ? './sqlite-log-worker.ts' : './sqlite-log-worker.js',
  import.meta.url,
);
const OPENED = 0;

interface Waiting {
  resolve(reply: LogRequests[RequestKind]['reply']): void;
  reject(error: InterlockError): void;
}

/** The main thread's end of the worker: questions, answers, and a clear error for all who wait should the worker die. */
export class LogWorkerClient {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  #lastId = OPENED;
  #gone: InterlockError | undefined;

  private constructor(options: LogWorkerOptions) {
    this.#worker = new Worker(WORKER_FILE, { workerData: options, name: 'interlock-log' });
    this.#worker.on('message', (message: ReplyMessage) => this.#onReply(message));
    this.#worker.on('error', (cause) =>
      this.#onGone(new InterlockError('LOG_UNAVAILABLE', 'The log’s thread failed.', { cause })),
    );
    this.#worker.on('exit', () => this.#onGone(new InterlockError('LOG_UNAVAILABLE', 'The log is closed.')));
  }

  /** Throws LOG_IN_USE, LOG_VERSION, LOG_BROKEN or LOG_UNAVAILABLE. */
  static async start(options: LogWorkerOptions): Promise<LogWorkerClient> {
    const client = new LogWorkerClient(options);
    await new Promise((resolve, reject) => client.#waiting.set(OPENED, { resolve, reject }));
    return client;
  }

  /** Rejects with the worker's error, or with LOG_UNAVAILABLE where there is no worker any more. */
  request<K extends RequestKind>(kind: K, ask: LogRequests[K]['ask']): Promise<LogRequests[K]['reply']> {
    return new Promise((resolve, reject) => {
      if (this.#gone !== undefined) return reject(this.#gone);
      const id = ++this.#lastId;
      // The reply with this id is the one to this kind of question.
      this.#waiting.set(id, { resolve: resolve as Waiting['resolve'], reject });
      this.#worker.postMessage({ id, kind, ask });
    });
  }

  /** Resolves when the database is closed and the thread has ended. */
  async close(): Promise<void> {
    if (this.#gone !== undefined) return;
    await this.request('close', undefined);
    await this.#worker.terminate();
  }

  #onReply(message: ReplyMessage): void {
    const waiting = this.#waiting.get(message.id);
    this.#waiting.delete(message.id);
    if ('error' in message) waiting?.reject(new InterlockError(message.error.code, message.error.detail));
    else waiting?.resolve(message.reply);
  }

  #onGone(error: InterlockError): void {
    this.#gone ??= error;
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}
