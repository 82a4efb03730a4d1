import type { Command } from 'commander';
import { parseJson } from '../../../lib/parse-json.ts';
import type { Checked, CliContext } from '../cli-context.ts';
import { CONFIG, example } from '../command-line.ts';
import { exitOfDecision } from '../exit-code.ts';
import { palette, plain, plainJson } from '../plain.ts';
import { print } from '../print.ts';

export function addCheck(program: Command, context: CliContext): void {
  program
    .command('check <file>')
    .description('decide an action from a JSON file ("-" for standard input) without executing or recording it')
    .addHelpText(...example(`echo '{"operation":"notes.note.read","input":{"id":"1"}}' | interlock check -`))
    .option(...CONFIG)
    .action(async (file: string, options: { config?: string }) => {
      const action = parseJson(await context.readInput(file));
      const answer = await context.local.check({ ...options, action });
      print(context, answer, () => detail(context, answer));
      context.exit(exitOfDecision(answer.decision));
    });
}

function detail(context: CliContext, { decision, code, reasons, input, obligations, hint }: Checked): string {
  return [
    palette(context.colour).bold(decision) + (code === undefined ? '' : ` (${code})`),
    ...reasons.map(({ policy, title }) => `  ${policy}: ${plain(title)}`),
    ...(decision === 'modify' ? [`  input     ${plainJson(input)}`] : []),
    ...obligations.map((obligation) => `  result    ${plainJson(obligation)}`),
    ...(hint === undefined ? [] : [`  ${hint}`]),
  ].join('\n');
}
