import type { Redis } from 'ioredis';
import { aliveKey } from './keys.ts';

/** Milliseconds after which a process that says nothing counts as ended, and between its signs of life. */
export const PRESENCE_MS = 15_000;
const SIGN_MS = 5_000;

/** Tells the other processes that this one is there. */
export class Presence {
  readonly #redis: Redis;
  readonly #key: string;
  readonly #timer: NodeJS.Timeout;
  #until = 0;

  static async announce(redis: Redis, prefix: string, process: string): Promise<Presence> {
    const presence = new Presence(redis, aliveKey(prefix, process));
    await presence.#sign();
    return presence;
  }

  private constructor(redis: Redis, key: string) {
    this.#redis = redis;
    this.#key = key;
    this.#timer = setInterval(() => void this.#sign(), SIGN_MS);
    this.#timer.unref();
  }

  /** Whether the others know that this process is there; once they don't, they may take over what it executes. */
  get isKnown(): boolean {
    return performance.now() < this.#until;
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    this.#until = 0;
    await this.#redis.del(this.#key).catch(() => undefined);
  }

  async #sign(): Promise<void> {
    const at = performance.now();
    try {
      await this.#redis.set(this.#key, '1', 'PX', PRESENCE_MS);
      this.#until = at + PRESENCE_MS;
    } catch {
      // Redis is away: the next sign, or nobody, says that this process is there.
    }
  }
}
