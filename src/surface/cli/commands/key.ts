import { type Command, Option } from 'commander';
import { RIGHTS } from '../../../gate/interlock.ts';
import type { CliContext } from '../cli-context.ts';
import { example } from '../command-line.ts';
import { print } from '../print.ts';

export function addKey(program: Command, context: CliContext): void {
  program
    .command('key <id>')
    .description('make an API key: shown once, with the entry for the configuration that holds only its digest')
    .addHelpText(...example('interlock key ada --tenant acme --rights approve administer --groups security'))
    .requiredOption('-t, --tenant <id>', 'its tenant')
    .addOption(new Option('-r, --rights <right...>', 'what its holder may do').choices(RIGHTS).makeOptionMandatory())
    .option('-g, --groups <group...>', 'groups for approvals', [])
    .action(async (id: string, options: { tenant: string; rights: string[]; groups: string[] }) => {
      const made = await context.local.newKey({ id, ...options });
      print(context, made, () => `${made.key}\n\nkeys:\n  - ${JSON.stringify(made.entry)}`);
    });
}
