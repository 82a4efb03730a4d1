/** Starts now; each call answers the seconds since. For measuring only: what time it is for a decision says the clock. */
export function startStopwatch(): () => number {
  const startedMs = performance.now();
  return () => (performance.now() - startedMs) / 1_000;
}
