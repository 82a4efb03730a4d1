import { Worker } from 'node:worker_threads';
import { BOUNDS } from '../../lib/bounds.ts';
import type { Clock } from '../../lib/clock.ts';
import type { ClassifyAnswer, ClassifyQuestion } from './classify-worker.ts';
import type { TextClass } from './text-classes.ts';

const UNREAD: readonly TextClass[] = ['unread'];

export interface ClassifierOptions {
  readonly clock: Clock;
  /** Milliseconds for one text, once the thread has started. */
  readonly timeoutMs?: number | undefined;
}

interface Waiting {
  readonly text: string;
  readonly resolve: (classes: readonly TextClass[]) => void;
}

/**
 * Looks texts through one after the other in a thread of its own. One that is too long, takes too long or breaks the
 * thread counts as unread, and so do those that find too many waiting: hostile text costs others their turn at most once.
 */
export class Classifier {
  readonly #clock: Clock;
  readonly #timeoutMs: number;
  readonly #waiting: Waiting[] = [];
  #thread: Worker | undefined;
  #busy: Promise<void> | undefined;
  #next = 0;
  #closed = false;

  constructor({ clock, timeoutMs = BOUNDS.classifyMs }: ClassifierOptions) {
    this.#clock = clock;
    this.#timeoutMs = timeoutMs;
  }

  /** Never throws. */
  classesOf(text: string): Promise<readonly TextClass[]> {
    if (this.#closed || text.length > BOUNDS.classifyCharacters || this.#waiting.length >= BOUNDS.classifyQueue)
      return Promise.resolve(UNREAD);
    const { promise, resolve } = Promise.withResolvers<readonly TextClass[]>();
    this.#waiting.push({ text, resolve });
    this.#busy ??= this.#work();
    return promise;
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const { resolve } of this.#waiting.splice(0)) resolve(UNREAD);
    await this.#end();
    await this.#busy;
  }

  async #work(): Promise<void> {
    for (let one = this.#waiting.shift(); one !== undefined; one = this.#waiting.shift())
      one.resolve(await this.#ask(one.text));
    this.#busy = undefined;
  }

  #ask(text: string): Promise<readonly TextClass[]> {
    const { promise, resolve } = Promise.withResolvers<readonly TextClass[]>();
    const startMs = this.#thread === undefined ? BOUNDS.classifyStartMs : 0;
    const thread = this.#thread ?? this.#begin();
    this.#thread = thread;
    const id = this.#next++;
    const give = (answer: ClassifyAnswer): void => {
      if (answer.id === id) resolve(answer.classes ?? UNREAD);
    };
    const giveUp = (): void => {
      resolve(UNREAD);
      if (this.#thread === thread) this.#thread = undefined;
      thread.terminate();
    };
    const cancel = this.#clock.after(startMs + this.#timeoutMs, giveUp);
    thread.on('message', give).once('error', giveUp).once('exit', giveUp);
    thread.postMessage({ id, text } satisfies ClassifyQuestion);
    return promise.finally(() => {
      cancel();
      thread.off('message', give).off('error', giveUp).off('exit', giveUp);
    });
  }

  #begin(): Worker {
    const extension = import.meta.url.slice(import.meta.url.lastIndexOf('.'));
    const thread = new Worker(new URL(`./classify-worker${extension}`, import.meta.url), {
      name: 'classify',
      resourceLimits: { maxOldGenerationSizeMb: BOUNDS.classifyHeapMegabytes },
    });
    // Nobody listens between two texts; a thread that breaks then is replaced by the next.
    thread.on('error', () => undefined);
    thread.unref();
    return thread;
  }

  async #end(): Promise<void> {
    const thread = this.#thread;
    this.#thread = undefined;
    await thread?.terminate();
  }
}
