import { InterlockError } from '../../lib/errors.ts';

/** What was thrown, for people. */
export function wordsOf(thrown: unknown): string {
  if (thrown instanceof InterlockError) return `${thrown.code}: ${thrown.message}`;
  return thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown);
}
