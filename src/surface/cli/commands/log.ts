import type { Command } from 'commander';
import type { CliContext, LogFinding } from '../cli-context.ts';
import { EXIT } from '../exit-code.ts';
import { palette, plain } from '../plain.ts';
import { print } from '../print.ts';

export function addLog(program: Command, context: CliContext): void {
  const log = program.command('log').description('the workflow log, also beside a running gateway');
  log
    .command('verify')
    .description('find any change, cut, fork or re-ordering of the log, and name its place')
    .option('-c, --config <file>', 'configuration; default ./interlock.yaml')
    .option('--public-key <file>', 'public key of the checkpoints, kept elsewhere')
    .action(async (options: { config?: string; publicKey?: string }) => {
      const verdict = await context.local.verifyLog(options);
      const { streams, events, checkpoints, findings } = verdict;
      const c = palette(context.colour);
      print(context, verdict, () =>
        [
          ...findings.map(
            (finding) => `${c.red('BROKEN')} ${placeOf(finding)}: ${finding.kind}: ${plain(finding.detail)}`,
          ),
          `${streams} workflows, ${events} events, ${checkpoints} checkpoints: ${findings.length === 0 ? c.green('whole') : c.red(`${findings.length} findings`)}`,
        ].join('\n'),
      );
      if (findings.length > 0) context.exit(EXIT.logBroken);
    });
  log
    .command('export')
    .description('events as JSON lines, one an event')
    .option('-c, --config <file>', 'configuration; default ./interlock.yaml')
    .option('-t, --tenant <id>', 'only this tenant')
    .option('-w, --workflow <id>', 'only this workflow')
    .action(async (options: { config?: string; tenant?: string; workflow?: string }) => {
      for await (const line of context.local.exportLog(options)) context.out(line);
    });
}

function placeOf({ tenant, workflow, seq }: LogFinding): string {
  return (
    [tenant, workflow, seq === undefined ? undefined : `event ${seq}`]
      .filter((part) => part !== undefined)
      .join(' / ') || 'log'
  );
}
