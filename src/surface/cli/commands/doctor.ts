import type { Command } from 'commander';
import type { CliContext } from '../cli-context.ts';
import { CONFIG, example } from '../command-line.ts';
import { EXIT } from '../exit-code.ts';
import { palette, plainLines } from '../plain.ts';
import { printList } from '../print.ts';

export function addDoctor(program: Command, context: CliContext): void {
  program
    .command('doctor')
    .description('look at configuration, policies, log, clock and credentials, and say what to do')
    .addHelpText(...example('interlock doctor'))
    .option(...CONFIG)
    .action(async (options: { config?: string }) => {
      const found = await context.local.doctor(options.config);
      const c = palette(context.colour);
      printList(context, found, () =>
        found
          .map(
            ({ ok, check, detail, remedy }) =>
              `${ok ? c.green('ok  ') : c.red('FAIL')} ${plainLines(`${check}: ${detail}${remedy === undefined ? '' : `\n     ${remedy}`}`)}`,
          )
          .join('\n'),
      );
      if (found.some(({ ok }) => !ok)) context.exit(EXIT.failure);
    });
}
