import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** A server in a process of its own. It ends when the bench lets go of it, or ends itself. */
export class ChildServer {
  readonly url: string;
  readonly #process: ChildProcess;

  private constructor(child: ChildProcess, url: string) {
    this.#process = child;
    this.url = url;
  }

  /** `file` beside this one, once it has told its address. What it logs is written and thrown away. */
  static async start(file: string, args: readonly string[]): Promise<ChildServer> {
    const child = fork(join(import.meta.dirname, file), args, { stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
    const { url } = (await answerOf(child)) as { readonly url: string };
    return new ChildServer(child, url);
  }

  /** Sends a message and waits for the next one back. */
  ask(message: object): Promise<unknown> {
    const answer = answerOf(this.#process);
    this.#process.send(message);
    return answer;
  }

  async close(): Promise<void> {
    const exited = once(this.#process, 'exit');
    this.#process.disconnect();
    await exited;
  }
}

async function answerOf(child: ChildProcess): Promise<unknown> {
  const exited = new AbortController();
  const exit = (code: number | null): void => exited.abort(new Error(`A server of the bench ended with ${code}.`));
  child.once('exit', exit);
  try {
    const [answer] = await once(child, 'message', { signal: exited.signal });
    return answer;
  } finally {
    child.off('exit', exit);
  }
}
