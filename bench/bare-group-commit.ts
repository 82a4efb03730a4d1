import { type FileHandle, open } from 'node:fs/promises';

/** The floor under a durable log: lines appended to a file and synced, everything that waits with one sync. */
export class BareGroupCommit {
  readonly #handle: FileHandle;
  #collecting = newBatch();
  #busy = false;

  private constructor(handle: FileHandle) {
    this.#handle = handle;
  }

  static async open(file: string): Promise<BareGroupCommit> {
    return new BareGroupCommit(await open(file, 'a'));
  }

  /** Resolves when the line is on the disk. */
  append(line: string): Promise<void> {
    this.#collecting.lines.push(line);
    const { promise } = this.#collecting;
    if (!this.#busy) {
      this.#busy = true;
      setImmediate(() => void this.#flush());
    }
    return promise;
  }

  close(): Promise<void> {
    return this.#handle.close();
  }

  async #flush(): Promise<void> {
    const { lines, resolve, reject } = this.#collecting;
    this.#collecting = newBatch();
    try {
      await this.#handle.appendFile(lines.join(''));
      await this.#handle.datasync();
      resolve();
    } catch (error) {
      reject(error);
    }
    this.#busy = false;
    // Whoever was woken just now gets into the next batch.
    setImmediate(() => {
      if (this.#busy || this.#collecting.lines.length === 0) return;
      this.#busy = true;
      void this.#flush();
    });
  }
}

function newBatch(): PromiseWithResolvers<void> & { readonly lines: string[] } {
  return { lines: [], ...Promise.withResolvers<void>() };
}
