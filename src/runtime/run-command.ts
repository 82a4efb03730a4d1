/** What `interlock` does with its arguments. It ends the process. */
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { text } from 'node:stream/consumers';
import { InterlockError } from '../lib/errors.ts';
import { createApiClient } from '../surface/cli/api-client.ts';
import type { CliContext } from '../surface/cli/cli-context.ts';
import { createProgram } from '../surface/cli/create-program.ts';
import { reportError } from '../surface/cli/report-error.ts';
import { localWork } from './local-work.ts';
import { version } from './version.ts';

const { argv, env, stdin, stdout, stderr } = process;
const SIGNALS = ['SIGINT', 'SIGTERM'] as const;
const isJson = argv.includes('--json');
const isQuiet = argv.includes('--quiet') || argv.includes('-q');

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

let drained: Promise<void> | undefined;

function out(line: string): Promise<void> {
  if (isQuiet || stdout.write(`${line}\n`)) return Promise.resolve();
  drained ??= once(stdout, 'drain').then(() => {
    drained = undefined;
  });
  return drained;
}

const inputOf = (file: string): NodeJS.ReadableStream => (file === '-' ? stdin : createReadStream(file));

async function* readLines(file: string): AsyncIterable<string> {
  let rest = '';
  for await (const chunk of inputOf(file).setEncoding('utf8')) {
    const lines = (rest + String(chunk)).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
  if (rest !== '') yield rest;
}

const context: CliContext = {
  out,
  err: (line) => stderr.write(`${line}\n`),
  readInput: (file) => text(inputOf(file)),
  readLines,
  exit: (code) => {
    process.exitCode ||= code;
  },
  colour: stdout.isTTY === true && !env['NO_COLOR'],
  isJson: () => isJson,
  api,
  local: localWork({
    directory: process.cwd(),
    environment: env,
    onReload: (reload) => process.on('SIGHUP', reload),
  }),
  stopped,
};

stdout.on('error', (error: NodeJS.ErrnoException) => {
  // A reader that leaves early (`… | head -1`) has what it wanted.
  if (error.code !== 'EPIPE') reportError(context, new InterlockError('INTERNAL', `standard output: ${error.message}`));
  process.exit();
});
// Nobody reads the messages any more: the work goes on.
stderr.on('error', () => undefined);

try {
  await createProgram(context, version()).parseAsync(argv);
} catch (thrown) {
  reportError(context, thrown);
}
// Signal handlers and idle workers must not keep a finished command alive; its output must have left.
await Promise.all([stdout, stderr].map((stream) => new Promise((resolve) => stream.write('', resolve))));
process.exit();
