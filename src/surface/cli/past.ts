import type { Command } from 'commander';
import type { JsonObject } from '../../lib/json.ts';
import type { CliContext } from './cli-context.ts';
import { CONFIG } from './command-line.ts';

/** Names a ledger instead of what is configured. */
export const LEDGER = [
  '--ledger [url]',
  'a ledger in PostgreSQL instead: its address or env:NAME; the configured one where it is left out',
] as const;

export interface PastOptions {
  readonly ledger?: string | true;
  readonly config?: string;
  readonly tenant?: string;
}

/** The options of a command that asks a gateway, or a ledger about what was. */
export function withPast(command: Command): Command {
  return command
    .option(...LEDGER)
    .option('-t, --tenant <id>', 'the tenant, with --ledger')
    .option(...CONFIG);
}

/** The tenant of a question to a ledger; ends the command with a usage error where it is not named. */
export function pastTenant(command: Command, { tenant }: PastOptions): string {
  return tenant ?? command.error('error: with --ledger, name the --tenant');
}

interface Question {
  /** Of the HTTP API. */
  readonly path: string;
  /** The answer needs the configured policies, and the operations that they name. */
  readonly isOfPolicies: boolean;
}

/** Asks the running gateway, or with `--ledger` the past. */
export async function askAbout(
  context: CliContext,
  command: Command,
  { path, isOfPolicies, ...options }: Question & PastOptions,
): Promise<JsonObject> {
  const { ledger, config } = options;
  if (ledger === undefined) return context.api().get(path);
  return context.local.askPast({ ledger, config, tenant: pastTenant(command, options), path, isOfPolicies });
}
