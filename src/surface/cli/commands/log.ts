import { type Command, InvalidArgumentError } from 'commander';
import type { CliContext, LogFinding, StoredLog } from '../cli-context.ts';
import { CONFIG, example } from '../command-line.ts';
import { EXIT } from '../exit-code.ts';
import { LEDGER } from '../past.ts';
import { palette, plain, plainLines } from '../plain.ts';
import { print } from '../print.ts';

const KEY = ['--public-key <file>', 'public key of the checkpoints, kept elsewhere'] as const;
const CHECKPOINTS = [
  '--checkpoints <folder>',
  'the checkpoints to judge by; without them no rewrite of all can be seen',
] as const;

interface VerifyOptions extends StoredLog {
  readonly publicKey?: string;
  readonly export?: string;
  readonly proof?: string;
}

interface ProveOptions extends StoredLog {
  readonly tenant: string;
  readonly event?: number;
  readonly publicKey?: string;
}

export function addLog(program: Command, context: CliContext): void {
  const log = program
    .command('log')
    .description('the workflow log, also beside a running gateway')
    .addHelpText(...example('interlock log verify'));
  addVerify(log, context);
  addExport(log, context);
  addProve(log, context);
  addDrain(log, context);
}

function addVerify(log: Command, context: CliContext): void {
  log
    .command('verify')
    .description('find any change, cut, fork or re-ordering of the log, and name its place')
    .addHelpText(...example('interlock log verify --public-key checkpoints.pem'))
    .option(...CONFIG)
    .option(...LEDGER)
    .option(...KEY)
    .option('--export <file>', 'judge an export instead ("-" for standard input)')
    .option('--proof <file>', 'judge a proof of one event instead, by --public-key alone ("-" for standard input)')
    .option(...CHECKPOINTS)
    .action(async ({ export: file, proof, ...options }: VerifyOptions, command: Command) => {
      if (proof !== undefined) return verifyProof(context, command, { proof, publicKey: options.publicKey });
      const verdict =
        file === undefined
          ? await context.local.verifyLog(options)
          : await context.local.verifyExport({ ...options, lines: context.readLines(file) });
      const { streams, events, unrecorded, checkpoints, findings, findingCount } = verdict;
      const c = palette(context.colour);
      print(context, verdict, () =>
        [
          ...findings.map(
            (finding) => `${c.red('BROKEN')} ${plain(placeOf(finding))}: ${finding.kind}: ${plain(finding.detail)}`,
          ),
          ...(unrecorded === 0
            ? []
            : [`${c.red('ERASED')} ${unrecorded} workflows lack payloads that no recorded erasure covers`]),
          `${streams} workflows, ${events} events, ${checkpoints} checkpoints: ${findings.length === 0 ? c.green('whole') : c.red(`${findingCount} findings`)}`,
        ].join('\n'),
      );
      if (findingCount > 0) context.exit(EXIT.logBroken);
    });
}

async function verifyProof(
  context: CliContext,
  command: Command,
  { proof, publicKey }: { readonly proof: string; readonly publicKey: string | undefined },
): Promise<void> {
  if (publicKey === undefined) command.error('error: a proof is judged by --public-key <file>');
  const verdict = await context.local.verifyProof({ text: await context.readInput(proof), publicKey });
  const { shown, problem } = verdict;
  const c = palette(context.colour);
  print(context, verdict, () =>
    shown === undefined
      ? `${c.red('BROKEN')} ${plain(problem)}`
      : [
          `event ${shown.seq} (${plain(shown.type)}) of workflow ${plain(shown.workflow)} of ${plain(shown.tenant)}, of ${timeOf(shown.at)}: ${c.green('proved')}`,
          `  signed    ${timeOf(shown.signedAt)} with key ${plain(shown.keyId)}, checkpoint ${shown.checkpoint}`,
          `  payload   ${shown.payload === undefined ? 'erased' : plain(shown.payload)}`,
        ].join('\n'),
  );
  if (shown === undefined) context.exit(EXIT.logBroken);
}

function addExport(log: Command, context: CliContext): void {
  log
    .command('export')
    .description('the log as JSON lines, to be judged anywhere by `log verify --export`')
    .addHelpText(...example('interlock log export > log.jsonl'))
    .option(...CONFIG)
    .option(...LEDGER)
    .option('-t, --tenant <id>', 'only this tenant')
    .option('-w, --workflow <id>', 'only this workflow')
    .action(async (options: StoredLog & { tenant?: string; workflow?: string }, command: Command) => {
      if ((options.tenant === undefined) !== (options.workflow === undefined))
        command.error('error: name both --tenant and --workflow, or neither');
      for await (const line of context.local.exportLog(options)) await context.out(plainLines(line));
    });
}

function addProve(log: Command, context: CliContext): void {
  log
    .command('prove <workflow>')
    .description('prove one event to somebody who has only the public key, see `log verify --proof`')
    .addHelpText(...example('interlock log prove wf_1 --tenant acme --event 7 > proof.json'))
    .option(...CONFIG)
    .option(...LEDGER)
    .requiredOption('-t, --tenant <id>', 'the tenant of the workflow')
    .option('-e, --event <n>', 'its number; left out: the last one that is signed', eventNumber)
    .option(...KEY)
    .option(...CHECKPOINTS)
    .action(async (workflow: string, options: ProveOptions) => {
      await context.out(plainLines(await context.local.proveEvent({ ...options, workflow })));
    });
}

function addDrain(log: Command, context: CliContext): void {
  log
    .command('drain')
    .description('move the embedded log into the configured ledger, each event once, until stopped')
    .addHelpText(...example('interlock log drain --once'))
    .option(...CONFIG)
    .option('--once', 'only what there is now')
    .action(async ({ config, once }: { config?: string; once?: boolean }) => {
      if (once === true) {
        const drained = await context.local.drainOnce(config);
        print(context, drained, () => `${drained.events} events drained, ${drained.refusals} refusals`);
        if (drained.refusals > 0) context.exit(EXIT.logBroken);
        return;
      }
      const drain = await context.local.drainAlong(config);
      const stopped = context.stopped();
      context.err('Draining into the ledger.');
      await stopped;
      await drain.close();
    });
}

function eventNumber(text: string): number {
  if (!/^[1-9]\d{0,14}$/.test(text)) throw new InvalidArgumentError('an event is a number from 1 on.');
  return Number(text);
}

function timeOf(at: number): string {
  return Number.isFinite(new Date(at).getTime()) ? new Date(at).toISOString() : `${at}`;
}

function placeOf({ tenant, workflow, seq }: LogFinding): string {
  return (
    [tenant, workflow, seq === undefined ? undefined : `event ${seq}`]
      .filter((part) => part !== undefined)
      .join(' / ') || 'log'
  );
}
