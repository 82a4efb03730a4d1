import type { Command } from 'commander';
import type { CliContext } from '../cli-context.ts';
import { print } from '../print.ts';

export function addKey(program: Command, context: CliContext): void {
  program
    .command('key <id>')
    .description('make an API key: shown once, with the entry for the configuration that holds only its digest')
    .requiredOption('-t, --tenant <id>', 'its tenant')
    .option('-r, --rights <right...>', 'open, act, approve, administer', [])
    .option('-g, --groups <group...>', 'groups for approvals', [])
    .action(async (id: string, options: { tenant: string; rights: string[]; groups: string[] }) => {
      const made = await context.local.newKey({ id, ...options });
      print(context, made, () => `${made.key}\n\nkeys:\n  - ${JSON.stringify(made.entry)}`);
    });
}
