import type { Answer } from '../../gate/answers.ts';
import type { ErrorCode } from '../../lib/errors.ts';

/** What a command's end tells the shell (DESIGN §13). */
export const EXIT = { ok: 0, failure: 1, denied: 2, invalid: 3, held: 4, logBroken: 5, usage: 64 } as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

const INVALID: ReadonlySet<ErrorCode> = new Set([
  'MALFORMED_JSON',
  'DUPLICATE_KEY',
  'UNSAFE_NUMBER',
  'FORBIDDEN_KEY',
  'TOO_DEEP',
  'TOO_LARGE',
  'INVALID_CALL',
  'INVALID_INPUT',
  'UNKNOWN_OPERATION',
  'OPERATION_UNCLASSIFIED',
  'POLICY_INVALID',
  'CONFIG_INVALID',
  'CONNECTOR_INVALID',
  'SECRET_MISSING',
  'FILE_UNREADABLE',
  'NOT_FOUND',
]);

export function exitOfError(code: ErrorCode): ExitCode {
  if (code === 'LOG_BROKEN') return EXIT.logBroken;
  if (code === 'USAGE') return EXIT.usage;
  return INVALID.has(code) ? EXIT.invalid : EXIT.failure;
}

export function exitOfDecision(decision: Answer['decision']): ExitCode {
  if (decision === 'deny') return EXIT.denied;
  return decision === 'step_up' || decision === 'defer' ? EXIT.held : EXIT.ok;
}
