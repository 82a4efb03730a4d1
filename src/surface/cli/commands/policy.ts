import type { Command } from 'commander';
import type { CliContext } from '../cli-context.ts';
import { CONFIG, example } from '../command-line.ts';
import { EXIT } from '../exit-code.ts';
import { palette, plain, plainLines } from '../plain.ts';
import { printList } from '../print.ts';

export function addPolicy(program: Command, context: CliContext): void {
  const policy = program
    .command('policy')
    .description('check policies before they decide')
    .addHelpText(...example('interlock policy lint'));
  policy
    .command('lint [paths...]')
    .description(
      'everything that is wrong (exit code 3) or suspicious (0), with its place and what to do; default: the configured policies',
    )
    .addHelpText(...example('interlock policy lint policies/team'))
    .option(...CONFIG)
    .action(async (policies: readonly string[], options: { config?: string }) => {
      const problems = await context.local.lint({ ...options, policies });
      const c = palette(context.colour);
      printList(context, problems, () =>
        problems.length === 0
          ? 'No problems.'
          : problems
              .map(
                ({ place, policy: id, rule, severity, problem, remedy }) =>
                  `${c.bold(plain(place))}: ${severity}: ${id === undefined ? '' : `${plain(id)}: `}${plainLines(problem)} (${rule})\n  ${plainLines(remedy)}`,
              )
              .join('\n'),
      );
      if (problems.some(({ severity }) => severity === 'error')) context.exit(EXIT.invalid);
    });
  policy
    .command('test [cases...]')
    .description('decide the cases of the given files or folders and compare; default: `cases` beside the policies')
    .addHelpText(...example('interlock policy test policies/cases'))
    .option(...CONFIG)
    .action(async (cases: readonly string[], options: { config?: string }) => {
      const results = await context.local.testPolicies({ ...options, cases });
      const c = palette(context.colour);
      const failed = results.filter(({ ok }) => !ok);
      printList(context, results, () =>
        [
          ...failed.map(
            ({ file, name, detail }) => `${c.red('FAIL')} ${plain(file)}: ${plain(name)}\n     ${plainLines(detail)}`,
          ),
          `${results.length - failed.length} passed, ${failed.length} failed`,
        ].join('\n'),
      );
      if (failed.length > 0) context.exit(EXIT.failure);
    });
}
