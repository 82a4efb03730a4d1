import { CommanderError } from 'commander';
import { asInterlockError, ERRORS, InterlockError } from '../../lib/errors.ts';
import type { CliContext } from './cli-context.ts';
import { exitOfError } from './exit-code.ts';
import { plain, plainJson, plainLines } from './plain.ts';

/** Every failure ends in its code, its sentence and what to do next, and never in a stack trace. */
export function reportError(context: CliContext, thrown: unknown): void {
  if (thrown instanceof CommanderError && thrown.exitCode === 0) return;
  const error = errorOf(thrown);
  context.exit(exitOfError(error.code));
  const { title, hint, retryable } = ERRORS[error.code];
  const { message: detail, code } = error;
  const cause = code === 'INTERNAL' && error.cause instanceof Error ? error.cause.message : undefined;
  const { problems, requestId } = error.data;
  if (context.isJson()) context.err(plainJson({ code, title, detail, hint, retryable, problems, requestId, cause }));
  // Commander has said it already, with the nearest that would be right.
  else if (!(thrown instanceof CommanderError)) {
    context.err(plainLines(`${code}: ${detail}\n  ${hint}`));
    if (cause !== undefined) context.err(plainLines(`  caused by ${cause}`));
    if (code === 'INTERNAL' && typeof requestId === 'string') context.err(plain(`  request ${requestId}`));
  }
}

function errorOf(thrown: unknown): InterlockError {
  if (thrown instanceof CommanderError) {
    const isHelp = thrown.code === 'commander.help';
    return new InterlockError('USAGE', isHelp ? 'a command is missing' : thrown.message.replace(/^error: /, ''));
  }
  return isFileError(thrown) ? new InterlockError('FILE_UNREADABLE', thrown.message) : asInterlockError(thrown);
}

const FILE_ERRORS: ReadonlySet<unknown> = new Set(['ENOENT', 'EACCES', 'EISDIR', 'ENOTDIR', 'EPERM']);

function isFileError(thrown: unknown): thrown is Error {
  return thrown instanceof Error && 'code' in thrown && FILE_ERRORS.has(thrown.code);
}
