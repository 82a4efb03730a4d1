import type { Command } from 'commander';
import { isJsonObject, type JsonObject } from '../../../lib/json.ts';
import type { CliContext } from '../cli-context.ts';
import { example } from '../command-line.ts';
import { palette, plain } from '../plain.ts';
import { objectsOf, print, textOf } from '../print.ts';

/** How the agent came to a label: `hr: hr-agent read it … → desk got a message from hr-agent`. */
function pathLine(path: JsonObject): string {
  const steps = Array.isArray(path['steps']) ? path['steps'].map(String) : [];
  return `    ${textOf(path, 'label')}: ${plain(steps.join(' → '))}`;
}

export function addExplain(program: Command, context: CliContext): void {
  program
    .command('explain <action>')
    .description('why an action was decided as it was')
    .addHelpText(...example('interlock explain act_1 --workflow wf_1'))
    .requiredOption('-w, --workflow <id>', 'the workflow of the action')
    .action(async (action: string, { workflow }: { workflow: string }) => {
      const found = await context
        .api()
        .get(`/v1/actions/${encodeURIComponent(action)}/explanation?workflow=${encodeURIComponent(workflow)}`);
      const answer = isJsonObject(found['answer']) ? found['answer'] : {};
      const seen = isJsonObject(found['seen']) ? found['seen'] : {};
      const decided =
        isJsonObject(found['action']) && isJsonObject(found['action']['decided']) ? found['action']['decided'] : {};
      const c = palette(context.colour);
      print(context, found, () =>
        [
          `${c.bold(textOf(answer, 'decision'))} ${textOf(decided, 'operation')} by ${textOf(decided, 'agent')} for ${textOf(decided, 'onBehalfOf')}`,
          `  input     ${plain(JSON.stringify(decided['requested']))}`,
          ...(decided['input'] === undefined ? [] : [`  final     ${plain(JSON.stringify(decided['input']))}`]),
          `  effect    ${JSON.stringify(decided['effect'])}`,
          `  exposed   ${JSON.stringify(seen['labels'])}, as of version ${textOf(seen, 'version')} of the workflow`,
          ...objectsOf(seen, 'paths').map(pathLine),
          ...objectsOf(answer, 'reasons').map((reason) => `  because   ${plain(textOf(reason, 'title'))}`),
          ...objectsOf(found, 'policies').map(
            (policy) =>
              `  policy    ${textOf(policy, 'effect')} ${textOf(policy, 'id')} at ${textOf(policy, 'place')}${textOf(policy, 'unless') === '' ? '' : `, unless ${textOf(policy, 'unless')}`}`,
          ),
        ].join('\n'),
      );
    });
}
