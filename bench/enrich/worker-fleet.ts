import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { WorkerSettings } from './worker-process.ts';

const PROGRAM = fileURLToPath(new URL('./worker-process.ts', import.meta.url));

/** Worker processes that are replaced when they are killed. */
export class WorkerFleet {
  readonly #settings: WorkerSettings;
  readonly #children: ChildProcess[] = [];
  kills = 0;

  private constructor(settings: WorkerSettings) {
    this.#settings = settings;
  }

  /** Resolves when all of them take jobs. */
  static async start(size: number, settings: WorkerSettings): Promise<WorkerFleet> {
    const fleet = new WorkerFleet(settings);
    await Promise.all(Array.from({ length: size }, () => fleet.#start()));
    return fleet;
  }

  /** Ends the oldest without a word, and starts another one. */
  async killOldest(): Promise<void> {
    const child = this.#children.shift();
    if (child === undefined) return;
    this.kills += 1;
    await end(child, 'SIGKILL');
    await this.#start();
  }

  /** To pause and go on. */
  signal(signal: 'SIGSTOP' | 'SIGCONT'): void {
    for (const child of this.#children) child.kill(signal);
  }

  /** Lets what runs end. */
  async stop(): Promise<void> {
    await Promise.all(this.#children.splice(0).map((child) => end(child, 'SIGTERM')));
  }

  async #start(): Promise<void> {
    const child = spawn(process.execPath, [PROGRAM, JSON.stringify(this.#settings)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    this.#children.push(child);
    const ended = once(child, 'exit').then(() => Promise.reject(new Error('The worker ended before it was ready.')));
    await Promise.race([once(child.stdout, 'data'), ended]);
    ended.catch(() => undefined);
    child.stdout.resume();
  }
}

const PATIENCE_MS = 30_000;

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill(signal);
  const giveUp = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS);
  await ended;
  clearTimeout(giveUp);
}
