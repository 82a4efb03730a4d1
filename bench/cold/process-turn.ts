import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Turn } from '../take-turns.ts';

/** What `first-decision.ts` says of it. */
export function hydrationIn(message: unknown): number {
  if (typeof message === 'object' && message !== null && 'hydrationMs' in message) return Number(message.hydrationMs);
  throw new Error('The process did not say how long its workflow took.');
}

interface ProcessOptions {
  readonly args?: readonly string[];
  /** Where compiled code is kept from one turn to the next. */
  readonly home: string;
  readonly onMessage?: (message: unknown) => void;
  readonly tidyUp?: () => void;
}

/** Measured until the process sends its message; its end, and what it leaves, are off the clock. */
export function processTurn(script: string, { args = [], home, onMessage, tidyUp }: ProcessOptions): Turn {
  let exited: Promise<unknown> | undefined;
  return {
    operate: async () => {
      const child = fork(join(import.meta.dirname, script), args, {
        stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
        env: { ...process.env, XDG_CACHE_HOME: home },
      });
      const exit = once(child, 'exit');
      exited = exit;
      const ended = exit.then(([code]) => {
        throw new Error(`The process ended with ${code} before it had decided.`);
      });
      const [message] = await Promise.race([once(child, 'message'), ended]);
      onMessage?.(message);
      ended.catch(() => undefined);
    },
    end: async () => {
      await exited;
      tidyUp?.();
    },
  };
}
