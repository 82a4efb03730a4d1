#!/usr/bin/env node
import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { InterlockError } from '../lib/errors.ts';
import { createApiClient } from '../surface/cli/api-client.ts';
import type { CliContext } from '../surface/cli/cli-context.ts';
import { createProgram } from '../surface/cli/create-program.ts';
import { reportError } from '../surface/cli/report-error.ts';
import { localWork } from './local-work.ts';
import { version } from './version.ts';

const { argv, env } = process;
const SIGNALS = ['SIGINT', 'SIGTERM'] as const;
const isJson = argv.includes('--json');

let stopping: Promise<void> | undefined;

/** From the first asking on, the first signal settles it; the second finds no listener and ends the process. */
function stopped(): Promise<void> {
  stopping ??= new Promise((resolve) => {
    const stop = (): void => {
      for (const signal of SIGNALS) process.off(signal, stop);
      resolve();
    };
    for (const signal of SIGNALS) process.on(signal, stop);
  });
  return stopping;
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
  stopped,
};

try {
  await createProgram(context, version()).parseAsync(argv);
} catch (thrown) {
  reportError(context, thrown);
}
// Signal handlers and idle workers must not keep a finished command alive.
process.exit();
