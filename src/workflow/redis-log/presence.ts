import type { RedisConnection } from '../../lib/open-redis.ts';
import { aliveKey, processesKey } from './keys.ts';

/** Milliseconds after which a process that says nothing counts as ended, and between its signs of life. */
export const PRESENCE_MS = 15_000;
const SIGN_MS = 5_000;

/** Tells the other processes that this one is there. */
export class Presence {
  readonly #redis: RedisConnection;
  readonly #who: { readonly prefix: string; readonly process: string };
  readonly #timer: NodeJS.Timeout;
  #until = 0;

  static async announce(redis: RedisConnection, prefix: string, process: string): Promise<Presence> {
    const presence = new Presence(redis, { prefix, process });
    await presence.sign();
    return presence;
  }

  private constructor(redis: RedisConnection, who: { readonly prefix: string; readonly process: string }) {
    this.#redis = redis;
    this.#who = who;
    this.#timer = setInterval(() => void this.sign(), SIGN_MS);
    this.#timer.unref();
  }

  /** Whether the others know that this process is there; once they don't, they may take over what it executes. */
  get isKnown(): boolean {
    return performance.now() < this.#until;
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    this.#until = 0;
    const { prefix, process } = this.#who;
    // What it has begun, it has also ended: nobody has to take over.
    await this.#redis.srem(processesKey(prefix), process).catch(() => undefined);
    await this.#redis.del(aliveKey(prefix, process)).catch(() => undefined);
  }

  /** Whether Redis has taken the sign of life: it is written, as events are. */
  async sign(): Promise<boolean> {
    const at = performance.now();
    try {
      const { prefix, process } = this.#who;
      await this.#redis.set(aliveKey(prefix, process), '1', 'PX', PRESENCE_MS);
      await this.#redis.sadd(processesKey(prefix), process);
      this.#until = at + PRESENCE_MS;
      return true;
    } catch {
      // Redis is away: the next sign, or nobody, says that this process is there.
      return false;
    }
  }
}
