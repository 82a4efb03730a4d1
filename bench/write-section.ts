import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const FILE = join(import.meta.dirname, '..', 'docs', 'benchmarks.md');

/** Puts one run of a bench into its place in docs/benchmarks.md. */
export function writeSection(bench: string, text: string): void {
  writeFileSync(FILE, withSection(readFileSync(FILE, 'utf8'), bench, text));
}

/** What stands between the two comments that carry the bench's name is replaced. */
export function withSection(page: string, bench: string, text: string): string {
  const [begin, end] = [`<!-- one run of ${bench} -->`, `<!-- end of ${bench} -->`];
  const [from, to] = [page.indexOf(begin), page.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`The page has no place for a run of ${bench}.`);
  return `${page.slice(0, from + begin.length)}\n\n${text.trim()}\n\n${page.slice(to)}`;
}
