/** Where the log is kept: in memory, or in a file that is synced before the answer (`full`) or not (`off`). */
export type LogKind = 'memory' | 'off' | 'full';

/** `decide` ends with the durable decision; `run` goes on to the effect and its durable outcome. */
export type Mode = 'decide' | 'run';

export const LOG_NAMES: Readonly<Record<LogKind, string>> = {
  memory: 'log in memory',
  off: 'not synced',
  full: 'durable',
};

export const CONVENTIONAL = 'zod + cedar-wasm + RFC 8785 + SHA-256 + pino';

/** A decision has one row to make durable; a run has two, one after the other. */
const COMMITS: Readonly<Record<Mode, string>> = { decide: 'one bare group commit', run: 'two bare group commits' };

export function commitName(mode: Mode, atOnce: number): string {
  return `${COMMITS[mode]}, ${atOnce} at once`;
}

/** The bare server's echo, and where the log is durable the same with its commits before the answer. */
export function echoName(log: LogKind, mode: Mode, atOnce: number): string {
  return `bare echo${log === 'full' ? ` with ${COMMITS[mode]}` : ''}, ${atOnce} at once`;
}

/** Cerbos over HTTP, which only evaluates. */
export function cerbosName(atOnce: number): string {
  return `Cerbos over HTTP, ${atOnce} at once`;
}
