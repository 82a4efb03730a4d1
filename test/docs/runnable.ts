import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/** A command of a page, and what the page says that it prints. */
export interface Step {
  readonly command: string;
  /** `…` stands for what differs from run to run. */
  readonly output: RegExp;
}

export interface Runnable {
  /** Files that the page shows, by name. */
  readonly files: Readonly<Record<string, string>>;
  readonly steps: readonly Step[];
}

const FILE = /<!-- file: (\S+) -->\s*```\w*\n(.*?)```/gs;
const RUN = /<!-- run -->\s*```console\n(.*?)```/gs;

/** Blocks after `<!-- file: NAME -->` are files; blocks after `<!-- run -->` are commands after `$ `, each with its output. */
export function runnableOf(page: string): Runnable {
  const text = readFileSync(page, 'utf8');
  const files = [...text.matchAll(FILE)].map(([, name = '', content = '']) => [name, content]);
  const steps = [...text.matchAll(RUN)].flatMap(([, block = '']) => stepsOf(block));
  return { files: Object.fromEntries(files), steps };
}

/** The commands of one block, in their order. */
export function stepsOf(block: string): readonly Step[] {
  return block.split(/^\$ /m).slice(1).map(stepOf);
}

function stepOf(text: string): Step {
  const end = text.indexOf('\n');
  const literal = text.slice(end + 1).replaceAll(/[$()*+.?[\\\]^{|}]/g, '\\$&');
  const output = literal.replaceAll('…', '.+');
  return { command: text.slice(0, end), output: new RegExp(`^${output}$`) };
}

/** Both outputs in their order, as a reader of the terminal sees them. A command that fails says so in its last line. */
export async function runStep({ command }: Step, cwd: string): Promise<string> {
  // In braces: a command that writes a file would get what npm says to the errors into it.
  const shell = `{ ${command}\n} 2>&1; status=$?; [ $status = 0 ] || echo "(exit $status)"`;
  const { stdout } = await execute('sh', ['-c', shell], {
    cwd,
    env: { ...process.env, NO_COLOR: '1' },
    maxBuffer: 16 * 1024 * 1024,
  });
  // npm's remarks on the machine's own settings are not the command's.
  return stdout.replaceAll(/^npm warn .*\n/gm, '');
}
