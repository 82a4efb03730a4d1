import type { Command } from 'commander';
import type { CliContext } from '../cli-context.ts';
import { CONFIG, example } from '../command-line.ts';
import { runUntilStopped } from '../run-until-stopped.ts';

export function addServe(program: Command, context: CliContext): void {
  program
    .command('serve')
    .description('run a gateway: keys or JWTs required, policies read again on SIGHUP')
    .addHelpText(...example('interlock serve --config /etc/interlock.yaml'))
    .option(...CONFIG)
    .action(async (options: { config?: string }) => {
      const running = await context.local.serve(options);
      context.err(`Interlock governs at ${running.url}`);
      await runUntilStopped(context, running);
    });
}
