import { z } from 'zod';

interface Command {
  readonly command: string;
  readonly commandLine: string;
}

/** Falcon judges by the command and runs the line; {@link commandFits} keeps them from being two things. */
export const command = {
  command: z
    .string()
    .regex(/^[a-z][a-z-]*(?: [a-z]+)?$/)
    .max(40),
  commandLine: z.string().min(1).max(8_000),
};

export function commandFits({ command, commandLine }: Command): boolean {
  return commandLine === command || commandLine.startsWith(`${command} `);
}
