import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';

export const BIN = join(import.meta.dirname, '../../../src/runtime/bin.ts');

export interface Place {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  /** What it reads; null leaves it open. */
  readonly stdin?: string | null | undefined;
}

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Started {
  readonly process: ChildProcess;
  readonly ended: Promise<Ended>;
  /** Resolves with the match once the output so far matches. Rejects when the command ends before. */
  until(stream: 'stdout' | 'stderr', pattern: RegExp): Promise<RegExpExecArray>;
}

/** The command as a shell would start it, in an environment that holds nothing else. */
export function start(args: readonly string[], { cwd, env = {}, stdin = '' }: Place): Started {
  const child = spawn(process.execPath, [BIN, ...args], { cwd, env: { PATH: process.env['PATH'] ?? '', ...env } });
  const seen = { stdout: '', stderr: '' };
  const waiting = new Set<() => void>();
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream].setEncoding('utf8').on('data', (text: string) => {
      seen[stream] += text;
      for (const look of waiting) look();
    });
  }
  // A command that does not read its input may be gone before it is written.
  child.stdin.on('error', () => undefined);
  if (stdin !== null) child.stdin.end(stdin);
  const ended = new Promise<Ended>((resolve) => {
    child.once('close', (code, signal) => resolve({ code, signal, ...seen }));
  });
  const until: Started['until'] = (stream, pattern) =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        const match = pattern.exec(seen[stream]);
        if (match === null) return;
        waiting.delete(look);
        resolve(match);
      };
      waiting.add(look);
      look();
      void ended.then(({ code, stderr }) => reject(new Error(`it ended with ${code} before ${pattern}: ${stderr}`)));
    });
  return { process: child, ended, until };
}

export function interlock(args: readonly string[], place: Place): Promise<Ended> {
  return start(args, place).ended;
}

/** One command line with all that its user sees of it. */
export interface Row {
  readonly line: string;
  readonly stdin?: string;
  readonly code: number;
  /** What must stand on standard output, and on standard error; left out: nothing may. */
  readonly out?: RegExp;
  readonly err?: RegExp;
}

/** Splits at spaces, but not within double quotes. */
export function wordsOf(line: string): readonly string[] {
  return [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');
}
