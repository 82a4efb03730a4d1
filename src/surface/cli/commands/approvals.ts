import type { Command } from 'commander';
import type { JsonObject } from '../../../lib/json.ts';
import type { CliContext } from '../cli-context.ts';
import { example } from '../command-line.ts';
import { palette, plainJson, table } from '../plain.ts';
import { objectOf, objectsOf, print, printList, textOf } from '../print.ts';

export function addApprovals(program: Command, context: CliContext): void {
  const approvals = program
    .command('approvals')
    .description('actions that wait for a human')
    .addHelpText(...example('interlock approvals list'));
  approvals
    .command('list')
    .description('those that wait, oldest first')
    .addHelpText(...example('interlock approvals list --all'))
    .option('-a, --all', 'those that were answered, too')
    .action(async ({ all }: { all?: boolean }) => {
      const found = objectsOf(
        await context.api().get(all === true ? '/v1/approvals?all=true' : '/v1/approvals'),
        'approvals',
      );
      printList(context, found, () =>
        found.length === 0
          ? 'Nothing waits.'
          : table([
              ['ID', 'STATE', 'GROUP', 'OPERATION', 'AGENT', 'FOR'],
              ...found.map((each) =>
                ['id', 'state', 'group', 'operation', 'agent', 'onBehalfOf'].map((name) => textOf(each, name)),
              ),
            ]),
      );
    });
  approvals
    .command('show <id>')
    .description('what exactly would be executed, and why it is asked')
    .addHelpText(...example('interlock approvals show wf_1.apr_1'))
    .action(async (id: string) => {
      const approval = await context.api().get(`/v1/approvals/${encodeURIComponent(id)}`);
      print(context, approval, () => detail(context, approval));
    });
  for (const [name, past] of [
    ['approve', 'approved'],
    ['deny', 'refused'],
  ] as const) {
    approvals
      .command(`${name} <id>`)
      .description(name === 'approve' ? 'let it happen, once, exactly as shown' : 'refuse it')
      .addHelpText(...example(`interlock approvals ${name} wf_1.apr_1 --reason "as agreed"`))
      .requiredOption('-r, --reason <text>', 'why; it is recorded')
      .action(async (id: string, { reason }: { reason: string }) => {
        const answered = await context.api().post(`/v1/approvals/${encodeURIComponent(id)}`, { answer: name, reason });
        print(context, answered, () => `${past}: ${textOf(answered, 'operation')}`);
      });
  }
}

function detail(context: CliContext, approval: JsonObject): string {
  const c = palette(context.colour);
  const expires = approval['expiresAt'];
  const answer = objectOf(approval, 'answer');
  return [
    `${c.bold(textOf(approval, 'operation'))} is ${textOf(approval, 'state')}, asked of ${textOf(approval, 'group')}`,
    `  asked by  ${textOf(approval, 'agent')} for ${textOf(approval, 'onBehalfOf')}`,
    ...(approval['mandate'] === undefined ? [] : [`  mandate   ${textOf(approval, 'mandate')}`]),
    `  will do   ${plainJson(approval['input'], 2).replaceAll('\n', '\n            ')}`,
    `  effect    ${plainJson(approval['effect'])}`,
    ...objectsOf(approval, 'reasons').map((reason) => `  because   ${textOf(reason, 'title')}`),
    `  until     ${typeof expires === 'number' ? new Date(expires).toISOString() : ''}`,
    `  digest    ${textOf(approval, 'digest')}`,
    ...(approval['answer'] !== undefined
      ? [`  answered  ${textOf(answer, 'answer')} by ${textOf(answer, 'by')}: ${textOf(answer, 'reason')}`]
      : []),
  ].join('\n');
}
