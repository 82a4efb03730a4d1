import type { ContextSize } from './questions.ts';

/** One place in the table: how many rules of which kind, asked what. */
export interface Cell {
  readonly count: number;
  readonly scoped: boolean;
  readonly size: ContextSize;
  readonly events: number;
}

export const COUNTS = [10, 100, 1_000, 10_000];
export const QUICK_COUNTS = [10, 100];
const SIZES: readonly ContextSize[] = ['small', 'large'];
const EVENTS = [10, 1_000];

export function cellsOf(counts: readonly number[]): readonly Cell[] {
  return [true, false].flatMap((scoped) =>
    counts.flatMap((count) => SIZES.flatMap((size) => EVENTS.map((events) => ({ count, scoped, size, events })))),
  );
}

export function cellName({ count, scoped, size, events }: Cell): string {
  return `${count} policies, ${scoped ? 'scoped' : 'unscoped'}, ${size} context, ${events} events`;
}

/** The contender that is one engine in one cell. */
export function contenderName(engine: string, cell: Cell): string {
  return `${engine}: ${cellName(cell)}`;
}
