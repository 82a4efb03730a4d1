import { InvalidArgumentError } from 'commander';

/** The option of every command that works with a configuration. */
export const CONFIG = ['-c, --config <file>', 'configuration; default ./interlock.yaml'] as const;

/** The first line of a command's help. */
export function example(line: string): readonly ['before', string] {
  return ['before', `Example: ${line}\n`];
}

/** Reads a port of the command line. Throws commander's own error, which ends in exit code 64. */
export function port(text: string): number {
  const number = Number(text);
  if (!/^\d+$/.test(text) || number > 65_535) throw new InvalidArgumentError('a port is a number from 0 to 65535.');
  return number;
}
