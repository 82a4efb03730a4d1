import type { Command } from 'commander';
import type { CliContext } from '../cli-context.ts';
import { CONFIG, example } from '../command-line.ts';
import { runUntilStopped } from '../run-until-stopped.ts';

export function addWorker(program: Command, context: CliContext): void {
  program
    .command('worker')
    .description('work for the gateways on one Redis: look up facts, and fill the ledger')
    .addHelpText(...example('interlock worker --config /etc/interlock.yaml'))
    .option(...CONFIG)
    .action(async (options: { config?: string }) => {
      const running = await context.local.worker(options);
      if (context.isJson()) context.out(JSON.stringify({ url: running.url }));
      else context.err(`A worker works; ask it at ${running.url}`);
      await runUntilStopped(context, running);
    });
}
