/** Times that the clusters are drawn again. */
const DRAWS = 1_000;
const LEVEL = 0.95;

/** A share with the interval in which it falls when whole clusters of runs are drawn again, with replacement; seeded. */
export interface Share {
  readonly share: number;
  readonly low: number;
  readonly high: number;
  readonly of: number;
}

export interface Counted {
  readonly cluster: string;
  readonly hits: number;
  readonly of: number;
}

export function shareOf(counted: readonly Counted[]): Share {
  const clusters = [...Map.groupBy(counted, ({ cluster }) => cluster).values()].map(sum);
  const whole = sum(clusters);
  const random = seeded(1);
  const draws = Array.from({ length: DRAWS }, () => {
    const drawn = sum(clusters.map(() => clusters[Math.floor(random() * clusters.length)] ?? { hits: 0, of: 0 }));
    return drawn.hits / drawn.of;
  }).toSorted((a, b) => a - b);
  const at = (quantile: number): number => draws[Math.floor(quantile * (DRAWS - 1))] ?? Number.NaN;
  return { share: whole.hits / whole.of, low: at((1 - LEVEL) / 2), high: at((1 + LEVEL) / 2), of: whole.of };
}

function sum(all: readonly { readonly hits: number; readonly of: number }[]): {
  readonly hits: number;
  readonly of: number;
} {
  let [hits, of] = [0, 0];
  for (const each of all) {
    hits += each.hits;
    of += each.of;
  }
  return { hits, of };
}

/** Mulberry32. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
