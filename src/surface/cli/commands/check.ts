import type { Command } from 'commander';
import { InterlockError } from '../../../lib/errors.ts';
import { isJsonObject } from '../../../lib/json.ts';
import { parseJson } from '../../../lib/parse-json.ts';
import type { CliContext } from '../cli-context.ts';
import { CONFIG, example } from '../command-line.ts';
import { exitOfDecision } from '../exit-code.ts';
import { palette, plain } from '../plain.ts';
import { print } from '../print.ts';

export function addCheck(program: Command, context: CliContext): void {
  program
    .command('check <file>')
    .description('decide an action from a JSON file ("-" for standard input) without executing or recording it')
    .addHelpText(...example(`echo '{"operation":"notes.note.read","input":{"id":"1"}}' | interlock check -`))
    .option(...CONFIG)
    .action(async (file: string, options: { config?: string }) => {
      const action = parseJson(await context.readInput(file));
      if (!isJsonObject(action)) throw new InterlockError('INVALID_CALL', 'the file holds no object');
      const answer = await context.local.check({ ...options, action });
      const c = palette(context.colour);
      print(context, answer, () =>
        [
          c.bold(answer.decision) + (answer.code === undefined ? '' : ` (${answer.code})`),
          ...answer.reasons.map(({ policy, title }) => `  ${policy}: ${plain(title)}`),
          ...(answer.hint === undefined ? [] : [`  ${answer.hint}`]),
        ].join('\n'),
      );
      context.exit(exitOfDecision(answer.decision));
    });
}
