import type { Command } from 'commander';
import type { ChosenFacts, CliContext, DeadFacts } from '../cli-context.ts';
import { CONFIG, example } from '../command-line.ts';
import { plain } from '../plain.ts';
import { print, printList } from '../print.ts';

interface Choice {
  readonly config?: string;
  readonly all?: boolean;
}

export function addFacts(program: Command, context: CliContext): void {
  const facts = program
    .command('facts')
    .description('look-ups of facts that workers have given up')
    .addHelpText(...example('interlock facts dead'));
  facts
    .command('dead')
    .description('which, why and when, the newest first')
    .addHelpText(...example('interlock facts dead --json'))
    .option(...CONFIG)
    .action(async ({ config }: Choice) => {
      const found = await context.local.deadFacts(config);
      printList(context, found.letters, () => lines(found));
    });
  for (const [name, done, words] of [
    ['replay', 'again', 'have them looked up again'],
    ['discard', 'thrown away', 'throw them away; an action that needs one has it looked up again all the same'],
  ] as const) {
    facts
      .command(name)
      .description(words)
      .addHelpText(...example(`interlock facts ${name} --all`))
      .argument('[ids...]', 'as `facts dead` shows them')
      .option('-a, --all', 'all that `facts dead` shows')
      .option(...CONFIG)
      .action(async (ids: readonly string[], { config, all }: Choice, command: Command) => {
        if ((all === true) === ids.length > 0) command.error('error: name ids, or --all');
        const chosen: ChosenFacts = all === true ? 'all' : ids;
        const count = await context.local[name === 'replay' ? 'replayFacts' : 'discardFacts']({ config, chosen });
        print(context, { count }, () => `${count} ${done}.`);
      });
  }
}

function lines({ letters, total }: DeadFacts): string {
  if (total === 0) return 'No look-up was given up.';
  const shown = letters.map(({ id, fact, subject, tenant, workflow, reason, attempts, at }) =>
    [
      `${new Date(at).toISOString()}  ${plain(fact)} of ${plain(`${subject.type} ${subject.id}`)}`,
      `  ${plain(reason)} (${attempts} tries)`,
      `  ${plain(`${tenant} / ${workflow}`)}, ${plain(id)}`,
    ].join('\n'),
  );
  const more = total > letters.length ? [`and ${total - letters.length} older ones`] : [];
  return [...shown, ...more].join('\n');
}
