/** Milliseconds before each further try of a look-up. */
export const RETRY_DELAYS_MS = [500, 5_000, 30_000] as const;
