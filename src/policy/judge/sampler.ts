const GOLDEN_RATIO = 0.618_033_988_749_894_9;

/**
 * Picks `share` of the questions it is asked, in the order they come: always the same ones, evenly spread, and in step
 * with no pattern of the callers (the fractions of multiples of the golden ratio never repeat).
 */
export function sampler(share: number): () => boolean {
  let asked = 0;
  return () => {
    asked += 1;
    return (asked * GOLDEN_RATIO) % 1 < share;
  };
}
