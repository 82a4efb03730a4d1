import type { Command } from 'commander';
import type { CliContext, LogFinding } from '../cli-context.ts';
import { CONFIG, example } from '../command-line.ts';
import { EXIT } from '../exit-code.ts';
import { palette, plain, plainLines } from '../plain.ts';
import { print } from '../print.ts';

interface VerifyOptions {
  readonly config?: string;
  readonly publicKey?: string;
  readonly export?: string;
  readonly checkpoints?: string;
}

export function addLog(program: Command, context: CliContext): void {
  const log = program
    .command('log')
    .description('the workflow log, also beside a running gateway')
    .addHelpText(...example('interlock log verify'));
  log
    .command('verify')
    .description('find any change, cut, fork or re-ordering of the log, and name its place')
    .addHelpText(...example('interlock log verify --public-key checkpoints.pem'))
    .option(...CONFIG)
    .option('--public-key <file>', 'public key of the checkpoints, kept elsewhere')
    .option('--export <file>', 'judge an export instead ("-" for standard input)')
    .option(
      '--checkpoints <folder>',
      'the checkpoints to judge an export by; without them no rewrite of all can be seen',
    )
    .action(async ({ export: file, ...options }: VerifyOptions) => {
      const verdict =
        file === undefined
          ? await context.local.verifyLog(options)
          : await context.local.verifyExport({ ...options, lines: context.readLines(file) });
      const { streams, events, checkpoints, findings, findingCount } = verdict;
      const c = palette(context.colour);
      print(context, verdict, () =>
        [
          ...findings.map(
            (finding) => `${c.red('BROKEN')} ${plain(placeOf(finding))}: ${finding.kind}: ${plain(finding.detail)}`,
          ),
          `${streams} workflows, ${events} events, ${checkpoints} checkpoints: ${findings.length === 0 ? c.green('whole') : c.red(`${findingCount} findings`)}`,
        ].join('\n'),
      );
      if (findingCount > 0) context.exit(EXIT.logBroken);
    });
  log
    .command('export')
    .description('the log as JSON lines, to be judged anywhere by `log verify --export`')
    .addHelpText(...example('interlock log export > log.jsonl'))
    .option(...CONFIG)
    .option('-t, --tenant <id>', 'only this tenant')
    .option('-w, --workflow <id>', 'only this workflow')
    .action(async (options: { config?: string; tenant?: string; workflow?: string }, command: Command) => {
      if ((options.tenant === undefined) !== (options.workflow === undefined))
        command.error('error: name both --tenant and --workflow, or neither');
      for await (const line of context.local.exportLog(options)) await context.out(plainLines(line));
    });
}

function placeOf({ tenant, workflow, seq }: LogFinding): string {
  return (
    [tenant, workflow, seq === undefined ? undefined : `event ${seq}`]
      .filter((part) => part !== undefined)
      .join(' / ') || 'log'
  );
}
