import type { Command } from 'commander';
import type { JsonObject } from '../../../lib/json.ts';
import type { CliContext } from '../cli-context.ts';
import { example } from '../command-line.ts';
import { askAbout, type PastOptions, withPast } from '../past.ts';
import { palette, plain, plainJson } from '../plain.ts';
import { objectOf, objectsOf, print, textOf } from '../print.ts';

export function addExplain(program: Command, context: CliContext): void {
  const command = program
    .command('explain <action>')
    .description('why an action was decided as it was')
    .addHelpText(...example('interlock explain act_1 --workflow wf_1'))
    .requiredOption('-w, --workflow <id>', 'the workflow of the action');
  withPast(command).action(async (action: string, { workflow, ...options }: PastOptions & { workflow: string }) => {
    const path = `/v1/actions/${encodeURIComponent(action)}/explanation?workflow=${encodeURIComponent(workflow)}`;
    const found = await askAbout(context, command, { ...options, path, isOfPolicies: true });
    print(context, found, () => detail(context, found));
  });
}

function detail(context: CliContext, found: JsonObject): string {
  const answer = objectOf(found, 'answer');
  const seen = objectOf(found, 'seen');
  const decided = objectOf(objectOf(found, 'action'), 'decided');
  const [requested, final] = [plainJson(decided['requested']), plainJson(decided['input'])];
  const c = palette(context.colour);
  return [
    `${c.bold(textOf(answer, 'decision'))} ${textOf(decided, 'operation')} by ${textOf(decided, 'agent')} for ${textOf(decided, 'onBehalfOf')}`,
    `  input     ${requested}`,
    ...(decided['input'] === undefined || final === requested ? [] : [`  final     ${final}`]),
    `  effect    ${plainJson(decided['effect'])}`,
    `  exposed   ${plainJson(seen['labels'])}, as of version ${textOf(seen, 'version')} of the workflow`,
    ...objectsOf(seen, 'paths').map(pathLine),
    ...objectsOf(answer, 'reasons').map((reason) => `  because   ${textOf(reason, 'title')}`),
    ...objectsOf(found, 'policies').map(policyLine),
    ...objectsOf(seen, 'values').map((each) => `    ${textOf(each, 'path')} = ${plainJson(each['value'])}`),
    ...objectsOf(found, 'alternatives').map(alternativeLine),
  ].join('\n');
}

/** How the agent came to a label: `hr: hr-agent read it … → desk got a message from hr-agent`. */
function pathLine(path: JsonObject): string {
  const steps = Array.isArray(path['steps']) ? path['steps'].map(String) : [];
  return `    ${textOf(path, 'label')}: ${plain(steps.join(' → '))}`;
}

function alternativeLine(each: JsonObject): string {
  return `  instead   ${textOf(each, 'change')}: ${textOf(each, 'decision')}`;
}

function policyLine(policy: JsonObject): string {
  const unless = textOf(policy, 'unless');
  const words = `${textOf(policy, 'effect')} ${textOf(policy, 'id')} at ${textOf(policy, 'place')}`;
  return `  policy    ${words}${unless === '' ? '' : `, unless ${unless}`}`;
}
