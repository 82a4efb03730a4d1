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
      const { url, warning } = running;
      if (context.isJson()) context.out(JSON.stringify({ url }));
      else context.err(`Interlock governs at ${url}`);
      if (warning !== undefined) context.err(warning);
      await runUntilStopped(context, running);
    });
}
