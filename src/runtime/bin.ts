#!/usr/bin/env node
import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { CommanderError } from 'commander';
import { asInterlockError, ERRORS, InterlockError } from '../lib/errors.ts';
import { createApiClient } from '../surface/cli/api-client.ts';
import type { CliContext } from '../surface/cli/cli-context.ts';
import { createProgram } from '../surface/cli/create-program.ts';
import { EXIT, exitOfError } from '../surface/cli/exit-code.ts';
import { localWork } from './local-work.ts';
import { version } from './version.ts';

const { argv, env } = process;
const isJson = argv.includes('--json');

/** Settles when the process is told to end; a second signal ends it at once. */
function untilStopped(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
}

function api(): ReturnType<CliContext['api']> {
  const { INTERLOCK_URL: url, INTERLOCK_KEY: key } = env;
  if (!url || !key)
    throw new InterlockError('CONFIG_INVALID', 'set INTERLOCK_URL and INTERLOCK_KEY to a gateway and a key for it');
  return createApiClient({ url, key });
}

const context: CliContext = {
  out: (line) => process.stdout.write(`${line}\n`),
  err: (line) => process.stderr.write(`${line}\n`),
  readInput: (file) => (file === '-' ? text(process.stdin) : readFile(file, 'utf8')),
  exit: (code) => {
    process.exitCode ||= code;
  },
  colour: process.stdout.isTTY === true && !env['NO_COLOR'],
  isJson: () => isJson,
  api,
  local: localWork({
    directory: process.cwd(),
    environment: env,
    onReload: (reload) => process.on('SIGHUP', reload),
  }),
  stopped: untilStopped(),
};

/** Every failure ends in its code, its sentence and what to do next, and never in a stack trace. */
function fail(thrown: unknown): void {
  if (thrown instanceof CommanderError) {
    process.exitCode = thrown.exitCode === 0 ? EXIT.ok : EXIT.usage;
    return;
  }
  const error = isMissingFile(thrown) ? new InterlockError('CONFIG_INVALID', thrown.message) : asInterlockError(thrown);
  const { title, hint } = ERRORS[error.code];
  const problems = error.data['problems'];
  if (isJson)
    context.err(
      JSON.stringify({
        code: error.code,
        title,
        detail: error.message,
        hint,
        ...(problems === undefined ? {} : { problems }),
      }),
    );
  else context.err(`${error.code}: ${error.message}\n  ${hint}`);
  if (error.code === 'INTERNAL' && error.cause instanceof Error) context.err(`  caused by ${error.cause.message}`);
  process.exitCode = exitOfError(error.code);
}

function isMissingFile(thrown: unknown): thrown is Error {
  return thrown instanceof Error && 'code' in thrown && (thrown.code === 'ENOENT' || thrown.code === 'EACCES');
}

try {
  await createProgram(context, version()).parseAsync(argv);
} catch (thrown) {
  fail(thrown);
}
// Signal handlers and idle workers must not keep a finished command alive.
process.exit();
