/** At most `limit` pieces of work at once, the others in the order of their arrival. */
export interface ConcurrencyLimit {
  /** Waits for a place and answers the function that gives it back; undefined where `signal` ended the wait. */
  enter(signal: AbortSignal): Promise<(() => void) | undefined>;
}

export function createConcurrencyLimit(limit: number): ConcurrencyLimit {
  let free = limit;
  const waiting = new Set<() => void>();

  const leaveOnce = (): (() => void) => {
    let inside = true;
    return () => {
      if (!inside) return;
      inside = false;
      const [next] = waiting;
      if (next === undefined) free += 1;
      else next();
    };
  };

  return {
    enter(signal) {
      if (signal.aborted) return Promise.resolve(undefined);
      if (free > 0) {
        free -= 1;
        return Promise.resolve(leaveOnce());
      }
      return new Promise((resolve) => {
        const next = () => {
          waiting.delete(next);
          signal.removeEventListener('abort', giveUp);
          resolve(leaveOnce());
        };
        const giveUp = () => {
          waiting.delete(next);
          resolve(undefined);
        };
        waiting.add(next);
        signal.addEventListener('abort', giveUp, { once: true });
      });
    },
  };
}
